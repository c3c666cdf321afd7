import type {
  MethodSignature,
  Parameter,
  ParameterType,
  ParameterValue,
} from '../../grammar/catalogue.ts';
import { nearest } from '../../grammar/check/did-you-mean.ts';
import { describeType, isRequired, parametersOf } from '../../grammar/check/parameters.ts';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { printJson, table, type Terminal } from './terminal.ts';

/** `methods`: one line each; with a name, all that is known of it. */
export function methodsCommand(
  terminal: Terminal,
  name: string | undefined,
  options: { readonly json?: boolean },
): ExitCode {
  if (name === undefined) {
    const all = [...catalogue.values()];
    if (options.json === true) printJson(terminal, all);
    else terminal.out(listText(all));
    return exitCode.done;
  }
  const method = catalogue.get(name);
  if (method === undefined) {
    const meant = nearest(name, catalogue.keys());
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    terminal.err(`error: no method is called ${name}${hint}\n`);
    return exitCode.usage;
  }
  if (options.json === true) printJson(terminal, method);
  else terminal.out(methodText(method));
  return exitCode.done;
}

/** Those that run, then those that are only checked, under one another. */
function listText(all: readonly MethodSignature[]): string {
  const [now, later] = [false, true].map((isLater) =>
    all.filter((method) => (method.later === true) === isLater),
  );
  const ordered = [...now!, ...later!];
  const lines = table(
    ordered.map((method) => [signatureText(method), method.summary]),
    9,
  ).split('\n');
  if (later!.length === 0) return lines.join('\n');
  return [
    ...lines.slice(0, now!.length),
    '',
    'Checked by this version, and run by a later one:',
    '',
    ...lines.slice(now!.length),
  ].join('\n');
}

function signatureText({ name, inputs }: MethodSignature): string {
  switch (inputs.kind) {
    case 'ends':
      return `${name}(${inputs.names.join(', ')})`;
    case 'one':
      return `${name}(${inputs.name})`;
    case 'experts':
      return inputs.base === 'none' ? `${name}([x, …])` : `${name}(base, [x, …])`;
  }
}

function methodText(method: MethodSignature): string {
  const parameters = parametersOf(method);
  return [
    `${signatureText(method)} · ${method.title}`,
    method.summary,
    ...(method.later === true
      ? ['This version checks it, and refuses to run what depends on it.']
      : []),
    '',
    `  ${method.formula}`,
    '',
    indented(
      parameters.map((parameter) => [
        parameter.name,
        typeText(parameter.type),
        defaultText(parameter),
        whereText(parameter),
        parameter.meaning,
      ]),
    ),
    '',
    ...parameters.flatMap(choiceText),
    `  ${method.example}`,
    '',
    method.reference,
    '',
  ].join('\n');
}

/** The words of a choice, with what each means. */
function choiceText({ name, type }: Parameter): readonly string[] {
  if (type.kind !== 'choice') return [];
  return [name, indented(type.words.map(({ word, meaning }) => [word, meaning])), ''];
}

function indented(rows: readonly (readonly string[])[]): string {
  const text = table(
    rows.map(([first, ...rest]) => [`  ${first!}`, ...rest]),
    9,
  );
  return text.trimEnd();
}

function typeText(type: ParameterType): string {
  return type.kind === 'choice' ? 'a word, below' : describeType(type).replaceAll('`', '');
}

function whereText({ byModel, byPlace }: Parameter): string {
  const where = [byModel === true ? 'model' : '', byPlace === true ? 'place' : ''].filter(Boolean);
  return where.length === 0 ? '' : `by ${where.join(' and ')}`;
}

function defaultText(parameter: Parameter): string {
  const { default: value, type } = parameter;
  if (value === undefined) return isRequired(parameter) ? 'required' : '';
  if (typeof value !== 'object') return valueText(value, type);
  const [paper, mergekit] = [valueText(value.paper, type), valueText(value.mergekit, type)];
  return paper === mergekit ? paper : `${paper} (mergekit: ${mergekit})`;
}

function valueText(value: ParameterValue, type: ParameterType): string {
  if (value === '') return 'none';
  const isShare = type.kind === 'number' && type.name === 'Ratio' && typeof value === 'number';
  return isShare ? `${Number((100 * value).toPrecision(12))}%` : String(value);
}
