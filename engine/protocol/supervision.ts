/**
 * What a process that merges and whoever watches over it say to each other, so that one that dies or hangs is started again.
 * The command line and its child speak over Node's channel between processes; in the editor the run's socket carries the ticks.
 */
import type { Notice } from '../output/notice.ts';

export type ToMerge = { readonly kind: 'cancel' };

export type FromMerge =
  | { readonly kind: 'tick' }
  /** All is said and done; what is left is the end of the process. */
  | { readonly kind: 'ended'; readonly code: number };

/** In the child's environment, as JSON. */
export const attemptVariable = 'MERGEWRIGHT_ATTEMPT';

export interface Attempt {
  /** What befell those before. */
  readonly notices: readonly Notice[];
  /** The GPU is left alone, whatever was asked for. */
  readonly withoutGpu: boolean;
}

/** What is told of a process that was started again; how it died goes on from "the process of the merge". */
export function restartNotice(
  died: string,
  { withoutGpu }: { readonly withoutGpu: boolean },
): Notice {
  const message = withoutGpu
    ? `The process of the merge ${died} again; WebAssembly does the rest.`
    : `The process of the merge ${died}; it was started again, and goes on with what was stored.`;
  return { kind: 'process-restarted', message };
}

export const wentSilent = 'did not answer any more';

/** A process that merges says something each second. */
export const tickMs = 1000;
/** After so many seconds without a word it is ended, and started again. */
export const silentTicks = 30;

export interface HeartbeatOptions {
  readonly everyMs?: number;
  readonly ticks?: number;
}

export interface Heartbeat {
  /** It said something. */
  heard(): void;
  stop(): void;
}

/**
 * Calls `silent` after so many ticks without a word. Ticks of this process are counted, not the clock: after a sleep of the machine,
 * or a time in which this process could do nothing, what was said meanwhile is heard first.
 */
export function listenFor(
  silent: () => void,
  { everyMs = tickMs, ticks = silentTicks }: HeartbeatOptions = {},
): Heartbeat {
  let missed = 0;
  const timer = setInterval(() => {
    if (++missed < ticks) return;
    clearInterval(timer);
    silent();
  }, everyMs);
  return {
    heard: () => void (missed = 0),
    stop: () => clearInterval(timer),
  };
}
