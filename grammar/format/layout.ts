/** Lines on their way to be text: their code, and what stands behind and around it. */

/** 100 columns of code; a comment behind it does not count. */
export const LINE_WIDTH = 100;

export interface Line {
  code: string;
  /** A comment behind the code, with its slashes. */
  comment?: string;
  /** Whether an empty line stands before it. */
  readonly apart: boolean;
  /** Where in the code of a rule on one line its brace stands, if neighbours may align it. */
  brace?: number;
}

/** Moves the braces of rules on neighbouring lines to one column. */
function alignBraces(lines: readonly Line[]): readonly Line[] {
  const aligned = [...lines];
  for (let first = 0; first < lines.length;) {
    let end = first + 1;
    if (lines[first]?.brace !== undefined) {
      while (lines[end]?.brace !== undefined && lines[end]?.apart === false) end += 1;
    }
    const group = lines.slice(first, end);
    const column = Math.max(...group.map((line) => line.brace ?? 0));
    const moved = group.map((line) => moveBrace(line, column));
    const fits = moved.every((line) => line.code.length <= LINE_WIDTH);
    if (fits) aligned.splice(first, group.length, ...moved);
    first = end;
  }
  return aligned;
}

function moveBrace(line: Line, column: number): Line {
  const { brace, code } = line;
  if (brace === undefined) return line;
  return { ...line, code: code.slice(0, brace).padEnd(column) + code.slice(brace) };
}

/** The last line of code that holds line ends itself. */
function lastLineLength(code: string): number {
  return code.length - (code.lastIndexOf('\n') + 1);
}

/** Moves the comments behind lines with no empty line between them to one column, two spaces behind the longest. */
function alignComments(lines: readonly Line[]): readonly string[] {
  const texts: string[] = [];
  for (let first = 0; first < lines.length;) {
    let end = first + 1;
    while (lines[end]?.apart === false) end += 1;
    const group = lines.slice(first, end);
    const lengths = group
      .filter((line) => line.comment !== undefined)
      .map((line) => lastLineLength(line.code));
    const column = Math.max(0, ...lengths) + 2;
    group.forEach((line, index) => {
      if (index === 0 && line.apart) texts.push('');
      const gap = ' '.repeat(column - Math.min(column, lastLineLength(line.code)));
      texts.push(line.comment === undefined ? line.code : `${line.code}${gap}${line.comment}`);
    });
    first = end;
  }
  return texts;
}

export function textOf(lines: readonly Line[], lineEnd: string): string {
  if (lines.length === 0) return '';
  return alignComments(alignBraces(lines)).join(lineEnd) + lineEnd;
}
