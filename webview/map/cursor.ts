/** Where the cursor of the map stands, and where keys take it. */
import type { Grid } from './grid.ts';

/** By name, so that it stays where it is while lines open and figures come. */
export interface At {
  readonly line: string;
  readonly column: string;
}

export type GridKey =
  | { readonly kind: 'move'; readonly lines: number; readonly columns: number }
  | { readonly kind: 'end'; readonly of: 'start' | 'end' }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'go-to-line' }
  | { readonly kind: 'next-measure' }
  | { readonly kind: 'table' }
  | { readonly kind: 'copy' }
  | { readonly kind: 'exact' }
  | { readonly kind: 'list-keys' }
  | { readonly kind: 'leave' };

/** Every key of the map, with what the list of keys says of it. */
export const gridKeys: readonly {
  readonly shown: string;
  readonly says: string;
  readonly keys: Readonly<Record<string, GridKey>>;
}[] = [
  {
    shown: 'arrows',
    says: 'move from cell to cell',
    keys: {
      ArrowLeft: { kind: 'move', lines: 0, columns: -1 },
      ArrowRight: { kind: 'move', lines: 0, columns: 1 },
      ArrowUp: { kind: 'move', lines: -1, columns: 0 },
      ArrowDown: { kind: 'move', lines: 1, columns: 0 },
      PageUp: { kind: 'move', lines: -10, columns: 0 },
      PageDown: { kind: 'move', lines: 10, columns: 0 },
    },
  },
  {
    shown: 'Home, End',
    says: 'first and last of the row',
    keys: { Home: { kind: 'end', of: 'start' }, End: { kind: 'end', of: 'end' } },
  },
  { shown: 'Space', says: 'opens and closes the parts', keys: { ' ': { kind: 'toggle' } } },
  {
    shown: 'Enter, g',
    says: 'go to the line that sets it',
    keys: { Enter: { kind: 'go-to-line' }, g: { kind: 'go-to-line' } },
  },
  { shown: 'm', says: 'next measure', keys: { m: { kind: 'next-measure' } } },
  { shown: 't', says: 'table or map', keys: { t: { kind: 'table' } } },
  { shown: 'c', says: 'copy the figure', keys: { c: { kind: 'copy' } } },
  { shown: 'e', says: 'measure exactly', keys: { e: { kind: 'exact' } } },
  { shown: 'Esc', says: 'let go of the cell', keys: { Escape: { kind: 'leave' } } },
  { shown: '?', says: 'this list', keys: { '?': { kind: 'list-keys' } } },
];

const byKey: ReadonlyMap<string, GridKey> = new Map(
  gridKeys.flatMap(({ keys }) => Object.entries(keys)),
);

export function gridKeyOf(key: string): GridKey | undefined {
  return byKey.get(key);
}

/** The cell that a key leads to; the first where none was chosen. */
export function moved(grid: Grid, at: At | undefined, key: GridKey): At | undefined {
  const line = grid.lines.findIndex((candidate) => candidate.key === at?.line);
  const column = grid.columns.findIndex((candidate) => candidate.key === at?.column);
  if (line < 0 || column < 0) return atOf(grid, Math.max(0, line), Math.max(0, column));
  switch (key.kind) {
    case 'move':
      return atOf(grid, line + key.lines, column + key.columns);
    case 'end':
      return atOf(grid, line, key.of === 'start' ? 0 : grid.columns.length - 1);
    default:
      return at;
  }
}

function atOf(grid: Grid, line: number, column: number): At | undefined {
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  const found = grid.lines[within(line, grid.lines.length)];
  const under = grid.columns[within(column, grid.columns.length)];
  if (found === undefined || under === undefined) return undefined;
  return { line: found.key, column: under.key };
}

/** Indices of a cursor; undefined where its line or column is not shown. */
export function indicesOf(
  grid: Grid,
  at: At | undefined,
): { readonly line: number; readonly column: number } | undefined {
  if (at === undefined) return undefined;
  const line = grid.lines.findIndex(({ key }) => key === at.line);
  const column = grid.columns.findIndex(({ key }) => key === at.column);
  return line < 0 || column < 0 ? undefined : { line, column };
}
