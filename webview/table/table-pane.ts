/** The map's figures as a table. Rows and columns out of view are not in the document: there may be twenty thousand cells. */
import { h, type ViewNode } from '../dom/node.ts';
import { patch } from '../dom/patch.ts';
import { indicesOf } from '../map/cursor.ts';
import { scrolledTo, type Scroll } from '../map/geometry.ts';
import type { Cell, Grid, GridLine } from '../map/grid.ts';
import type { PaneActions, PaneShows } from '../map/map-pane.ts';
import { figureText } from '../words/figures.ts';
import { stretchOf, type Stretch } from './window.ts';

const rowHeight = 22;
const columnWidth = 118;
const chosenId = 'table-cell';

export class TablePane {
  readonly element = document.createElement('div');
  readonly #actions: PaneActions;
  #shows: PaneShows | undefined;
  #frame = 0;
  #restore: Scroll | undefined;

  constructor(actions: PaneActions, scroll: Scroll | undefined) {
    this.#actions = actions;
    this.#restore = scroll;
    const { element } = this;
    element.className = 'table';
    element.tabIndex = 0;
    element.setAttribute('role', 'treegrid');
    element.addEventListener('scroll', () => {
      this.#redraw();
      this.#actions.scrolled({ left: element.scrollLeft, top: element.scrollTop });
    });
    element.addEventListener('click', (event) => this.#click(event));
    element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#actions.key(event.key)) event.preventDefault();
    });
    new ResizeObserver(() => this.#redraw()).observe(element);
  }

  show(shows: PaneShows): void {
    const before = this.#shows;
    this.#shows = shows;
    this.#redraw();
    if (before !== undefined && shows.chosen !== before.chosen) this.#reveal();
  }

  /** Cells know their place by what they tell screen readers. */
  #click({ target }: MouseEvent): void {
    const cell = target instanceof Element ? target.closest('[aria-colindex]') : null;
    const row = cell?.closest('[aria-rowindex]');
    if (cell == null || row == null || this.#shows === undefined) return;
    const { grid } = this.#shows;
    const line = grid.lines[Number(row.getAttribute('aria-rowindex')) - 2];
    if (line === undefined) return;
    const column = grid.columns[Number(cell.getAttribute('aria-colindex')) - 3];
    if (column === undefined) this.#actions.toggle(line.key);
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
    const rows = stretchOf(element.scrollTop, element.clientHeight, rowHeight, grid.lines.length);
    const columns = stretchOf(
      element.scrollLeft,
      element.clientWidth - nameWidth(element),
      columnWidth,
      grid.columns.length,
    );
    element.setAttribute('aria-label', `${grid.measure.title}, by layer and part`);
    element.setAttribute('aria-rowcount', String(grid.lines.length + 1));
    element.setAttribute('aria-colcount', String(grid.columns.length + 2));
    const at = indicesOf(grid, chosen);
    const isInView =
      at !== undefined &&
      at.line >= rows.first &&
      at.line < rows.end &&
      at.column >= columns.first &&
      at.column < columns.end;
    if (isInView) element.setAttribute('aria-activedescendant', chosenId);
    else element.removeAttribute('aria-activedescendant');
    patch(element, [this.#tableOf(shows, rows, columns)]);
    if (this.#restore !== undefined && grid.lines.length > 0) {
      const { left, top } = this.#restore;
      this.#restore = undefined;
      element.scrollTo(left, top);
    }
  }

  #tableOf(shows: PaneShows, rows: Stretch, columns: Stretch): ViewNode {
    const { grid } = shows;
    const width = `calc(var(--table-name) + ${columnWidth * (grid.columns.length + 1)}px)`;
    const height = `${rowHeight * (grid.lines.length + 1)}px`;
    return h(
      'div',
      { class: 'table-inner', role: 'presentation', style: { width, height } },
      headOf(grid, columns),
      grid.lines
        .slice(rows.first, rows.end)
        .map((line, index) => this.#rowOf(shows, line, rows.first + index, columns)),
    );
  }

  #rowOf(shows: PaneShows, line: GridLine, index: number, columns: Stretch): ViewNode {
    const { grid, chosen } = shows;
    const { unit } = grid.measure;
    const name =
      line.isOpen === undefined
        ? line.label
        : [
            h('span', { class: 'twist', 'aria-hidden': 'true' }, line.isOpen ? '▾' : '▸'),
            line.label,
          ];
    return h(
      'div',
      {
        role: 'row',
        class: line.part === undefined ? 'table-row subject' : 'table-row',
        'aria-rowindex': index + 2,
        'aria-level': line.part === undefined ? 1 : 2,
        'aria-expanded': line.isOpen === undefined ? undefined : String(line.isOpen),
        style: { top: `${rowHeight * (index + 1)}px` },
      },
      h(
        'span',
        {
          role: 'rowheader',
          'aria-colindex': 1,
          class: 'table-name',
        },
        name,
      ),
      h(
        'span',
        { role: 'gridcell', 'aria-colindex': 2, class: 'table-cell whole' },
        cellFigure(line.whole, unit),
      ),
      spacer(columns),
      grid.columns.slice(columns.first, columns.end).map((column, offset) => {
        const place = columns.first + offset;
        const isChosen = chosen?.line === line.key && chosen.column === column.key;
        return h(
          'span',
          {
            role: 'gridcell',
            id: isChosen ? chosenId : undefined,
            'aria-colindex': place + 3,
            'aria-selected': isChosen ? 'true' : undefined,
            class: shows.isLit(index, place) ? 'table-cell lit' : 'table-cell',
          },
          cellFigure(line.cells()[place]!, unit),
        );
      }),
    );
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
        element.clientWidth - nameWidth(element) - columnWidth,
      ),
      scrolledTo(top, top + rowHeight, element.scrollTop, element.clientHeight - rowHeight),
    );
  }
}

function headOf(grid: Grid, columns: Stretch): ViewNode {
  return h(
    'div',
    { role: 'row', class: 'table-row head', 'aria-rowindex': 1 },
    h('span', { role: 'columnheader', class: 'table-name', 'aria-colindex': 1 }, 'of'),
    h('span', { role: 'columnheader', class: 'table-cell whole', 'aria-colindex': 2 }, 'all'),
    spacer(columns),
    grid.columns.slice(columns.first, columns.end).map(({ title }, offset) =>
      h(
        'span',
        {
          role: 'columnheader',
          class: 'table-cell',
          title,
          'aria-colindex': columns.first + offset + 3,
        },
        title,
      ),
    ),
  );
}

/** Stands in the place of the columns left of the view. */
function spacer({ first }: Stretch): ViewNode {
  return h('span', {
    class: 'table-spacer',
    'aria-hidden': 'true',
    style: { width: `${first * columnWidth}px` },
  });
}

function cellFigure(cell: Cell, unit: Grid['measure']['unit']): string {
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

function nameWidth(element: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(element).getPropertyValue('--table-name')) || 0;
}
