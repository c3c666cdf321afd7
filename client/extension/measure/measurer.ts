/** The measuring process of this window, started when it is first asked and again after it was lost. */
import { fork, type ChildProcess } from 'node:child_process';
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
import type { EngineRuntime } from '../engine/runtime.ts';

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
  runtime(): Promise<EngineRuntime>;
}

type Heard = (message: FromMeasure | 'lost') => void;

export class Measurer implements Disposable {
  readonly #options: MeasurerOptions;
  readonly #waiting = new Map<number, Heard>();
  #starting: Promise<ChildProcess> | undefined;
  #lastId = 0;

  constructor(options: MeasurerOptions) {
    this.#options = options;
  }

  /** Undefined where the process was lost. */
  async plan(
    recipe: MeasuredRecipe,
    limits: { readonly memory: number; readonly threads: number },
  ): Promise<Planned | undefined> {
    const answer = await this.#ask({ kind: 'plan', recipe, ...limits });
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
    listener: MeasureListener,
  ): { stop(): void } {
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

  get pid(): Promise<number | undefined> {
    return this.#starting === undefined
      ? Promise.resolve(undefined)
      : this.#starting.then(({ pid }) => pid);
  }

  dispose(): void {
    void this.#starting?.then((child) => child.disconnect());
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
      const child = await this.#process();
      if (child.connected) child.send(message);
    } catch (error) {
      this.#options.log.error(error instanceof Error ? error : String(error));
      this.#lose();
    }
  }

  #process(): Promise<ChildProcess> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<ChildProcess> {
    const { program, runtime, log } = this.#options;
    const { program: execPath, env } = await runtime();
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
    return child;
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
