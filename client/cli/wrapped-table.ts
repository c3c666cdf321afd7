import { table } from './terminal.ts';

/** A column of a table: its head, then a cell a row. */
export type TableColumn = readonly string[];

const gap = 2;

/**
 * A table cut into several under each other where it is wider than a terminal, each with the rows' names.
 * Columns of a group stay together where they fit.
 */
export function wrappedTables(
  names: TableColumn,
  groups: readonly (readonly TableColumn[])[],
  width: number,
): string {
  const room = width - widthOf([names]);
  const tables: TableColumn[][] = [[]];
  const add = (columns: readonly TableColumn[]): void => {
    const last = tables.at(-1)!;
    if (last.length === 0 || widthOf([...last, ...columns]) + gap <= room) last.push(...columns);
    else tables.push([...columns]);
  };
  for (const group of groups) {
    if (widthOf(group) + gap <= room) add(group);
    else for (const column of group) add([column]);
  }
  return tables
    .map((columns) => table(names.map((name, row) => [name, ...columns.map((one) => one[row]!)])))
    .join('\n');
}

function widthOf(columns: readonly TableColumn[]): number {
  const widths = columns.map((cells) => Math.max(...cells.map(({ length }) => length)));
  return widths.reduce((sum, each) => sum + each, 0) + gap * (widths.length - 1);
}
