/** Offsets of the language to positions of the protocol, which count lines and UTF-16 units from 0. */
import type { Position, Range } from 'vscode-languageserver';
import type { LineMap } from '../../grammar/syntax/lines.ts';
import type { Span } from '../../grammar/syntax/span.ts';

interface HasLines {
  readonly lines: LineMap;
}

export function positionAt({ lines }: HasLines, offset: number): Position {
  const { line, column } = lines.positionAt(offset);
  return { line: line - 1, character: column - 1 };
}

export function offsetAt({ lines }: HasLines, { line, character }: Position): number {
  return lines.offsetAt({ line: line + 1, column: character + 1 });
}

export function rangeOf(analysis: HasLines, { start, end }: Span): Range {
  return { start: positionAt(analysis, start), end: positionAt(analysis, end) };
}

export function spanOf(analysis: HasLines, { start, end }: Range): Span {
  return { start: offsetAt(analysis, start), end: offsetAt(analysis, end) };
}
