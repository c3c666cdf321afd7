/** The panel's life: it holds what was received and what the user chose, and draws both. */
import type { PanelCommand, ToPanel } from '../engine/protocol/panel.ts';
import { patch } from './dom/patch.ts';
import { gridKeyOf, indicesOf, moved, type At, type GridKey } from './map/cursor.ts';
import { gridOf, placeOf, type Grid } from './map/grid.ts';
import { layoutOf } from './map/layout.ts';
import { furthestModel } from './map/lines.ts';
import { litCells } from './map/lit.ts';
import { MapPane, type PaneActions, type PaneShows } from './map/map-pane.ts';
import { measureOf, measures, subjectName, type Measure } from './map/measures.ts';
import { readoutOf } from './map/readout.ts';
import type { PanelHost } from './panel-host.ts';
import { readingOf } from './state/reading.ts';
import { nothingReceived, receiveAll, type Received } from './state/received.ts';
import { remembered } from './state/remembered.ts';
import { readViewState, type ViewState } from './state/view-state.ts';
import { TablePane } from './table/table-pane.ts';
import type { Actions } from './views/actions.ts';
import type { MapSection } from './views/map-section.ts';
import { page } from './views/page.ts';

const saveAfterMs = 100;
const figuresEveryMs = 50;

export class Panel {
  readonly #root: HTMLElement;
  readonly #host: PanelHost;
  #received: Received = nothingReceived;
  readonly #messages: ToPanel[] = [];
  #view: ViewState;
  #pointed: At | undefined;
  #frame = 0;
  #drawnAt = -Infinity;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  /** The page's own scroll, once there is a page to scroll. */
  #pageScroll: number;
  readonly #map: MapPane;
  readonly #table: TablePane;

  constructor(root: HTMLElement, host: PanelHost) {
    this.#root = root;
    this.#host = host;
    this.#view = readViewState(host.saved());
    this.#pageScroll = this.#view.pageScroll;
    const pane = this.#paneActions();
    this.#map = new MapPane(pane, this.#view.scroll);
    this.#table = new TablePane(pane, this.#view.scroll);
    window.addEventListener('pagehide', () => this.#save());
    document.addEventListener('visibilitychange', () => this.#save());
    window.addEventListener('scroll', () => this.#keep({ pageScroll: window.scrollY }));
    this.#draw();
  }

  /** Messages are taken in when the next frame is drawn. */
  receive(message: ToPanel): void {
    this.#messages.push(message);
    const sinceDrawn = performance.now() - this.#drawnAt;
    if (message.kind !== 'rows' || sinceDrawn >= figuresEveryMs) return this.#redraw();
    // Figures come in many tiles, and each drawing costs as much as the whole map: between two the hand goes first.
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined;
      this.#redraw();
    }, figuresEveryMs - sinceDrawn);
  }

  #takeMessages(): void {
    if (this.#messages.length === 0) return;
    this.#received = receiveAll(this.#received, this.#messages.splice(0));
    const { recipe } = this.#received.panel;
    if (recipe === undefined) return;
    const { uri, step } = recipe;
    if (uri === this.#view.uri && step === this.#view.step) return;
    this.#keep({ uri, ...(step === undefined ? {} : { step }) });
  }

  #redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** What the user chose, kept and drawn. */
  #change(view: Partial<ViewState>): void {
    this.#keep(view);
    this.#save();
    this.#redraw();
  }

  #keep(view: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...view };
    this.#saving ??= setTimeout(() => this.#save(), saveAfterMs);
  }

  /** What was scrolled is told at rest: it changes with each frame. */
  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    this.#host.save(this.#view);
  }

  readonly #layoutOf = remembered(layoutOf);
  readonly #gridOf = remembered(gridOf);
  readonly #litOf = remembered(litCells);
  readonly #availableOf = remembered(availableMeasures);
  readonly #openAtFirst = remembered(openAtFirst);
  readonly #showsOf = remembered(
    (grid: Grid, chosen: At | undefined, isLit: PaneShows['isLit']): PaneShows => ({
      grid,
      isLit,
      ...(chosen === undefined ? {} : { chosen }),
    }),
  );

  #grid(): Grid | undefined {
    const { map } = this.#received.panel;
    if (map === undefined) return undefined;
    const open = this.#view.open ?? this.#openAtFirst(map);
    return this.#gridOf(map, this.#layoutOf(map.rows), this.#measure(), open);
  }

  /** The chosen measure, or the first that this step has figures of. */
  #measure(): Measure {
    const { map } = this.#received.panel;
    const chosen = measureOf(this.#view.measure);
    const available = map === undefined ? [] : this.#availableOf(map);
    return available.includes(chosen) ? chosen : (available[0] ?? chosen);
  }

  #draw(): void {
    this.#drawnAt = performance.now();
    this.#takeMessages();
    patch(this.#root, page(this.#received, this.#mapSection(), this.#actions));
    if (this.#pageScroll > 0 && this.#received.panel.map !== undefined) {
      window.scrollTo(0, this.#pageScroll);
      this.#pageScroll = 0;
    }
  }

  #mapSection(): MapSection | undefined {
    const grid = this.#grid();
    if (grid === undefined) return undefined;
    const { chosen, shape } = this.#view;
    const pane = shape === 'map' ? this.#map : this.#table;
    pane.show(this.#showsOf(grid, chosen, this.#litOf(grid, this.#received.lit)));
    const at = indicesOf(grid, this.#pointed) ?? indicesOf(grid, chosen);
    const isChosen = indicesOf(grid, this.#pointed) === undefined;
    return {
      grid,
      available: this.#availableOf(this.#received.panel.map!),
      view: this.#view,
      readout: at === undefined ? undefined : readoutOf(grid, at),
      canGo: isChosen && at !== undefined,
      pane: { island: pane.element },
      goToLine: () => this.#goToLine(chosen),
    };
  }

  readonly #actions: Actions = {
    command: (command) => this.#command(command),
    chooseMeasure: (measure) => this.#change({ measure }),
    chooseShape: (shape) => this.#change({ shape }),
    listKeys: (isListingKeys) => this.#change({ isListingKeys }),
  };

  #command(command: PanelCommand): void {
    this.#host.post({ kind: 'command', command });
  }

  #paneActions(): PaneActions {
    return {
      key: (key) => {
        const action = gridKeyOf(key);
        if (action === undefined) return false;
        this.#press(action);
        return true;
      },
      point: (at) => {
        this.#pointed = at;
        this.#redraw();
      },
      choose: (chosen) => this.#change({ chosen }),
      toggle: (line) => this.#toggle(line),
      goToLine: (at) => this.#goToLine(at),
      scrolled: (scroll) => this.#keep({ scroll }),
    };
  }

  #press(key: GridKey): void {
    const grid = this.#grid();
    if (grid === undefined) return;
    const { chosen } = this.#view;
    switch (key.kind) {
      case 'move':
      case 'end': {
        const at = moved(grid, chosen, key);
        this.#pointed = undefined;
        if (at !== undefined) this.#change({ chosen: at });
        return;
      }
      case 'toggle':
        if (chosen !== undefined) this.#toggle(chosen.line);
        return;
      case 'go-to-line':
        return this.#goToLine(chosen);
      case 'next-measure':
        return this.#nextMeasure();
      case 'table':
        return this.#swapShape();
      case 'copy':
        return this.#copyCell(grid, chosen);
      case 'exact':
        return this.#measureExactly();
      case 'list-keys':
        return this.#change({ isListingKeys: !this.#view.isListingKeys });
      case 'leave':
        return this.#leave();
    }
  }

  /** A part's line closes the model that it belongs to, and the cursor goes there. */
  #toggle(key: string): void {
    const grid = this.#grid();
    const line = grid?.lines.find((candidate) => candidate.key === key);
    if (grid === undefined || line === undefined) return;
    const name = subjectName(line.subject);
    const { map } = this.#received.panel;
    const open = this.#view.open ?? (map === undefined ? [] : this.#openAtFirst(map));
    const { chosen } = this.#view;
    this.#change({
      open: open.includes(name) ? open.filter((other) => other !== name) : [...open, name],
      ...(chosen?.line.startsWith(`${name}\0`) === true
        ? { chosen: { ...chosen, line: name } }
        : {}),
    });
  }

  #goToLine(at: At | undefined): void {
    const grid = this.#grid();
    const cell = grid === undefined ? undefined : indicesOf(grid, at);
    if (grid === undefined || cell === undefined) return;
    const { step } = this.#received.panel.map!;
    this.#command({ kind: 'show-cell', step, place: placeOf(grid, cell) });
  }

  #nextMeasure(): void {
    const available = this.#availableOf(this.#received.panel.map!);
    const next = available[(available.indexOf(this.#measure()) + 1) % available.length];
    if (next !== undefined) this.#change({ measure: next.id });
  }

  /** The keyboard stays with the figures, whichever way they are shown. */
  #swapShape(): void {
    const shape = this.#view.shape === 'map' ? 'table' : 'map';
    this.#keep({ shape });
    this.#draw();
    (shape === 'map' ? this.#map : this.#table).element.focus();
  }

  #copyCell(grid: Grid, at: At | undefined): void {
    const cell = indicesOf(grid, at);
    if (cell === undefined) return;
    const { place, sentence } = readoutOf(grid, cell);
    this.#command({ kind: 'copy', text: `${place}: ${sentence}` });
  }

  /** Only where the header offers it too. */
  #measureExactly(): void {
    const { map, recipe } = this.#received.panel;
    if (recipe === undefined) return;
    const { next } = readingOf(map, recipe);
    if (next?.command.kind === 'measure-exactly') this.#command(next.command);
  }

  #leave(): void {
    if (this.#view.isListingKeys) return this.#change({ isListingKeys: false });
    this.#change({ chosen: undefined });
  }
}

type ShownMap = NonNullable<Received['panel']['map']>;

function availableMeasures({ models, rows }: ShownMap): readonly Measure[] {
  return measures.filter((measure) =>
    measure
      .subjects(models, rows)
      .some((subject) => rows.some((row) => measure.figure(row, subject) !== undefined)),
  );
}

/** The model that is furthest shows its parts until the user says otherwise. */
function openAtFirst({ models, rows }: ShownMap): readonly string[] {
  const furthest = furthestModel(
    models,
    rows.find(({ kind }) => kind === 'total'),
  );
  return furthest === undefined ? [] : [furthest];
}
