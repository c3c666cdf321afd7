import type { FromPage, ToCompute, ToPage } from '../../../engine/protocol/compute.ts';
import type { ComputeLine } from '../../../engine/run/remote-compute.ts';

type Listener = Parameters<ComputeLine['listen']>[0];

/** A run's line to the program that computes for it in the panel's page; it is cut when the page goes. */
export class PageLine implements ComputeLine {
  readonly #run: string;
  readonly #program: string;
  readonly #post: (message: ToPage) => void;
  /** What was said before the page listened. */
  #early: ToCompute[] | undefined = [];
  #listener: Listener | undefined;
  #cutWhy: string | undefined;
  #isClosed = false;
  #isPageGone = false;

  constructor(run: string, program: string, post: (message: ToPage) => void) {
    this.#run = run;
    this.#program = program;
    this.#post = post;
  }

  /** Whether it was the page's end that cut it. */
  get isPageGone(): boolean {
    return this.#isPageGone;
  }

  /** The page listens: for the first time, or because it was loaded again and knows of nothing. */
  pageCame(): void {
    if (this.#isClosed) return;
    if (this.#early === undefined) return this.pageWent('the panel was loaded again');
    this.#post({ kind: 'compute-begin', run: this.#run, program: this.#program });
    const early = this.#early;
    this.#early = undefined;
    for (const message of early) this.send(message);
  }

  pageWent(why: string): void {
    if (this.#isClosed) return;
    this.#isPageGone = true;
    this.#cut(why);
  }

  hear(message: FromPage): void {
    if (message.run !== this.#run || this.#isClosed) return;
    if (message.kind === 'compute-failed') this.#cut(message.reason);
    else this.#listener?.hear(message.message);
  }

  listen(listener: Listener): void {
    this.#listener = listener;
    if (this.#cutWhy !== undefined) listener.cut(this.#cutWhy);
  }

  send(message: ToCompute): void {
    if (this.#isClosed) return;
    if (this.#early !== undefined) this.#early.push(message);
    else this.#post({ kind: 'compute', run: this.#run, message });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#post({ kind: 'compute-end', run: this.#run });
  }

  #cut(why: string): void {
    this.#cutWhy = why;
    this.close();
    this.#listener?.cut(why);
  }
}
