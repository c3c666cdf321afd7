/** The map's figures as a table. Rows and columns out of view are not in the document: there may be twenty thousand cells. */
import { indicesOf } from '../map/cursor.ts';
import { scrolledTo, type Scroll } from '../map/geometry.ts';
import type { Grid, GridLine } from '../map/grid.ts';
import type { PaneActions, PaneShows } from '../map/map-pane.ts';
import { Recycler, type Recycled } from './recycled.ts';
import {
  cellClass,
  cellText,
  chosenId,
  columnWidth,
  makeLabel,
  makeRow,
  rowHeight,
  write,
  type RowParts,
  type Written,
} from './table-parts.ts';
import { isSame, stretchOf, type Stretch } from './window.ts';

export class TablePane {
  readonly element = document.createElement('div');
  /** As large as the whole table. */
  readonly #inner = makePart('table-inner');
  readonly #head = makeRow('columnheader', 'columnheader');
  /** The rows in view, in one place: of elements that stay while others scroll there must be few. */
  readonly #body = makePart('table-body');
  readonly #rows = new Recycler(this.#body.element, () => makeRow());
  /** The rows' names once more, over those that scroll. */
  readonly #names = makePart('table-names');
  readonly #namesBody = makePart('table-labels');
  readonly #labels = new Recycler(this.#namesBody.element, makeLabel);
  readonly #written: Written = {};
  readonly #actions: PaneActions;
  #shows: PaneShows | undefined;
  #frame = 0;
  #restore: Scroll | undefined;
  /** What stands in the document. */
  #drawn:
    { readonly shows: PaneShows; readonly rows: Stretch; readonly columns: Stretch } | undefined;
  /** Of the view and the rows' names, as they were laid out last. */
  #size = { width: 0, height: 0, name: 0 };

  constructor(actions: PaneActions, scroll: Scroll | undefined) {
    this.#actions = actions;
    this.#restore = scroll;
    const { element } = this;
    element.className = 'table';
    element.tabIndex = 0;
    element.setAttribute('role', 'treegrid');
    const corner = makePart('table-corner');
    for (const { element: cover } of [corner, this.#names])
      cover.setAttribute('aria-hidden', 'true');
    corner.element.append(makeLabel().element);
    corner.element.firstElementChild!.className = 'table-name';
    corner.element.firstElementChild!.textContent = corner.element.title = headName;
    this.#names.element.append(this.#namesBody.element);
    this.#inner.element.append(
      corner.element,
      this.#names.element,
      this.#head.element,
      this.#body.element,
    );
    element.append(this.#inner.element);
    element.addEventListener('scroll', () => {
      this.#redraw();
      this.#actions.scrolled({ left: element.scrollLeft, top: element.scrollTop });
    });
    element.addEventListener('click', (event) => this.#click(event));
    element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#actions.key(event.key)) event.preventDefault();
    });
    new ResizeObserver(() => this.#resized()).observe(element);
  }

  show(shows: PaneShows): void {
    const before = this.#shows;
    this.#shows = shows;
    this.#redraw();
    if (before !== undefined && shows.chosen !== before.chosen) this.#reveal();
  }

  #resized(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const name = this.#head.held.name.element.offsetWidth;
    this.#size = { width, height, name };
    this.#redraw();
  }

  /** Cells know their place by what they tell screen readers; a row's name is wherever its column is in view. */
  #click({ target, clientX }: MouseEvent): void {
    const row = target instanceof Element ? target.closest('[aria-rowindex]') : null;
    if (row === null || this.#shows === undefined) return;
    const { grid } = this.#shows;
    const line = grid.lines[Number(row.getAttribute('aria-rowindex')) - 2];
    if (line === undefined) return;
    const isOnName = clientX - this.element.getBoundingClientRect().left < this.#size.name;
    const cell = (target as Element).closest('[aria-colindex]');
    const column = grid.columns[Number(cell?.getAttribute('aria-colindex') ?? 0) - 3];
    if (isOnName || column === undefined) this.#actions.toggle(line.key);
    else this.#actions.choose({ line: line.key, column: column.key });
  }

  #redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#shows !== undefined && this.element.isConnected) this.#draw(this.#shows);
    });
  }

  #draw(shows: PaneShows): void {
    const { grid, chosen } = shows;
    const { element } = this;
    // The observer tells the size once the element is laid out.
    if (this.#size.width === 0) return;
    const rows = stretchOf({
      scroll: element.scrollTop,
      size: this.#size.height,
      each: rowHeight,
      count: grid.lines.length,
      step: 6,
    });
    const columns = stretchOf({
      scroll: element.scrollLeft,
      size: this.#size.width - this.#size.name,
      each: columnWidth,
      count: grid.columns.length,
      step: 3,
    });
    const before = this.#drawn;
    const isSameGrid = before?.shows === shows && isSame(before.columns, columns);
    if (isSameGrid && isSame(before.rows, rows)) return;
    this.#drawn = { shows, rows, columns };
    const at = indicesOf(grid, chosen);
    const isInView = at !== undefined && isWithin(rows, at.line) && isWithin(columns, at.column);
    write(element, this.#written, {
      'aria-label': `${grid.measure.title}, by layer and part`,
      'aria-rowcount': String(grid.lines.length + 1),
      'aria-colcount': String(grid.columns.length + 2),
      'aria-activedescendant': isInView ? chosenId : undefined,
    });
    write(this.#inner.element, this.#inner.held, {
      width: `calc(var(--table-name) + ${columnWidth * (grid.columns.length + 1)}px)`,
      height: `${rowHeight * (grid.lines.length + 1)}px`,
    });
    const top = `${rowHeight * (rows.first + 1)}px`;
    for (const part of [this.#body, this.#namesBody]) write(part.element, part.held, { top });
    fillHead(this.#head, grid, columns);
    this.#rows.show(rows, (index, row, isNew) => {
      if (isNew || !isSameGrid) fillRow(row, shows, index, columns);
    });
    this.#labels.show(rows, (index, { element: label, held }) => {
      const line = grid.lines[index]!;
      write(label, held, {
        class: nameClass(line),
        text: line.label,
      });
    });
    if (this.#restore !== undefined && grid.lines.length > 0) {
      const { left, top } = this.#restore;
      this.#restore = undefined;
      element.scrollTo(left, top);
    }
  }

  #reveal(): void {
    const at = indicesOf(this.#shows!.grid, this.#shows!.chosen);
    if (at === undefined) return;
    const { element } = this;
    const left = columnWidth * at.column;
    const top = rowHeight * at.line;
    element.scrollTo(
      scrolledTo(
        left,
        left + columnWidth,
        element.scrollLeft,
        element.clientWidth - this.#size.name - columnWidth,
      ),
      scrolledTo(top, top + rowHeight, element.scrollTop, element.clientHeight - rowHeight),
    );
  }
}

function isWithin({ first, end }: Stretch, index: number): boolean {
  return index >= first && index < end;
}

const headName = 'of';

function makePart(name: string): Recycled<Written> {
  const element = document.createElement('div');
  element.className = name;
  element.setAttribute('role', 'presentation');
  return { element, held: {} };
}

function fillHead(
  { element, held: { written, name, whole, cells } }: Recycled<RowParts>,
  { columns }: Grid,
  shown: Stretch,
): void {
  write(element, written, { class: 'table-row head', 'aria-rowindex': '1' });
  write(name.element, name.held, { class: 'table-name', 'aria-colindex': '1', text: headName });
  write(whole.element, whole.held, { class: 'table-cell', 'aria-colindex': '2', text: 'all' });
  cells.show(shown, (index, cell) => {
    const { title } = columns[index]!;
    write(cell.element, cell.held, {
      class: 'table-cell',
      'aria-colindex': String(index + 3),
      'margin-left': roomBefore(index, shown),
      title,
      text: title,
    });
  });
}

function fillRow(
  { element, held: { written, name, whole, cells } }: Recycled<RowParts>,
  { grid, chosen, isLit }: PaneShows,
  index: number,
  columns: Stretch,
): void {
  const line = grid.lines[index]!;
  const { unit } = grid.measure;
  write(element, written, {
    class: line.part === undefined ? 'table-row subject' : 'table-row',
    'aria-rowindex': String(index + 2),
    'aria-level': line.part === undefined ? '1' : '2',
    'aria-expanded': line.isOpen === undefined ? undefined : String(line.isOpen),
  });
  write(name.element, name.held, {
    class: nameClass(line),
    'aria-colindex': '1',
    text: line.label,
  });
  write(whole.element, whole.held, {
    class: cellClass(line.whole, { isLit: false }),
    'aria-colindex': '2',
    text: cellText(line.whole, unit),
  });
  const values = line.cells();
  cells.show(columns, (place, cell) => {
    const value = values[place]!;
    const isChosen = chosen?.line === line.key && chosen.column === grid.columns[place]!.key;
    write(cell.element, cell.held, {
      class: cellClass(value, { isLit: isLit(index, place) }),
      id: isChosen ? chosenId : undefined,
      'aria-colindex': String(place + 3),
      'aria-selected': isChosen ? 'true' : undefined,
      'margin-left': roomBefore(place, columns),
      text: cellText(value, unit),
    });
  });
}

/** The twist is drawn by the style sheet: a screen reader is told by `aria-expanded`. */
function nameClass({ part, isOpen }: GridLine): string {
  const twist = isOpen === undefined ? '' : isOpen ? ' opened' : ' closed';
  return `table-name${part === undefined ? ' subject' : ''}${twist}`;
}

/** The first cell in view leaves the room of those before it. */
function roomBefore(column: number, { first }: Stretch): string | undefined {
  return column === first && first > 0 ? `${columnWidth * first}px` : undefined;
}
