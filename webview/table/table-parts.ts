/** Rows and cells of the table as elements: made once, and written to only where something changed. */
import type { Cell, Grid } from '../map/grid.ts';
import { figureText } from '../words/figures.ts';
import { Recycler, type Recycled } from './recycled.ts';

export const rowHeight = 22;
export const columnWidth = 118;
export const chosenId = 'table-cell';

/** Attributes and text as they were written last. */
export type Written = Record<string, string | undefined>;

export interface RowParts {
  readonly written: Written;
  readonly name: Recycled<Written>;
  readonly whole: Recycled<Written>;
  readonly cells: Recycler<Written>;
}

export function makeRow(cellRole = 'gridcell', nameRole = 'rowheader'): Recycled<RowParts> {
  const element = document.createElement('div');
  element.setAttribute('role', 'row');
  const name = makeCell(nameRole);
  const whole = makeCell(cellRole);
  element.append(name.element, whole.element);
  const cells = new Recycler(
    element,
    () => makeCell(cellRole),
    () => whole.element,
  );
  return { element, held: { written: {}, name, whole, cells } };
}

function makeCell(role: string): Recycled<Written> {
  const element = document.createElement('span');
  element.setAttribute('role', role);
  return { element, held: {} };
}

/** Stands where a row's own name is, and stays in view when that is scrolled away. */
export function makeLabel(): Recycled<Written> {
  return { element: document.createElement('span'), held: {} };
}

const styled: ReadonlySet<string> = new Set(['margin-left', 'top', 'width', 'height']);

/** `text` and properties of the style beside attributes; what is undefined is taken away. */
export function write(element: HTMLElement, before: Written, wanted: Written): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (before[name] === value) continue;
    before[name] = value;
    if (name === 'text') element.textContent = value ?? '';
    else if (styled.has(name)) element.style.setProperty(name, value ?? '');
    else if (value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}

export function cellText(cell: Cell, unit: Grid['measure']['unit']): string {
  switch (cell.state) {
    case 'figure':
      return figureText(cell.figure, unit);
    case 'unread':
      return 'unread';
    case 'none':
      return '–';
    case 'absent':
      return '';
  }
}

export function cellClass(cell: Cell, { isLit }: { readonly isLit: boolean }): string {
  const isOlder = cell.state === 'figure' && cell.row.isOlder === true;
  return `table-cell${isLit ? ' lit' : ''}${isOlder ? ' older' : ''}`;
}
