import type { MergePlace } from '../merge/run-state.ts';
import { engineSettings } from '../settings.ts';
import type { EngineRuntime } from './runtime.ts';

/** Where merges run: in a process of their own where a Node runs, else in the panel. */
export class MergePlaces {
  readonly #runtime: () => Promise<EngineRuntime | undefined>;
  #hasNode = true;

  constructor(runtime: () => Promise<EngineRuntime | undefined>) {
    this.#runtime = runtime;
  }

  async now(): Promise<MergePlace> {
    if (!engineSettings().mergeInPanel) this.#hasNode = (await this.#runtime()) !== undefined;
    return this.known;
  }

  /** As far as it was looked for. */
  get known(): MergePlace {
    return engineSettings().mergeInPanel || !this.#hasNode ? 'panel' : 'process';
  }
}
