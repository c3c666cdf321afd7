/** The other side of a supervised run: the child says each second that it is there, and hears a cancel. */
import type { Notice } from '../../engine/output/notice.ts';
import type { BackendChoice } from '../../engine/run/options.ts';
import {
  attemptVariable,
  tickMs,
  type Attempt,
  type FromMerge,
  type ToMerge,
} from '../../engine/protocol/supervision.ts';

export interface OwnAttempt {
  /** What befell the processes before this one. */
  readonly earlier: readonly Notice[];
  backend(asked: BackendChoice): BackendChoice;
  onCancel(cancel: () => void): void;
  /** Says how the command ends, whatever may keep the process from it. */
  end(code: number): void;
}

/** This process's part, where it is a child under supervision; else a part without words. */
export function ownAttempt(): OwnAttempt {
  const text = process.env[attemptVariable];
  if (text === undefined || process.send === undefined) return unwatched;
  const { notices, withoutGpu } = JSON.parse(text) as Attempt;
  const say = (message: FromMerge): void => {
    if (process.connected) process.send!(message, undefined, undefined, () => undefined);
  };
  const ticking = setInterval(() => say({ kind: 'tick' }), tickMs);
  ticking.unref();
  let hear: (() => void) | undefined;
  process.on('message', (message: ToMerge) => {
    if (message.kind === 'cancel') hear?.();
  });
  // Who was killed wants nothing more of this run. It is left as it stands, for the next to go on with.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // To listen is no reason to stay.
  process.channel?.unref();
  return {
    earlier: notices,
    backend: (asked) => (withoutGpu ? 'wasm' : asked),
    onCancel: (cancel) => void (hear = cancel),
    end(code) {
      clearInterval(ticking);
      say({ kind: 'ended', code });
    },
  };
}

const unwatched: OwnAttempt = {
  earlier: [],
  backend: (asked) => asked,
  onCancel: () => undefined,
  end: () => undefined,
};
