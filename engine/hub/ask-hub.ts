/**
 * Requests to the hub. Redirects are followed here, hop by hop, so that the token goes to the hub's own address and to no other;
 * answers that pass are waited for and asked for again, all others become faults.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { raise } from '../faults/fault.ts';
import { hubAnswerMalformed } from '../faults/hub-answer-malformed.ts';
import { hubUnreachable } from '../faults/hub-unreachable.ts';
import { shownPlain } from '../faults/shown.ts';
import { RunCancelled } from '../run/cancelled.ts';
import { askedPause, refuseAnswer } from './answer-faults.ts';
import { BrokenOff, hubName } from './hub-line.ts';
import type { HubAnswer, HubLine, HubQuestion } from './hub-line.ts';

/** A hub that asks for more patience than this is not waited for. */
const longestPauseMs = 60_000;
const mostRedirects = 8;

/** Asks, and asks again where that may help. Throws MW4581 to MW4583, MW6301 to MW6303, and `RunCancelled`. */
export async function askHub(line: HubLine, question: HubQuestion): Promise<HubAnswer> {
  for (let attempt = 0; ; attempt += 1) {
    const pause = line.pauses[attempt];
    const reply = await askOnce(line, question);
    if (reply.kind === 'answer') {
      const { answer } = reply;
      if (isGood(answer.status, question)) return answer;
      answer.drop();
      const asked = askedPause(answer.headers) ?? 0;
      const again = mayPass(answer.status) && pause !== undefined && asked <= longestPauseMs;
      if (!again) return refuseAnswer(line, question, answer);
      await pauseFor(line, Math.max(pause, asked));
      continue;
    }
    if (pause === undefined) {
      raise(hubUnreachable, {
        message: `${hubName(line)} does not answer: ${reply.why}.`,
        help: `Look at the network, a proxy or HF_ENDPOINT, and fetch again: it goes on from what has arrived.`,
      });
    }
    await pauseFor(line, pause);
  }
}

function isGood(status: number, { accepts = [] }: HubQuestion): boolean {
  return (status >= 200 && status < 300) || accepts.includes(status);
}

function mayPass(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

function isCancelled({ signal }: HubLine): boolean {
  return signal?.aborted === true;
}

async function pauseFor({ signal }: HubLine, milliseconds: number): Promise<void> {
  try {
    await wait(milliseconds, undefined, signal && { signal });
  } catch {
    throw new RunCancelled();
  }
}

type Reply =
  | { readonly kind: 'answer'; readonly answer: HubAnswer }
  /** The end of a sentence that says why there was none. */
  | { readonly kind: 'none'; readonly why: string };

async function askOnce(line: HubLine, question: HubQuestion): Promise<Reply> {
  let at = new URL(question.url);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const reply = await askAt(line, question, at);
    if (reply.kind === 'none') return reply;
    const { status, headers } = reply.answer;
    const location = headers.get('location');
    if (![301, 302, 303, 307, 308].includes(status) || location === null) return reply;
    reply.answer.drop();
    const next = URL.parse(location, at.href);
    if (next === null || !/^https?:$/.test(next.protocol)) {
      raise(hubAnswerMalformed, {
        message: `${hubName(line)} leads to an address that cannot be one.`,
        help: 'Look whether HF_ENDPOINT names a hub.',
      });
    }
    if (at.protocol === 'https:' && next.protocol === 'http:') {
      raise(hubAnswerMalformed, {
        message: `${hubName(line)} leads to ${shownPlain(next.host, 100)} without protection on the way.`,
        help: 'Do not go on: what arrives could come from anybody. Look whether HF_ENDPOINT names a hub.',
      });
    }
    at = next;
  }
  raise(hubAnswerMalformed, {
    message: `${hubName(line)} leads on and on, and nowhere.`,
    help: 'Look whether HF_ENDPOINT names a hub.',
  });
}

async function askAt(line: HubLine, question: HubQuestion, at: URL): Promise<Reply> {
  const { signal, timeouts, token } = line;
  if (isCancelled(line)) throw new RunCancelled();
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  signal?.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(cancel, timeouts.answer);
  const isHome = at.origin === new URL(line.endpoint).origin;
  try {
    const response = await line.fetch(at, {
      redirect: 'manual',
      signal: stop.signal,
      headers: {
        // Parts of a packed body would be parts of something else.
        'accept-encoding': 'identity',
        'user-agent': 'mergewright',
        ...question.headers,
        ...(isHome && token !== undefined ? { authorization: `Bearer ${token.secret}` } : {}),
      },
    });
    return { kind: 'answer', answer: answerOf(line, response, stop) };
  } catch (error) {
    if (isCancelled(line)) throw new RunCancelled();
    const late = `nothing came within ${timeouts.answer / 1000} s`;
    return { kind: 'none', why: stop.signal.aborted ? late : networkReason(error) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/** What the system says, without addresses. Anything but a failed fetch is a bug. */
function networkReason(error: unknown): string {
  if (!(error instanceof TypeError)) throw error;
  const cause: unknown = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be looked up';
    case 'ECONNREFUSED':
      return 'the connection is refused';
    case undefined:
      return 'the connection failed';
    default:
      return `the connection failed (${shownPlain(code, 60)})`;
  }
}

function answerOf(line: HubLine, response: Response, stop: AbortController): HubAnswer {
  const { signal, timeouts } = line;
  return {
    status: response.status,
    headers: response.headers,
    drop: () => void response.body?.cancel().catch(() => undefined),
    async *parts() {
      if (response.body === null) return;
      const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
      const cancel = (): void => stop.abort();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        for (;;) {
          const timer = setTimeout(cancel, timeouts.silence);
          const part = await reader.read().finally(() => clearTimeout(timer));
          if (part.done) return;
          yield part.value;
        }
      } catch {
        if (isCancelled(line)) throw new RunCancelled();
        throw new BrokenOff();
      } finally {
        signal?.removeEventListener('abort', cancel);
        // A reader that stops early lets the rest go.
        await reader.cancel().catch(() => undefined);
      }
    },
  };
}

/** A whole body of at most so many bytes. Throws `BrokenOff`, or MW6303 for a longer one. */
export async function wholeBody(
  line: HubLine,
  answer: HubAnswer,
  mostBytes: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.parts()) {
    length += part.length;
    if (length > mostBytes) {
      raise(hubAnswerMalformed, {
        message: `${hubName(line)} sends more than any answer of a hub has.`,
        help: 'Look whether HF_ENDPOINT names a hub.',
      });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
