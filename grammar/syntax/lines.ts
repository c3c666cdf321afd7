/** Lines and columns of a text, counted from 1; a column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineMap {
  readonly lineCount: number;
  /** Where an offset stands; one behind the end is read as the end. */
  positionAt(offset: number): Position;
  /** The offset of a position; a column behind the line's end is read as its end. */
  offsetAt(position: Position): number;
  /** A line without its line end. */
  lineText(line: number): string;
}

/** `\n`, `\r\n` and `\r` alone each end a line. */
const LINE_END = /\r\n|\n|\r/g;

export function lineMap(text: string): LineMap {
  const starts = [0];
  const ends: number[] = [];
  for (const match of text.matchAll(LINE_END)) {
    ends.push(match.index);
    starts.push(match.index + match[0].length);
  }
  ends.push(text.length);

  /** The last line that starts at the offset or before it, from 0. */
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const inLines = (line: number) => Math.min(Math.max(line, 1), starts.length) - 1;

  return {
    lineCount: starts.length,
    positionAt(offset) {
      const held = Math.min(Math.max(offset, 0), text.length);
      const line = lineOf(held);
      return { line: line + 1, column: held - (starts[line] ?? 0) + 1 };
    },
    offsetAt({ line, column }) {
      const index = inLines(line);
      const start = starts[index] ?? 0;
      return Math.min(start + Math.max(column - 1, 0), ends[index] ?? text.length);
    },
    lineText(line) {
      const index = inLines(line);
      return text.slice(starts[index], ends[index]);
    },
  };
}
