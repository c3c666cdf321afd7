/** Pieces of Markdown that every generated page is made of. */
import type { Parameter, ParameterType, ParameterValue } from '../grammar/catalogue.ts';
import { figure } from '../grammar/check/checking.ts';
import { describeType, isRequired } from '../grammar/check/parameters.ts';

export interface Page {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Said at the foot of every page, so that nobody mends it by hand. */
export function generated(script: string): string {
  return `<!-- Written by \`node scripts/docs.ts\` from ${script}: edit that, and run it again. -->`;
}

export function page(path: string, ...parts: readonly (string | undefined)[]): Page {
  const text = parts.filter((part) => part !== undefined && part !== '').join('\n\n');
  return { path, text: `${text}\n` };
}

export function recipe(text: string): string {
  return `\`\`\`merge\n${text}\n\`\`\``;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export function valueText(value: ParameterValue, type: ParameterType): string {
  if (typeof value !== 'number') return value === '' ? 'none' : code(String(value));
  const isShare = type.kind === 'number' && type.name === 'Ratio';
  return code(isShare ? `${figure(value * 100)}%` : figure(value));
}

export function defaultText(parameter: Parameter): string {
  const { default: value, type } = parameter;
  if (value === undefined) return isRequired(parameter) ? 'required' : '';
  if (typeof value !== 'object') return valueText(value, type);
  const [paper, mergekit] = [valueText(value.paper, type), valueText(value.mergekit, type)];
  return paper === mergekit ? paper : `${paper}; under \`compat: mergekit\` ${mergekit}`;
}

/** By model, by place, or for the whole step. */
export function holdsText({ byModel, byPlace }: Parameter): string {
  if (byModel === true) return byPlace === true ? 'by model and place' : 'by model';
  return byPlace === true ? 'by place' : 'for the step';
}

export function typeText(type: ParameterType): string {
  if (type.kind !== 'choice') return describeType(type);
  return type.words.map(({ word }) => code(word)).join(', ');
}
