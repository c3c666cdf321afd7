/** Watches a run over its socket: snapshot, progress, ending. */
import { connect } from 'node:net';
import { messageLines, writeMessage } from '../../../engine/protocol/lines.ts';
import {
  runProtocolVersion,
  type FromRun,
  type RunEnd,
  type RunRecord,
  type RunSnapshot,
  type ToRun,
} from '../../../engine/protocol/run.ts';
import type { Computing } from '../../../engine/run/options.ts';
import type { Progress } from '../../../engine/run/progress.ts';
import { isAlive, type RunRecords } from './records.ts';

export interface RunListener {
  snapshot(run: RunSnapshot): void;
  started(computing: Computing): void;
  progress(progress: Progress): void;
  end(end: RunEnd): void;
  /** The process is gone and left no word. */
  lost(): void;
}

/** A run as its window has hold of it. */
export interface WatchedRun {
  cancel(): void;
  /** The ending was shown. */
  seen(): void;
  /** Clears what a run that is gone could not. */
  clear(): Promise<void>;
  /** Stops watching; the run goes on. */
  leave(): void;
}

export function watchRun(
  record: RunRecord,
  records: RunRecords,
  listener: RunListener,
): WatchedRun {
  const isOurVersion = record.version === runProtocolVersion;
  const socket = connect(record.socket);
  let isOver = false;
  const end = (ending: RunEnd): void => {
    if (isOver) return;
    isOver = true;
    listener.end(ending);
  };
  /** Without the process its record tells how it ended, if it could still write that. */
  const closed = async (): Promise<void> => {
    if (isOver) return;
    while (!isOver && (await isAlive(record))) await new Promise((done) => setTimeout(done, 100));
    const last = await records.read(record.runId);
    if (isOver) return;
    if (last?.end !== undefined && isOurVersion) return end(last.end);
    isOver = true;
    listener.lost();
  };
  const send = (message: ToRun): void => writeMessage(socket, message);
  // Written before anything else, so that nothing goes out ahead of it.
  send({ kind: 'hello', version: runProtocolVersion, token: record.token });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => void closed());
  messageLines<FromRun>(socket, (message) => {
    switch (message.kind) {
      case 'snapshot':
        // Of another version's snapshot nothing is read but what every version has.
        if (isOurVersion) listener.snapshot(message.run);
        if (isOurVersion && message.run.end !== undefined) end(message.run.end);
        return;
      case 'started':
        if (isOurVersion) listener.started(message.computing);
        return;
      case 'progress':
        return listener.progress(message.progress);
      case 'end':
        if (isOurVersion) end(message.end);
        return;
      default:
        message satisfies never;
    }
  });
  return {
    clear: () => records.clear(record),
    cancel: () => send({ kind: 'cancel' }),
    seen() {
      send({ kind: 'seen' });
      void records.remove(record.runId);
    },
    leave() {
      isOver = true;
      socket.destroy();
    },
  };
}
