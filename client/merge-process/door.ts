/** Where watchers come in: a socket that tells whoever shows the token how the run stands. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import {
  progressIntervalMs,
  runProtocolVersion,
  type FromRun,
  type RunEnd,
  type RunNews,
  type RunSnapshot,
  type ToRun,
} from '../../engine/protocol/run.ts';
import type { Computing } from '../../engine/run/options.ts';
import type { Progress } from '../../engine/run/progress.ts';
import { messageLines, writeMessage } from '../../engine/protocol/lines.ts';
import type { KeptRecord } from './record.ts';

export interface Door {
  start(computing: Computing): void;
  progress(progress: Progress): void;
  /** Tells whoever watches that this process is not stuck. */
  tick(): void;
  /** Tells the ending and waits until it was seen, or so long. */
  end(end: RunEnd, waitMs: number): Promise<void>;
}

export interface DoorOptions {
  readonly cancel: () => void;
}

/** Listens, then writes the record: who finds it can come at once. */
export async function openDoor(kept: KeptRecord, options: DoorOptions): Promise<Door> {
  const watchers = new Map<Socket, number>();
  let computing: Computing | undefined;
  let latest: Progress | undefined;
  let ending: RunEnd | undefined;
  let seen: () => void = () => undefined;
  const wasSeen = new Promise<void>((done) => (seen = done));

  const tell = (socket: Socket, news: RunNews): void => {
    const number = (watchers.get(socket) ?? 0) + 1;
    watchers.set(socket, number);
    const { planHash, recipe } = kept.record;
    const message: FromRun = {
      ...news,
      number,
      textVersion: recipe.textVersion,
      ...(planHash === undefined ? {} : { planHash }),
    };
    writeMessage(socket, message);
  };
  const snapshot = (): RunSnapshot => ({
    runId: kept.record.runId,
    recipe: kept.record.recipe,
    ...(computing === undefined ? {} : { computing }),
    ...(latest === undefined ? {} : { progress: latest }),
    ...(ending === undefined ? {} : { end: ending }),
  });
  const hear = (socket: Socket, message: ToRun): void => {
    if (message.kind === 'hello') {
      if (!isToken(message.token, kept.record.token)) return void socket.destroy();
      watchers.set(socket, 0);
      return tell(socket, { kind: 'snapshot', version: runProtocolVersion, run: snapshot() });
    }
    // Nothing is heard from who did not show the token.
    if (!watchers.has(socket)) return void socket.destroy();
    switch (message.kind) {
      case 'cancel':
        return options.cancel();
      case 'seen':
        if (ending !== undefined) void kept.remove().then(seen);
        return;
      default:
        message satisfies never;
    }
  };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => watchers.delete(socket));
    messageLines<ToRun>(socket, (message) => hear(socket, message));
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(kept.record.socket, done);
  });

  let timer: NodeJS.Timeout | undefined;
  const tellAll = (news: RunNews): void => {
    for (const socket of watchers.keys()) tell(socket, news);
  };
  return {
    start(by) {
      computing = by;
      tellAll({ kind: 'started', computing: by });
    },
    progress(progress) {
      latest = progress;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (ending === undefined) tellAll({ kind: 'progress', progress: latest! });
      }, progressIntervalMs);
    },
    tick: () => tellAll({ kind: 'tick' }),
    async end(end, waitMs) {
      ending = end;
      clearTimeout(timer);
      tellAll({ kind: 'end', end });
      const patience = new Promise((done) => setTimeout(done, waitMs));
      await Promise.race([wasSeen, patience]);
      for (const socket of watchers.keys()) socket.end();
      await new Promise((done) => {
        server.close(done);
        setTimeout(done, 200).unref();
      });
    },
  };
}

function isToken(shown: string, token: string): boolean {
  const a = Buffer.from(String(shown));
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
