/** The measuring process of this window, started when it is first asked and again after it was lost. */
import { fork } from 'node:child_process';
import type { Disposable, LogOutputChannel } from 'vscode';
import type {
  FromMeasure,
  MapPlace,
  MeasureFault,
  MeasureNews,
  MeasureRequest,
  MeasuredRecipe,
  ToMeasure,
} from '../../../engine/protocol/measure.ts';
import type { desk } from '../../measure-process/desk.ts';
import type { EngineRuntime } from '../engine/runtime.ts';
import { FiguresTeller, type TellFigures } from './tell-figures.ts';

export type Planned = MeasureNews & { kind: 'planned' };
export type Picture = MeasureNews & { kind: 'picture' };

export interface MeasureListener {
  picture(picture: Picture): void;
  tile(tile: MeasureNews & { kind: 'tile' }): void;
  progress(done: number, of: number): void;
  end(outcome: 'whole' | 'stopped' | 'refused', fault?: MeasureFault): void;
}

export interface MeasurerOptions {
  readonly program: string;
  readonly log: LogOutputChannel;
  /** Hears every whole picture besides those who asked for it. */
  readonly measured?: TellFigures;
  /** Undefined where no Node runs. */
  runtime(): Promise<EngineRuntime | undefined>;
  /** The process's work, for this one to do where no other can be started. */
  desk(): Promise<typeof desk>;
}

/** The one who measures: another process, or where there can be none this one. */
interface Connection {
  send(message: ToMeasure): void;
  close(): void;
}

type Heard = (message: FromMeasure | 'lost') => void;

export class Measurer implements Disposable {
  readonly #options: MeasurerOptions;
  readonly #teller: FiguresTeller;
  readonly #waiting = new Map<number, Heard>();
  #starting: Promise<Connection> | undefined;
  #lastId = 0;

  constructor(options: MeasurerOptions) {
    this.#options = options;
    this.#teller = new FiguresTeller(options.measured ?? (() => undefined));
  }

  /** Undefined where the process was lost. */
  async plan(
    recipe: MeasuredRecipe,
    options: Omit<MeasureRequest & { kind: 'plan' }, 'kind' | 'recipe'>,
  ): Promise<Planned | undefined> {
    const answer = await this.#ask({ kind: 'plan', recipe, ...options });
    return answer?.kind === 'planned' ? answer : undefined;
  }

  async lineOf(recipe: MeasuredRecipe, step: string, place: MapPlace): Promise<number | undefined> {
    const answer = await this.#ask({ kind: 'line-of', recipe, step, place });
    return answer?.kind === 'line' ? answer.line : undefined;
  }

  async placesAt(
    recipe: MeasuredRecipe,
    line: number,
  ): Promise<{ readonly step?: string; readonly places: readonly MapPlace[] }> {
    const answer = await this.#ask({ kind: 'places-at', recipe, line });
    return answer?.kind === 'places' ? answer : { places: [] };
  }

  /** Gives the way to stop it. */
  measure(
    request: MeasureRequest & { kind: 'measure' },
    asking: MeasureListener,
  ): { stop(): void } {
    const listener = this.#teller.listening(request.recipe, asking);
    const id = ++this.#lastId;
    const end = (outcome: 'whole' | 'stopped' | 'refused', fault?: MeasureFault): void => {
      if (this.#waiting.delete(id)) listener.end(outcome, fault);
    };
    this.#waiting.set(id, (message) => {
      if (message === 'lost') return end('stopped', lost);
      switch (message.kind) {
        case 'picture':
          return listener.picture(message);
        case 'tile':
          listener.tile(message);
          return void this.#send({ kind: 'acknowledge', id, tile: message.tile });
        case 'measuring':
          return listener.progress(message.tensorsDone, message.tensors);
        case 'measured':
          return end(message.outcome, message.fault);
        case 'planned':
        case 'line':
        case 'places':
          return;
        default:
          message satisfies never;
      }
    });
    void this.#send({ kind: 'request', id, request });
    return {
      stop: () => {
        if (this.#waiting.has(id)) void this.#send({ kind: 'stop', id });
      },
    };
  }

  dispose(): void {
    void this.#starting?.then((connection) => connection.close());
    this.#starting = undefined;
  }

  #ask(request: MeasureRequest): Promise<FromMeasure | undefined> {
    const id = ++this.#lastId;
    return new Promise((done) => {
      this.#waiting.set(id, (message) => {
        this.#waiting.delete(id);
        done(message === 'lost' ? undefined : message);
      });
      void this.#send({ kind: 'request', id, request });
    });
  }

  async #send(message: ToMeasure): Promise<void> {
    try {
      (await this.#connection()).send(message);
    } catch (error) {
      this.#options.log.error(error instanceof Error ? error : String(error));
      this.#lose();
    }
  }

  #connection(): Promise<Connection> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<Connection> {
    const runtime = await this.#options.runtime();
    if (runtime !== undefined) return this.#fork(runtime);
    const desk = await this.#options.desk();
    const { hear } = desk((message) => this.#waiting.get(message.id)?.(message));
    return { send: hear, close: () => undefined };
  }

  #fork({ program: execPath, env }: EngineRuntime): Connection {
    const { program, log } = this.#options;
    const child = fork(program, [], {
      execPath,
      execArgv: [],
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout!.on('data', (text: Buffer) => log.info(text.toString().trimEnd()));
    child.stderr!.on('data', (text: Buffer) => log.warn(text.toString().trimEnd()));
    child.on('message', (message) => {
      const heard = message as FromMeasure;
      this.#waiting.get(heard.id)?.(heard);
    });
    child.on('error', (error) => log.error(error));
    child.on('exit', (code, signal) => {
      if (code !== 0) log.warn(`the measuring process ended with ${signal ?? `code ${code}`}`);
      this.#lose();
    });
    return {
      send: (message) => void (child.connected && child.send(message)),
      close: () => child.disconnect(),
    };
  }

  #lose(): void {
    this.#starting = undefined;
    for (const heard of [...this.#waiting.values()]) heard('lost');
  }
}

const lost = {
  message: 'The measuring process ended in the middle of its work.',
  help: 'Preview again starts a new one.',
} as const;
