/** The rows of the bench's table: a figure, what it must be, and whether it is. */

export interface BenchRow {
  readonly group: string;
  readonly title: string;
  /** Absent where this machine cannot tell. */
  readonly value?: number;
  /** Behind the figure; nothing for a ratio. */
  readonly unit?: string;
  /** What the figure must be at most or at least; without one it is only told. */
  readonly bound?: { readonly at: 'most' | 'least'; readonly value: number };
  /** What the figure is made of, or why there is none. */
  readonly detail?: string;
}

export type Verdict = 'met' | 'not met' | 'cannot judge' | 'told';

export const atMost = (value: number): BenchRow['bound'] => ({ at: 'most', value });
export const atLeast = (value: number): BenchRow['bound'] => ({ at: 'least', value });

export function verdictOf({ value, bound }: BenchRow): Verdict {
  if (value === undefined) return 'cannot judge';
  if (bound === undefined) return 'told';
  return (bound.at === 'most' ? value <= bound.value : value >= bound.value) ? 'met' : 'not met';
}

/** Rows that a machine without what they need is owed. */
export function cannotJudge(
  group: string,
  why: string,
  rows: readonly Omit<BenchRow, 'group' | 'value' | 'detail'>[],
): readonly BenchRow[] {
  return rows.map((row) => ({ group, ...row, detail: `cannot be judged here: ${why}` }));
}

/** The table as text, each group under its name. */
export function tableText(rows: readonly BenchRow[]): string {
  const lines: string[] = [];
  let group: string | undefined;
  for (const row of rows) {
    if (row.group !== group) lines.push('', row.group);
    group = row.group;
    lines.push(rowText(row));
  }
  return lines.join('\n').trimStart();
}

function rowText(row: BenchRow): string {
  const { title, value, unit, bound, detail } = row;
  const figure =
    value === undefined ? '–' : `${digits(value)}${unit === undefined ? '' : ` ${unit}`}`;
  const limit = bound === undefined ? '' : `${bound.at === 'most' ? '≤' : '≥'} ${bound.value}`;
  const text = [
    `  ${title.padEnd(38)}`,
    figure.padStart(9),
    limit.padStart(8),
    ` ${verdictOf(row).padEnd(12)}`,
    detail ?? '',
  ];
  return text.join(' ').trimEnd();
}

function digits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(2);
}
