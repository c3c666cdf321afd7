import { homedir } from 'node:os';
import { join } from 'node:path';
import { readBoundedText } from '../checkpoints/read-json.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the cache is, by the variables that Hugging Face's own tools read, in their order. */
export function hubCacheFolder(env: Environment): string {
  return (
    expanded(env, 'HF_HUB_CACHE') ??
    expanded(env, 'HUGGINGFACE_HUB_CACHE') ??
    join(hubHome(env), 'hub')
  );
}

/** What holds the cache and the token, unless they are named themselves. */
function hubHome(env: Environment): string {
  const direct = expanded(env, 'HF_HOME');
  if (direct !== undefined) return direct;
  return join(expanded(env, 'XDG_CACHE_HOME') ?? join(homeOf(env), '.cache'), 'huggingface');
}

function homeOf(env: Environment): string {
  return env['HOME'] ?? env['USERPROFILE'] ?? homedir();
}

/** A variable's path, with a leading `~` and `$VAR` or `${VAR}` replaced; an empty one is as if it were not set. */
function expanded(env: Environment, name: string): string | undefined {
  const value = env[name];
  if (value === undefined || value === '') return undefined;
  const withHome = value === '~' || /^~[\\/]/.test(value) ? homeOf(env) + value.slice(1) : value;
  return withHome.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, plain: string | undefined) =>
      env[braced ?? plain ?? ''] ?? whole,
  );
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['1', 'ON', 'YES', 'TRUE'].includes(value.toUpperCase());
}

/** The variable that keeps the hub from being asked, where one does. The first that is not empty decides. */
export function offlineVariable(env: Environment): string | undefined {
  const name = ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'].find((of) => (env[of] ?? '') !== '');
  return name !== undefined && isTrue(env[name]) ? name : undefined;
}

/** Whether snapshots may hold links to their blobs, as far as the user says. */
export function mayLink(env: Environment): boolean {
  return !isTrue(env['HF_HUB_DISABLE_SYMLINKS']);
}

export interface HubToken {
  /** Sent to the hub's own address alone, and never shown. */
  readonly secret: string;
  /** Where it came from, for messages: a variable's name or a file's path. */
  readonly from: string;
}

/** The user's token, from a variable or the file that a login leaves. */
export async function hubToken(env: Environment): Promise<HubToken | undefined> {
  for (const from of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const secret = cleaned(env[from]);
    if (secret !== undefined) return { secret, from };
  }
  if (isTrue(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  const from = expanded(env, 'HF_TOKEN_PATH') ?? join(hubHome(env), 'token');
  const text = await readBoundedText(from, 10_000).catch(() => undefined);
  const secret = typeof text === 'string' ? cleaned(text) : undefined;
  return secret === undefined ? undefined : { secret, from };
}

/** Without the line end that editors and shells leave; nothing where it could not stand in a header. */
function cleaned(text: string | undefined): string | undefined {
  const secret = text?.trim();
  return secret !== undefined && /^[\x21-\x7e]+$/.test(secret) ? secret : undefined;
}

/** The hub's address, where it is not the one that everybody uses. */
export function namedEndpoint(env: Environment): string | undefined {
  const named = env['HF_ENDPOINT'];
  return named === undefined || named === '' ? undefined : named.replace(/\/+$/, '');
}

export interface HubTimeouts {
  /** Milliseconds until an answer begins. */
  readonly answer: number;
  /** Milliseconds without a byte, once it has begun. */
  readonly silence: number;
}

const defaultSeconds = 10;

export function hubTimeouts(env: Environment): HubTimeouts {
  const milliseconds = (name: string): number => {
    const seconds = Number(env[name] ?? '');
    return 1000 * (Number.isFinite(seconds) && seconds > 0 ? seconds : defaultSeconds);
  };
  return {
    answer: milliseconds('HF_HUB_ETAG_TIMEOUT'),
    silence: milliseconds('HF_HUB_DOWNLOAD_TIMEOUT'),
  };
}
