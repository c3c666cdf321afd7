/**
 * The map on its canvases, in a scrolling frame that keyboards and screen readers take for a grid.
 * One canvas holds the figures and is drawn when they or the view change; another lies over it
 * and holds what follows the pointer. A pane lives as long as its page.
 */
import { cellText } from '../words/figures.ts';
import { indicesOf, type At } from './cursor.ts';
import {
  geometryOf,
  placeAt,
  scrolledTo,
  wholeSize,
  type Geometry,
  type Scroll,
} from './geometry.ts';
import type { Grid } from './grid.ts';
import { paintMap } from './paint-map.ts';
import type { MapScene } from './scene.ts';
import { paintMarks, type Mark } from './paint-marks.ts';
import { onThemeChange, readPalette, type Palette } from './palette.ts';
import { readoutOf } from './readout.ts';

export interface PaneActions {
  /** True where the key did something. */
  readonly key: (key: string) => boolean;
  readonly point: (at: At | undefined) => void;
  readonly choose: (at: At) => void;
  readonly toggle: (line: string) => void;
  readonly goToLine: (at: At) => void;
  readonly scrolled: (scroll: Scroll) => void;
}

export interface PaneShows {
  readonly grid: Grid;
  readonly chosen?: At;
  readonly isLit: (line: number, column: number) => boolean;
}

export class MapPane {
  readonly element = document.createElement('div');
  readonly #inner = document.createElement('div');
  /** Stays in view while the inner element, as large as the whole map, is scrolled. */
  readonly #view = document.createElement('div');
  readonly #figures = document.createElement('canvas');
  readonly #marks = document.createElement('canvas');
  readonly #spoken = document.createElement('div');
  readonly #actions: PaneActions;
  #palette: Palette | undefined;
  #geometry: Geometry | undefined;
  #shows: PaneShows | undefined;
  #pointed: Mark | undefined;
  /** Of the view as it was laid out last. */
  #size = { width: 0, height: 0 };
  #frame = 0;
  #isStale = { layout: true, figures: true };
  /** Where to scroll once there is something to scroll. */
  #restore: Scroll | undefined;

  constructor(actions: PaneActions, scroll: Scroll | undefined) {
    this.#actions = actions;
    this.#restore = scroll;
    this.#build();
    const resized = new ResizeObserver(() => this.#redraw({ layout: true, figures: true }));
    resized.observe(this.element);
    onThemeChange(() => {
      this.#palette = undefined;
      this.#redraw({ layout: true, figures: true });
    });
  }

  show(shows: PaneShows): void {
    const before = this.#shows;
    this.#shows = shows;
    const isNew = before?.grid !== shows.grid;
    this.#speak();
    this.#redraw({ layout: isNew, figures: isNew });
    if (shows.chosen !== undefined && shows.chosen !== before?.chosen && before !== undefined) {
      this.#reveal(shows.chosen);
    }
  }

  #build(): void {
    const { element } = this;
    element.className = 'map';
    element.tabIndex = 0;
    element.setAttribute('role', 'treegrid');
    this.#inner.className = 'map-inner';
    this.#inner.setAttribute('role', 'presentation');
    for (const canvas of [this.#figures, this.#marks]) {
      canvas.setAttribute('aria-hidden', 'true');
      this.#view.append(canvas);
    }
    this.#view.className = 'map-view';
    this.#view.setAttribute('role', 'presentation');
    this.#inner.append(this.#view);
    this.#spoken.className = 'spoken';
    this.#spoken.setAttribute('role', 'row');
    this.#inner.append(this.#spoken);
    element.append(this.#inner);
    element.addEventListener('scroll', () => {
      this.#redraw({ layout: false, figures: true });
      this.#actions.scrolled({ left: element.scrollLeft, top: element.scrollTop });
    });
    element.addEventListener('pointermove', (event) => this.#point(this.#under(event)));
    element.addEventListener('pointerleave', () => this.#point(undefined));
    element.addEventListener('click', (event) => this.#click(event));
    element.addEventListener('dblclick', (event) => {
      const at = this.#atOf(this.#under(event));
      if (at !== undefined) this.#actions.goToLine(at);
    });
    element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#actions.key(event.key)) event.preventDefault();
    });
    for (const type of ['focus', 'blur']) {
      element.addEventListener(type, () => this.#redraw({ layout: false, figures: false }));
    }
  }

  #under(event: MouseEvent): Mark | undefined {
    if (this.#geometry === undefined) return undefined;
    const frame = this.element.getBoundingClientRect();
    const point = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    return placeAt(this.#geometry, point, this.#scroll());
  }

  #point(mark: Mark | undefined): void {
    if (mark?.line === this.#pointed?.line && mark?.column === this.#pointed?.column) return;
    this.#pointed = mark;
    this.#actions.point(this.#atOf(mark));
    this.#redraw({ layout: false, figures: false });
  }

  #click(event: MouseEvent): void {
    const mark = this.#under(event);
    if (mark === undefined) return;
    const at = this.#atOf(mark);
    if (at !== undefined) this.#actions.choose(at);
    else this.#actions.toggle(this.#shows!.grid.lines[mark.line]!.key);
  }

  #atOf(mark: Mark | undefined): At | undefined {
    const grid = this.#shows?.grid;
    if (grid === undefined || mark?.column === undefined) return undefined;
    const [line, column] = [grid.lines[mark.line], grid.columns[mark.column]];
    if (line === undefined || column === undefined) return undefined;
    return { line: line.key, column: column.key };
  }

  #scroll(): Scroll {
    return { left: this.element.scrollLeft, top: this.element.scrollTop };
  }

  /** Everything is drawn once a frame, however often it is asked for. */
  #redraw(stale: { readonly layout: boolean; readonly figures: boolean }): void {
    this.#isStale.layout ||= stale.layout;
    this.#isStale.figures ||= stale.figures;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#shows === undefined || !this.element.isConnected) return;
    this.#palette ??= readPalette(this.element);
    if (this.#isStale.layout) this.#layOut(this.#shows.grid, this.#palette);
    const geometry = this.#geometry!;
    const scene: MapScene = {
      grid: this.#shows.grid,
      geometry,
      palette: this.#palette,
      scroll: this.#scroll(),
      ...this.#size,
    };
    if (this.#isStale.figures) paintMap(this.#figures.getContext('2d', { alpha: false })!, scene);
    this.#isStale = { layout: false, figures: false };
    const chosen = indicesOf(scene.grid, this.#shows.chosen);
    const isThere = this.#pointed !== undefined && this.#pointed.line < scene.grid.lines.length;
    paintMarks(this.#marks.getContext('2d')!, scene, {
      ...(isThere ? { pointed: this.#pointed! } : {}),
      ...(chosen === undefined ? {} : { chosen }),
      isLit: this.#shows.isLit,
      hasFocus: document.activeElement === this.element,
    });
  }

  #layOut(grid: Grid, palette: Palette): void {
    const height = Math.max(220, window.innerHeight * 0.66);
    const ruler = this.#marks.getContext('2d')!;
    this.#geometry = geometryOf(grid.columns, grid.lines, {
      width: this.element.clientWidth,
      height,
      label: widestLabel(ruler, grid, palette.font),
      figure: widestFigure(ruler, grid, palette.font),
    });
    const whole = wholeSize(this.#geometry);
    this.#inner.style.width = `${whole.width}px`;
    this.#inner.style.height = `${whole.height}px`;
    this.#size = {
      width: this.element.clientWidth,
      height: Math.min(whole.height, this.element.clientHeight),
    };
    this.#view.style.width = `${this.#size.width}px`;
    this.#view.style.height = `${this.#size.height}px`;
    const dots = window.devicePixelRatio;
    for (const canvas of [this.#figures, this.#marks]) {
      canvas.width = Math.round(this.#size.width * dots);
      canvas.height = Math.round(this.#size.height * dots);
      canvas.style.width = `${this.#size.width}px`;
      canvas.style.height = `${this.#size.height}px`;
      canvas.getContext('2d')!.setTransform(dots, 0, 0, dots, 0, 0);
    }
    if (this.#restore !== undefined && grid.lines.length > 0) {
      this.element.scrollTo(this.#restore.left, this.#restore.top);
      this.#restore = undefined;
    }
  }

  /** Scrolls a cell into view. */
  #reveal(at: At): void {
    const cell = indicesOf(this.#shows!.grid, at);
    const geometry = this.#geometry;
    if (cell === undefined || geometry === undefined || cell.line >= geometry.y.length) return;
    const { x, y, widths, rowHeight, labelWidth, wholeWidth, axisHeight } = geometry;
    const { left, top } = this.#scroll();
    this.element.scrollTo(
      scrolledTo(
        x[cell.column]!,
        x[cell.column]! + widths[cell.column]!,
        left,
        this.#size.width - labelWidth - wholeWidth,
      ),
      scrolledTo(y[cell.line]!, y[cell.line]! + rowHeight, top, this.#size.height - axisHeight),
    );
  }

  /** One row with one cell stands for the cursor's: a screen reader hears it as a grid's. */
  #speak(): void {
    const { grid, chosen } = this.#shows!;
    const { element } = this;
    element.setAttribute('aria-label', `${grid.measure.title}, by layer and part`);
    element.setAttribute('aria-rowcount', String(grid.lines.length));
    element.setAttribute('aria-colcount', String(grid.columns.length + 1));
    const at = indicesOf(grid, chosen) ?? { line: 0, column: 0 };
    const line = grid.lines[at.line];
    if (line === undefined || grid.columns[at.column] === undefined) return;
    const { place, sentence } = readoutOf(grid, at);
    const row = this.#spoken;
    row.setAttribute('aria-rowindex', String(at.line + 1));
    row.setAttribute('aria-level', line.part === undefined ? '1' : '2');
    if (line.isOpen === undefined) row.removeAttribute('aria-expanded');
    else row.setAttribute('aria-expanded', String(line.isOpen));
    const cell = document.createElement('span');
    cell.id = 'map-cell';
    cell.setAttribute('role', 'gridcell');
    cell.setAttribute('aria-colindex', String(at.column + 2));
    cell.textContent = `${place}: ${sentence}`;
    row.replaceChildren(cell);
    if (chosen === undefined) element.removeAttribute('aria-activedescendant');
    else element.setAttribute('aria-activedescendant', 'map-cell');
  }
}

function widestLabel(context: CanvasRenderingContext2D, grid: Grid, font: string): number {
  context.font = `600 12px ${font}`;
  return Math.max(0, ...grid.lines.map(({ label }) => context.measureText(label).width));
}

/** Of the figures at the scale's end: all others are as wide or narrower. */
function widestFigure(context: CanvasRenderingContext2D, grid: Grid, font: string): number {
  context.font = `600 10.5px ${font}`;
  const { span } = grid.scale;
  const { unit } = grid.measure;
  const samples = unit === 'cosine' ? [-0.88] : [span, 0.0088, 0.088];
  return Math.max(...samples.map((value) => context.measureText(cellText(value, unit)).width));
}
