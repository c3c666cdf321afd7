/** `// allow CODE: reason` silences a warning on its line or, standing alone, on the next. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Comment } from '../syntax/tree.ts';

const form = /^\s*allow\s+(MW\d{4}(?:\s*,\s*MW\d{4})*)\b/;

/** The findings that no comment silences. Errors are never silenced. */
export function unsilenced(
  diagnostics: readonly Diagnostic[],
  comments: readonly Comment[],
  text: string,
): readonly Diagnostic[] {
  const allowed = new Map<number, Set<string>>();
  const lineAt = lineCounter(text);
  for (const comment of comments) {
    const codes = comment.kind === 'comment' ? form.exec(comment.text)?.[1] : undefined;
    if (codes === undefined) continue;
    const line = lineAt(comment.start);
    const standsAlone =
      text.slice(text.lastIndexOf('\n', comment.start - 1) + 1, comment.start).trim() === '';
    const silenced = standsAlone ? line + 1 : line;
    const known = allowed.get(silenced) ?? new Set<string>();
    for (const code of codes.split(',')) known.add(code.trim());
    allowed.set(silenced, known);
  }
  if (allowed.size === 0) return diagnostics;
  return diagnostics.filter(
    ({ severity, code, start }) =>
      severity === 'error' || allowed.get(lineAt(start))?.has(code) !== true,
  );
}

/** The number of an offset's line, from 0. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
