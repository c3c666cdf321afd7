/** Where the cursor stands in a YAML text that may be broken: told by lines and indents alone. */
import type { Span } from '../../grammar/syntax/span.ts';

export interface YamlCursor {
  /** Keys that lead to this place, from the document down. */
  readonly keys: readonly string[];
  /** Behind `key:`, or where a key may stand. */
  readonly at: { readonly kind: 'key' } | { readonly kind: 'value'; readonly key: string };
  /** What is written of the word so far, and where. */
  readonly word: Span;
  /** Keys that the same map has already. */
  readonly siblings: ReadonlySet<string>;
  /** The lines of this document alone. */
  readonly document: string;
}

interface Line {
  readonly number: number;
  readonly dashes: readonly number[];
  readonly column: number;
  readonly key?: string;
}

const shape = /^(\s*)((?:-\s+|-$)*)(?:("(?:[^"\\]|\\.)*"|[^\s#"'{[][^#]*?)\s*:(?=\s|$))?/;

/** Undefined: in a comment, or where a flow of brackets makes indents say nothing. */
export function cursorIn(text: string, offset: number): YamlCursor | undefined {
  const before = text.slice(0, offset);
  const first = documentStart(before);
  const after = /^(?:---|\.\.\.)/m.exec(text.slice(offset));
  const document = text.slice(first, after === null ? text.length : offset + after.index);
  const lines = document.split('\n');
  const at = before.slice(first).split('\n').length - 1;
  const written = before.slice(before.lastIndexOf('\n') + 1);
  if (/(^|\s)#/.test(written) || /[{[]/.test(written)) return undefined;
  const here = lineOf(written, at);
  const value = here.key === undefined ? undefined : /:\s+(\S*)$/.exec(written);
  if (here.key !== undefined && value === null) return undefined;
  const wordText = value?.[1] ?? written.slice(here.column);
  const { keys, siblings } = aroundOf(lines, { ...here, column: here.column });
  const word = { start: offset - wordText.length, end: endOfWord(text, offset) };
  return {
    keys,
    at: here.key === undefined ? { kind: 'key' } : { kind: 'value', key: here.key },
    word,
    siblings,
    document,
  };
}

function documentStart(before: string): number {
  let start = 0;
  for (const mark of before.matchAll(/^---.*$/gm)) start = mark.index + mark[0].length + 1;
  return start;
}

function endOfWord(text: string, offset: number): number {
  const rest = /^[\w./@+-]*/.exec(text.slice(offset));
  return offset + (rest?.[0].length ?? 0);
}

function lineOf(text: string, number: number): Line {
  const [, indent = '', dashes = '', key] = shape.exec(text) ?? [];
  const columns = [...dashes].flatMap((letter, index) =>
    letter === '-' ? [indent.length + index] : [],
  );
  return {
    number,
    dashes: columns,
    column: indent.length + dashes.length,
    ...(key === undefined ? {} : { key: unquoted(key) }),
  };
}

function unquoted(key: string): string {
  return key.startsWith('"') ? key.slice(1, -1) : key.trim();
}

/** Keys above with a smaller indent lead here; those of the same indent stand in the same map. */
function aroundOf(
  lines: readonly string[],
  here: Line,
): { readonly keys: readonly string[]; readonly siblings: ReadonlySet<string> } {
  const keys: string[] = [];
  const siblings = new Set<string>();
  const read = lines.map((line, number) => lineOf(line, number));
  let limit = here.column;
  let isSameMap = here.dashes.length === 0;
  if (here.dashes.length > 0) limit = here.dashes[0]! + 1;
  for (const line of read.slice(0, here.number).toReversed()) {
    if (/^\s*(#|$)/.test(lines[line.number]!)) continue;
    if (line.key !== undefined && line.column < limit) {
      keys.unshift(line.key);
      limit = line.column;
      isSameMap = false;
    } else if (isSameMap && line.key !== undefined && line.column === here.column) {
      siblings.add(line.key);
    }
    const [dash] = line.dashes;
    if (dash !== undefined && dash < limit && line.column <= Math.max(limit, here.column)) {
      limit = dash + 1;
      isSameMap = false;
    }
  }
  for (const line of read.slice(here.number + 1)) {
    if (/^\s*(#|$)/.test(lines[line.number]!)) continue;
    const isOther = line.column < here.column || line.dashes.length > 0;
    if (isOther) break;
    if (line.column === here.column && line.key !== undefined) siblings.add(line.key);
  }
  return { keys, siblings };
}
