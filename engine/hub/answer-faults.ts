/** The hub's refusals in words: each with what is the matter and a way out. */
import { raise } from '../faults/fault.ts';
import { gatedModel } from '../faults/gated-model.ts';
import { hubAnswerMalformed } from '../faults/hub-answer-malformed.ts';
import { hubRefuses } from '../faults/hub-refuses.ts';
import { hubSlowsDown } from '../faults/hub-slows-down.ts';
import { hubUnreachable } from '../faults/hub-unreachable.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { unknownToHub } from '../faults/unknown-to-hub.ts';
import { hubName } from './hub-line.ts';
import type { HubAnswer, HubLine, HubQuestion } from './hub-line.ts';

const tokenHelp =
  'name one of an account that may read it in HF_TOKEN, or log in with: hf auth login';

/** Throws the fault that an answer's status, and the code that the hub puts beside it, stand for. */
export function refuseAnswer(
  line: HubLine,
  { about: { id, revision }, file }: HubQuestion,
  { status, headers }: Pick<HubAnswer, 'status' | 'headers'>,
): never {
  const { token } = line;
  const name = shown(id);
  const code = headers.get('x-error-code') ?? '';
  if (code === 'GatedRepo') {
    raise(gatedModel, {
      message: `The owner of ${name} asks who uses it${token === undefined ? ', and no token says who you are' : `, and the account of the token (${shownPlain(token.from)}) has no access yet`}.`,
      help: `Agree to the terms on ${shownPlain(`${line.endpoint}/${id}`)}${token === undefined ? `, then give a token: ${tokenHelp}` : ', wait until the access is given, and fetch again'}.`,
    });
  }
  if (code === 'RevisionNotFound') {
    raise(unknownToHub, {
      message: `${hubName(line)} knows ${name}, but not its revision ${shown(revision)}.`,
      help: 'Name a branch, a tag or a commit that the model’s page lists.',
    });
  }
  if (code === 'EntryNotFound' || (status === 404 && file !== undefined)) {
    raise(unknownToHub, {
      message: `${hubName(line)} lists the file ${shown(file ?? '')} of ${name}, but does not give it.`,
      help: 'Fetch again later, or name another revision.',
    });
  }
  if (status === 404 || code === 'RepoNotFound' || (status === 401 && token === undefined)) {
    raise(unknownToHub, {
      message: `${hubName(line)} knows no model ${name}${token === undefined ? ', or it is private' : ' that the token may read'}.`,
      help: `Correct the id; where the model is private, a token opens it: ${tokenHelp}.`,
    });
  }
  if (status === 401) {
    raise(hubRefuses, {
      message: `${hubName(line)} does not accept the token (${shownPlain(token!.from)}): it is wrong or has run out.`,
      help: `Give a new one: ${tokenHelp}; without any, public models can be fetched.`,
    });
  }
  if (status === 403) {
    raise(hubRefuses, {
      message: `${hubName(line)} does not let ${token === undefined ? 'anybody without a token' : `the token (${shownPlain(token.from)})`} read ${name}.`,
      help:
        token === undefined
          ? `Give a token: ${tokenHelp}.`
          : 'Give the token the right to read this model, or another token with HF_TOKEN.',
    });
  }
  if (status === 429) {
    const pause = askedPause(headers);
    const when = pause === undefined ? 'in some minutes' : `in ${Math.ceil(pause / 1000)} s`;
    raise(hubSlowsDown, {
      message: `${hubName(line)} takes no more requests from here for now.`,
      help: `Fetch again ${when}: it goes on from what has arrived.${token === undefined ? ' With a token in HF_TOKEN the hub allows more.' : ''}`,
    });
  }
  if (status >= 500 || status === 408) {
    raise(hubUnreachable, {
      message: `${hubName(line)} is in trouble itself: it answers ${status}.`,
      help: 'Fetch again later: it goes on from what has arrived.',
    });
  }
  raise(hubAnswerMalformed, {
    message: `${hubName(line)} answers ${status}, which a hub does not.`,
    help: 'Look whether HF_ENDPOINT names a hub, and whether a proxy stands between.',
  });
}

/** What the hub asks to wait, in milliseconds: `Retry-After`, or the end of its window of requests. */
export function askedPause(headers: Headers): number | undefined {
  const after = /^\s*(\d{1,6})\s*$/.exec(headers.get('retry-after') ?? '')?.[1];
  const window = /;\s*t=(\d{1,6})\b/.exec(headers.get('ratelimit') ?? '')?.[1];
  const seconds = after ?? window;
  return seconds === undefined ? undefined : 1000 * Number(seconds);
}
