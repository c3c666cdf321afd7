/** Two texts line by line. */

export interface TextLine {
  readonly kind: 'removed' | 'added';
  /** From 1, in the text that has it. */
  readonly line: number;
  readonly text: string;
}

/** The table of common lines has at most so many cells; of longer texts all lines between equal ends are taken as changed. */
const mostCells = 4_000_000;

/** The fewest lines to take out of `a` and put in to come to `b`; no line where the texts are equal. */
export function differingLines(a: string, b: string): readonly TextLine[] {
  const left = linesOf(a);
  const right = linesOf(b);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd--;
    rightEnd--;
  }
  return between(left.slice(start, leftEnd), right.slice(start, rightEnd), start);
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Of lines that begin after `start` others. */
function between(
  left: readonly string[],
  right: readonly string[],
  start: number,
): readonly TextLine[] {
  const common = commonLengths(left, right);
  const lines: TextLine[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (common !== undefined && i < left.length && j < right.length && left[i] === right[j]) {
      i++;
      j++;
      continue;
    }
    const isRemoved =
      i < left.length &&
      (j === right.length || common === undefined || common(i + 1, j) >= common(i, j + 1));
    if (isRemoved) lines.push({ kind: 'removed', line: start + i + 1, text: left[i++]! });
    else lines.push({ kind: 'added', line: start + j + 1, text: right[j++]! });
  }
  return lines;
}

/** The longest common subsequence of what is left from line i of the one and j of the other; undefined where that is too much. */
function commonLengths(
  left: readonly string[],
  right: readonly string[],
): ((i: number, j: number) => number) | undefined {
  const width = right.length + 1;
  if ((left.length + 1) * width > mostCells) return undefined;
  const table = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      table[i * width + j] =
        left[i] === right[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
    }
  }
  return (i, j) => table[i * width + j]!;
}
