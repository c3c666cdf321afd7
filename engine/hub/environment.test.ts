import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  hubCacheFolder,
  hubTimeouts,
  hubToken,
  namedEndpoint,
  offlineVariable,
} from './environment.ts';

const home = mkdtempSync(join(tmpdir(), 'mergewright-test-'));
afterAll(() => rmSync(home, { recursive: true }));

test('the cache: variables in their order, with ~ and $VAR', () => {
  const HOME = '/home/u';
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{}, '/home/u/.cache/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x', HF_HOME: '~/hf' }, '/home/u/hf/hub'],
    [{ HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '$BIG/c', BIG: '/big' }, '/big/c'],
    [{ HF_HUB_CACHE: '${BIG}/d', HUGGINGFACE_HUB_CACHE: '/e', BIG: '/big' }, '/big/d'],
    [{ HF_HUB_CACHE: '', HF_HOME: '/$NONE/h' }, '/$NONE/h/hub'],
  ];
  for (const [env, folder] of cases) expect(hubCacheFolder({ HOME, ...env })).toBe(folder);
});

test('offline is said by one of two variables, in several words', () => {
  for (const word of ['1', 'ON', 'yes', 'True']) {
    expect(offlineVariable({ HF_HUB_OFFLINE: word })).toBe('HF_HUB_OFFLINE');
    expect(offlineVariable({ TRANSFORMERS_OFFLINE: word })).toBe('TRANSFORMERS_OFFLINE');
  }
  for (const word of ['0', 'off', '', 'maybe']) {
    expect(offlineVariable({ HF_HUB_OFFLINE: word })).toBeUndefined();
  }
  expect(offlineVariable({ HF_HUB_OFFLINE: '0', TRANSFORMERS_OFFLINE: '1' })).toBeUndefined();
});

test('the token: variables, then the file that is named, then the one that a login leaves', async () => {
  const HOME = home;
  expect(await hubToken({ HOME })).toBeUndefined();
  writeFileSync(join(home, 'token'), 'hf_kept\n');
  const kept = { secret: 'hf_kept', from: join(home, 'token') };
  expect(await hubToken({ HOME, HF_HOME: '~' })).toEqual(kept);
  expect(await hubToken({ HOME, HF_TOKEN_PATH: '$HOME/token' })).toEqual(kept);
  expect(
    await hubToken({ HOME, HF_HOME: '~', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' }),
  ).toBeUndefined();
  const env = { HOME, HF_HOME: '~', HUGGING_FACE_HUB_TOKEN: ' hf_older\r\n' };
  expect(await hubToken(env)).toEqual({ secret: 'hf_older', from: 'HUGGING_FACE_HUB_TOKEN' });
  expect(await hubToken({ ...env, HF_TOKEN: 'hf_new' })).toMatchObject({ secret: 'hf_new' });
  // What could not stand in a header is no token.
  expect(await hubToken({ HOME, HF_TOKEN: 'hf_a\nhost: b' })).toBeUndefined();
});

test('address and patience', () => {
  expect(namedEndpoint({})).toBeUndefined();
  expect(namedEndpoint({ HF_ENDPOINT: 'http://hub.test/base/' })).toBe('http://hub.test/base');
  expect(hubTimeouts({ HF_HUB_ETAG_TIMEOUT: '2.5', HF_HUB_DOWNLOAD_TIMEOUT: 'soon' })).toEqual({
    answer: 2500,
    silence: 10_000,
  });
});
