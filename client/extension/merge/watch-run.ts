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
import {
  listenFor,
  wentSilent,
  type Heartbeat,
  type HeartbeatOptions,
} from '../../../engine/protocol/supervision.ts';
import type { Computing } from '../../../engine/run/options.ts';
import type { Progress } from '../../../engine/run/progress.ts';
import { isAlive, type RunRecords } from './records.ts';

export interface RunListener {
  snapshot(run: RunSnapshot): void;
  started(computing: Computing): void;
  progress(progress: Progress): void;
  end(end: RunEnd): void;
  /** The process is gone and left no word: how, in words that go on from "the process of the merge". */
  lost(died: string): void;
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
  ticks: HeartbeatOptions = {},
): WatchedRun {
  const isOurVersion = record.version === runProtocolVersion;
  const socket = connect(record.socket);
  let isOver = false;
  let died = 'ended without a word';
  let heartbeat: Heartbeat | undefined;
  /** It is there, and does nothing any more: its end is like any other's. */
  const silent = async (): Promise<void> => {
    if (isOver || !(await isAlive(record))) return;
    died = wentSilent;
    process.kill(record.pid, 'SIGKILL');
  };
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
    listener.lost(died);
  };
  const send = (message: ToRun): void => writeMessage(socket, message);
  // Written before anything else, so that nothing goes out ahead of it.
  send({ kind: 'hello', version: runProtocolVersion, token: record.token });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    heartbeat?.stop();
    void closed();
  });
  messageLines<FromRun>(socket, (message) => {
    heartbeat?.heard();
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
      case 'tick':
        heartbeat ??= listenFor(() => void silent(), ticks);
        return;
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
