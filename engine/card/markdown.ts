/** Text of others in Markdown and YAML: it must stay text. */
import { shownPlain } from '../faults/shown.ts';

/** Within a paragraph or a table's cell. */
export function plain(text: string): string {
  return shownPlain(text)
    .replace(/[\\`*_<>[\]|#&~!]/g, (mark) => `\\${mark}`)
    .replace(/https?:/gi, (scheme) => scheme.replace(':', '\\:'));
}

/** As code, in a fence of its own that nothing in it can close. */
export function code(text: string): string {
  const inside = shownPlain(text).replaceAll('|', '\\|');
  const fence = '`'.repeat(longestRun(inside) + 1);
  return fence.length > 1 ? `${fence} ${inside} ${fence}` : `${fence}${inside}${fence}`;
}

export function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\n*$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Words that a YAML reader takes for something else than a text. */
const notTexts = /^(?:y|n|yes|no|on|off|true|false|null|~|[-+]?\.?[0-9].*|\.nan|[-+]?\.inf)$/i;

export function yamlText(text: string): string {
  const isWord = /^[A-Za-z][\w./-]*$/.test(text) && !notTexts.test(text);
  return isWord ? text : JSON.stringify(text);
}
