/**
 * A merge on a GPU runs in a child: drivers end processes, and processes hang in them. The child has this process's streams; here it
 * is only watched, started again once where it died or went silent, and then once more without the GPU. It goes on with what it had
 * stored. A merge without a GPU runs in this process, which starts sooner.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mayHaveGpu } from '../../engine/backends/gpu/may-have-gpu.ts';
import type { Notice } from '../../engine/output/notice.ts';
import {
  attemptVariable,
  listenFor,
  restartNotice,
  wentSilent,
  type Attempt,
  type FromMerge,
  type HeartbeatOptions,
  type ToMerge,
} from '../../engine/protocol/supervision.ts';
import { engineLost } from '../../engine/faults/engine-lost.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { RunFlags } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** Whether the command is to be run in a child of its own: it may use a GPU, and is no such child itself. */
export function needsChild({ isInherited }: Terminal, { backend }: RunFlags): boolean {
  if (isInherited !== true || process.env[attemptVariable] !== undefined) return false;
  return backend === 'gpu' || (backend === 'auto' && mayHaveGpu());
}

export interface SuperviseOptions extends HeartbeatOptions {
  /** Starts the program, with a channel for messages. */
  readonly start?: (attempt: Attempt) => ChildProcess;
  /** How long an ended or cancelled child may take to be gone. */
  readonly farewellMs?: number;
}

/** Runs this command in a child until one of them ends by itself, at most three. */
export async function superviseRun(
  terminal: Terminal,
  options: SuperviseOptions = {},
): Promise<ExitCode> {
  const { start = startSelf } = options;
  const stopping = cancels();
  const notices: Notice[] = [];
  try {
    for (const withoutGpu of [false, false, true]) {
      const ending = await watched(start({ notices, withoutGpu }), stopping, options);
      if ('code' in ending) return ending.code;
      if (stopping.isAsked()) {
        const kept = ending.isForced
          ? '; what was stored is kept, and the same run goes on with it'
          : '';
        terminal.err(`cancelled: nothing was published${kept}\n`);
        return exitCode.cancelled;
      }
      if (withoutGpu) return sayLost(terminal, ending.died);
      const notice = restartNotice(ending.died, { withoutGpu: notices.length > 0 });
      notices.push(notice);
      terminal.err(`${terminal.isInteractive ? '\r\u001b[2K' : ''}note: ${notice.message}\n`);
    }
    throw new Error('the last child was neither ended nor lost');
  } finally {
    stopping.stop();
  }
}

function sayLost(terminal: Terminal, died: string): ExitCode {
  terminal.err(
    [
      `error ${engineLost.code}: The process of the merge ${died}, for the third time, and without the GPU.\n`,
      '  What was stored is kept: run it again with a smaller --memory if the machine is short of it, and send the report if it happens again.\n',
    ].join(''),
  );
  return exitCode.machine;
}

/** This command, on the same streams. */
function startSelf(attempt: Attempt): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [attemptVariable]: JSON.stringify(attempt) },
    windowsHide: true,
  });
}

interface Cancels {
  isAsked(): boolean;
  /** Who hears of it from now on: `wish` the first time, `force` the second. */
  tell(listener: { readonly wish: () => void; readonly force: () => void } | undefined): void;
  stop(): void;
}

/** An interrupt at a terminal reaches the child too, and one from elsewhere does not: it is asked in words, which it may hear twice. */
function cancels(): Cancels {
  let asked = 0;
  let told: Parameters<Cancels['tell']>[0];
  const hear = (): void => {
    asked++;
    if (asked === 1) told?.wish();
    else told?.force();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    isAsked: () => asked > 0,
    tell(listener) {
      told = listener;
      if (asked > 0) told?.wish();
    },
    stop() {
      process.removeListener('SIGINT', hear);
      process.removeListener('SIGTERM', hear);
    },
  };
}

/** How a child came to its end: by itself, or how it died, in words. */
type Ending = { readonly code: ExitCode } | { readonly died: string; readonly isForced: boolean };

function watched(
  child: ChildProcess,
  stopping: Cancels,
  { farewellMs = 5000, ...ticks }: SuperviseOptions,
): Promise<Ending> {
  let said: ExitCode | undefined;
  let isSilent = false;
  let isForced = false;
  let farewell: NodeJS.Timeout | undefined;
  const kill = (): void => {
    isForced = true;
    child.kill('SIGKILL');
  };
  const killSoon = (): void => void (farewell ??= setTimeout(kill, farewellMs));
  const silent = (): void => {
    isSilent = true;
    kill();
  };
  const heartbeat = listenFor(silent, ticks);
  child.on('message', (message: FromMerge) => {
    heartbeat.heard();
    if (message.kind !== 'ended') return;
    said = message.code as ExitCode;
    killSoon();
  });
  stopping.tell({
    wish() {
      const cancel: ToMerge = { kind: 'cancel' };
      if (child.connected) child.send(cancel, () => undefined);
      killSoon();
    },
    force: kill,
  });
  return new Promise((resolve) => {
    const end = (ending: Ending): void => {
      heartbeat.stop();
      clearTimeout(farewell);
      stopping.tell(undefined);
      resolve(ending);
    };
    child.on('error', (error) => end({ died: `did not start (${error.message})`, isForced }));
    child.on('exit', (code, signal) => {
      if (said !== undefined) return end({ code: said });
      // Without a word only a thrown exception ends a program of ours; every other end is a crash, whatever its number.
      if (code === exitCode.done || code === exitCode.fault) return end({ code });
      const died = isSilent ? wentSilent : `ended (${signal ?? `code ${code}`})`;
      end({ died, isForced });
    });
  });
}
