/**
 * What the panel shows of one recipe: kept here whole, so that a panel which is hidden, closed or reloaded loses nothing, and
 * sent on in patches. The text leads: it is checked and planned 150 ms after the last key and measured 300 ms after it.
 */
import { EventEmitter, workspace, type Event, type TextDocument } from 'vscode';
import type {
  MapState,
  PanelFault,
  PanelState,
  PlanState,
  RecipeState,
  ToPanel,
} from '../../../engine/protocol/panel.ts';
import { benches } from '../../../engine/protocol/compute.ts';
import type { CheckedFigures, MeasureFault } from '../../../engine/protocol/measure.ts';
import type { BackendChoice } from '../../../engine/run/options.ts';
import type { PreviewRow } from '../../../engine/measures/preview.ts';
import { Disposables } from '../disposables.ts';
import type { Measurer, Picture, Planned } from '../measure/measurer.ts';
import type { Merges } from '../merge/merges.ts';
import type { MergePlace } from '../merge/run-state.ts';
import { panelFault, wayOut } from '../fault-words.ts';
import { bufferOf } from '../recipes.ts';
import { engineSettings, measuresWhileTyping } from '../settings.ts';
import { sendState } from './send-map.ts';
import { ShownMap, type WholePicture } from './shown-map.ts';

const planAfterMs = 150;
const measureAfterMs = 300;

export interface SessionOptions {
  readonly document: TextDocument;
  readonly measurer: Measurer;
  readonly merges: Merges;
  /** Where merges run now. */
  place(): Promise<MergePlace>;
  /** Bytes a second of merges that ran there; undefined while nobody can say. */
  speed(place: MergePlace): number | undefined;
}

export class RecipeSession {
  readonly document: TextDocument;
  readonly #options: SessionOptions;
  readonly #held = new Disposables();
  readonly #messages = this.#held.add(new EventEmitter<ToPanel>());
  /** What a panel that listens is to be told. */
  readonly onMessage: Event<ToPanel> = this.#messages.event;
  /** All but the map. */
  #state: Omit<PanelState, 'map'>;
  readonly #map = new ShownMap((message) => this.#messages.fire(message));
  #checked: CheckedFigures | undefined;
  #step: string | undefined;
  #measuring: { stop(): void } | undefined;
  #planTimer: NodeJS.Timeout | undefined;
  #measureTimer: NodeJS.Timeout | undefined;
  #isVisible = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.document = options.document;
    const { merges } = options;
    const uri = this.document.uri.toString();
    let told = merges.noticesOf(uri);
    this.#state = { recipe: this.#recipe(), run: merges.stateOf(uri), notices: told };
    this.#held.add(
      merges.onDidChange((changed) => {
        if (changed !== uri) return;
        const run = merges.stateOf(uri);
        this.#patch({ run });
        const notices = merges.noticesOf(uri);
        if (notices !== told) this.notice(...notices);
        told = notices;
        if (run.kind === 'done' || run.kind === 'failed') void this.plan();
      }),
    );
    this.#held.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document === this.document && contentChanges.length > 0) this.#textChanged();
      }),
    );
    this.#held.add(
      workspace.onDidGrantWorkspaceTrust(() => {
        this.#patch({ recipe: this.#recipe() });
        void this.refresh();
      }),
    );
    this.#held.add(
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('mergewright')) void this.plan();
      }),
    );
  }

  get state(): PanelState {
    const map = this.#map.state;
    return { ...this.#state, ...(map === undefined ? {} : { map }) };
  }

  /** Measuring is for eyes: a hidden panel stops it. */
  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    if (!isVisible) this.#measuring?.stop();
    else if (this.#isBehind()) void this.refresh();
  }

  /** The whole state, for a panel that came or came back. */
  sendAll(): void {
    sendState(this.state, this.#send);
  }

  /** Checks, plans and measures. */
  async refresh(step?: string): Promise<void> {
    if (step !== undefined) this.#step = step;
    // Side by side: the first cells need not wait for the plan, and a recipe with errors is refused.
    this.measure();
    await this.plan();
  }

  /** Checks the text as it stands and says what a run would take. */
  async plan(): Promise<Planned | undefined> {
    if (!workspace.isTrusted) return undefined;
    const buffer = bufferOf(this.document);
    const { memory, threads: wanted } = engineSettings();
    const shown = this.#map.whole;
    const place = await this.#options.place();
    const threads = place === 'panel' ? benches : wanted;
    const planned = await this.#options.measurer.plan(buffer, {
      memory,
      threads,
      ...(shown === undefined ? {} : { shown }),
    });
    if (planned === undefined || this.document.version !== buffer.textVersion) return undefined;
    this.#checked = planned.checked;
    this.#hold(planned, shown);
    const plan = this.#plan(planned, place);
    this.#patch({ recipe: this.#recipe(), ...(plan === undefined ? {} : { plan }) });
    return planned;
  }

  measure({ exact = false }: { readonly exact?: boolean } = {}): void {
    if (!workspace.isTrusted) return;
    const recipe = bufferOf(this.document);
    const { memory, threads } = engineSettings();
    const step = this.#chosenStep();
    let picture: Picture | undefined;
    let rows: PreviewRow[] = [];
    let tiles = 0;
    const current = (): boolean => this.#measuring === measuring;
    const before = this.#map.state?.reading;
    this.#measuring?.stop();
    this.#reading(exact ? 'measuring' : 'sampling');
    const measuring = this.#options.measurer.measure(
      { kind: 'measure', recipe, exact, memory, threads, ...(step === undefined ? {} : { step }) },
      {
        picture: (begun) => {
          picture = begun;
          rows = [];
          tiles = 0;
        },
        tile: (tile) => {
          rows.push(...tile.rows);
          if (++tiles === picture?.tiles && current())
            this.#show(picture, rows, recipe.textVersion);
        },
        progress: () => undefined,
        end: (outcome, fault) => {
          if (!current()) return;
          this.#measuring = undefined;
          if (outcome === 'stopped') this.#reading('stopped', fault);
          if (outcome === 'refused' && before !== undefined) this.#reading(settled(before));
        },
      },
    );
    this.#measuring = measuring;
  }

  stopMeasuring(): void {
    this.#measuring?.stop();
  }

  /** Says something once at the top of the panel, in the place of what was said before. */
  notice(...notices: readonly PanelFault[]): void {
    this.#patch({ notices });
  }

  dispose(): void {
    clearTimeout(this.#planTimer);
    clearTimeout(this.#measureTimer);
    this.#measuring?.stop();
    this.#measuring = undefined;
    this.#held.dispose();
  }

  #textChanged(): void {
    this.#measuring?.stop();
    this.#patch({ recipe: this.#recipe() });
    clearTimeout(this.#planTimer);
    clearTimeout(this.#measureTimer);
    this.#planTimer = setTimeout(() => void this.plan(), planAfterMs);
    if (!measuresWhileTyping()) return;
    this.#measureTimer = setTimeout(() => {
      if (this.#isVisible) void this.refresh();
    }, measureAfterMs);
  }

  #isBehind(): boolean {
    return !this.#map.isOf(this.document.version);
  }

  #chosenStep(): string | undefined {
    const steps = this.#checked?.steps;
    if (steps === undefined || this.#step === undefined) return this.#step;
    return steps.some(({ name }) => name === this.#step) ? this.#step : undefined;
  }

  #recipe(): RecipeState {
    const { uri, name, textVersion } = bufferOf(this.document);
    const step = this.#chosenStep() ?? this.#map.state?.step;
    return {
      uri,
      name,
      textVersion,
      errors: (this.#checked?.errors ?? []).map((error) => ({ ...error, ...wayOut(error.code) })),
      steps: this.#checked?.steps ?? [],
      ...(step === undefined ? {} : { step }),
      trusted: workspace.isTrusted,
    };
  }

  #plan({ plan, fault }: Planned, host: MergePlace): PlanState | undefined {
    const where = { host, backend: wordsOf[engineSettings().backend] } as const;
    const textVersion = this.document.version;
    if (plan === undefined && fault === undefined) return undefined;
    if (plan === undefined) {
      const none = { bytesToRead: 0, bytesToWrite: 0, memory: 0, free: 0 };
      return { textVersion, outputs: [], ...none, ...where, ...said(fault) };
    }
    const { outputs, bytesToRead, bytesToWrite, memory, free } = plan;
    const speed = this.#options.speed(host);
    return {
      textVersion,
      outputs,
      bytesToRead,
      bytesToWrite,
      memory,
      free,
      ...(speed === undefined ? {} : { seconds: (bytesToRead + bytesToWrite) / speed }),
      ...where,
      ...said(fault),
    };
  }

  #show(picture: Picture, rows: readonly PreviewRow[], textVersion: number): void {
    const isLate = textVersion < (this.#map.state?.textVersion ?? 0);
    if (isLate) return;
    this.#map.show(picture, rows, textVersion);
    this.#patch({ recipe: this.#recipe() });
  }

  /** Marks the cells whose figures the text has changed; what cannot be told apart is all taken for changed. */
  #hold({ checked, changed }: Planned, shown: WholePicture | undefined): void {
    const { version } = this.document;
    if (checked.errors.length > 0 || this.#map.state?.textVersion === version) return;
    if (shown !== this.#map.whole) return;
    this.#map.hold(changed ?? [{}], version);
  }

  #reading(reading: MapState['reading'], fault?: MeasureFault): void {
    const shown = fault === undefined ? undefined : panelFault(fault);
    if (this.#map.state !== undefined) this.#map.reading(reading, shown);
    else if (shown !== undefined) this.notice(shown);
  }

  readonly #send = (message: ToPanel): void => this.#messages.fire(message);

  #patch(patch: Partial<PanelState>): void {
    this.#state = { ...this.#state, ...patch };
    this.#messages.fire({ kind: 'patch', patch });
  }
}

const wordsOf = {
  auto: 'GPU where there is one, else WebAssembly',
  gpu: 'GPU',
  wasm: 'WebAssembly',
  oracle: 'reference',
  none: 'no arithmetic',
} as const satisfies Record<BackendChoice, string>;

/** What a reading that was broken off is called. */
function settled(reading: MapState['reading']): MapState['reading'] {
  return reading === 'sampling' || reading === 'measuring' ? 'stopped' : reading;
}

function said(fault: MeasureFault | undefined): { readonly fault?: PanelFault } {
  return fault === undefined ? {} : { fault: panelFault(fault) };
}
