import { shownPlain } from '../faults/shown.ts';
import type { HubTimeouts, HubToken } from './environment.ts';
import type { HubReference } from './repository.ts';

/** How the hub is reached. */
export interface HubLine {
  /** The hub's address, without a slash at its end. */
  readonly endpoint: string;
  readonly token?: HubToken;
  readonly timeouts: HubTimeouts;
  /** Milliseconds before each further try of what may pass by itself; as many tries as there are figures. */
  readonly pauses: readonly number[];
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
}

export const standardPauses: readonly number[] = [0, 1000, 2000, 4000];

/** The hub's host, for messages: an address could hold a password. */
export function hubName({ endpoint }: Pick<HubLine, 'endpoint'>): string {
  return `The hub at ${shownPlain(new URL(endpoint).host, 100)}`;
}

export interface HubQuestion {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is asked for, for messages. */
  readonly about: HubReference;
  /** The file of it, where one is. */
  readonly file?: string;
  /** Statuses beside 2xx that the asker reads itself. */
  readonly accepts?: readonly number[];
}

/** An answer whose body has not been read. */
export interface HubAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body's parts; throws `BrokenOff` where they stop coming. May be read once. */
  parts(): AsyncGenerator<Uint8Array>;
  /** Lets the body go unread, and the connection with it. */
  drop(): void;
}

/** A body that ended before its end. It carries no words: whoever reads decides whether to ask again. */
export class BrokenOff extends Error {}
