import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localSource, sourceOfText } from '../../engine/checkpoints/source.ts';
import { sampleFolder, writeWeights } from '../../engine/safetensors/sample-files.ts';
import { HeaderStore } from './header-store.ts';
import { surroundingsAt } from './surroundings.ts';
import { isInWorkspace } from './trust.ts';

let root: string;
let outside: string;

beforeEach(() => {
  root = sampleFolder();
  outside = sampleFolder();
});

afterEach(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
});

const trusting = { trusted: true, folders: [] };

function writeModel(
  path: string,
  words: Readonly<Record<string, string>> = { a: 'F32 [2]' },
): void {
  mkdirSync(path, { recursive: true });
  writeWeights(path, words);
}

const modelAt = (name: string) => localSource(name, root);

describe('the headers of open recipes', () => {
  it('are read once, whoever refers to them', async () => {
    writeModel(join(root, 'a'));
    const store = new HeaderStore({ trust: trusting });
    expect(await store.want('one.merge', [modelAt('a')])).toBe(true);
    const first = store.answerTo(modelAt('a'));
    expect(first?.kind).toBe('read');
    expect(await store.want('two.merge', [modelAt('./a')])).toBe(false);
    expect(store.answerTo(modelAt('a'))).toBe(first);
  });

  it('are forgotten with the last recipe that refers to them', async () => {
    writeModel(join(root, 'a'));
    const store = new HeaderStore({ trust: trusting });
    await store.want('one.merge', [modelAt('a')]);
    await store.want('two.merge', [modelAt('a')]);
    store.drop('one.merge');
    expect(store.answerTo(modelAt('a'))).toBeDefined();
    await store.want('two.merge', []);
    expect(store.answerTo(modelAt('a'))).toBeUndefined();
  });

  it('stay the same object while nothing changes', async () => {
    writeModel(join(root, 'a'));
    const store = new HeaderStore({ trust: trusting });
    await store.want('one.merge', [modelAt('a')]);
    const first = store.answerTo(modelAt('a'));
    expect(await store.look()).toBe(false);
    // A file beside the weights touches the folder, and tells nothing new.
    writeFileSync(join(root, 'a', 'notes.txt'), 'x');
    expect(await store.look()).toBe(false);
    expect(store.answerTo(modelAt('a'))).toBe(first);
  });

  it('follow what appears, changes and goes', async () => {
    const store = new HeaderStore({ trust: trusting });
    await store.want('one.merge', [modelAt('a')]);
    expect(store.answerTo(modelAt('a'))?.kind).toBe('fault');
    expect(await store.look()).toBe(false);

    writeModel(join(root, 'a'));
    expect(await store.look()).toBe(true);
    expect(store.answerTo(modelAt('a'))?.kind).toBe('read');

    writeModel(join(root, 'a'), { a: 'F32 [3]' });
    expect(await store.look()).toBe(true);

    writeFileSync(join(root, 'a', 'config.json'), '{"num_hidden_layers": 2}');
    expect(await store.look()).toBe(true);

    renameSync(join(root, 'a'), join(root, 'b'));
    expect(await store.look()).toBe(true);
    expect(store.answerTo(modelAt('a'))?.kind).toBe('fault');
  });

  it('of a half-written file are read again though its folder stays as it is', async () => {
    writeModel(join(root, 'whole'));
    mkdirSync(join(root, 'a'));
    writeFileSync(join(root, 'a', 'other.safetensors'), '');
    const store = new HeaderStore({ trust: trusting });
    await store.want('one.merge', [modelAt('a')]);
    expect(store.answerTo(modelAt('a'))?.kind).toBe('fault');
    writeFileSync(
      join(root, 'a', 'other.safetensors'),
      readFileSync(join(root, 'whole', 'model.safetensors')),
    );
    expect(await store.look()).toBe(true);
    expect(store.answerTo(modelAt('a'))?.kind).toBe('read');
  });

  it('of a hub id are found when it is downloaded', async () => {
    const env = { HF_HUB_CACHE: join(root, 'hub') };
    const source = sourceOfText('org/name', root);
    const store = new HeaderStore({ trust: trusting, env });
    await store.want('one.merge', [source]);
    expect(store.answerTo(source)?.kind).toBe('fault');
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const repository = join(root, 'hub', 'models--org--name');
    writeModel(join(repository, 'snapshots', commit));
    mkdirSync(join(repository, 'refs'));
    writeFileSync(join(repository, 'refs', 'main'), commit);
    expect(await store.look()).toBe(true);
    expect(store.answerTo(source)?.kind).toBe('read');
  });
});

describe('before trust is given', () => {
  const untrusting = () => ({ trusted: false, folders: [root] });

  it('headers of the workspace’s own files alone are read', async () => {
    writeModel(join(root, 'own'));
    writeModel(join(outside, 'far'));
    symlinkSync(join(outside, 'far'), join(root, 'link'));
    const store = new HeaderStore({ trust: untrusting() });
    const sources = [modelAt('own'), modelAt(join(outside, 'far')), modelAt('link')];
    const hub = sourceOfText('org/name', root);
    await store.want('one.merge', [...sources, hub]);
    expect([...sources, hub].map((source) => store.answerTo(source)?.kind)).toEqual([
      'read',
      'withheld',
      'withheld',
      'withheld',
    ]);
    expect(await store.setTrust(trusting)).toBe(true);
    expect(sources.map((source) => store.answerTo(source)?.kind)).toEqual(['read', 'read', 'read']);
    await store.setTrust(untrusting());
    expect(sources.map((source) => store.answerTo(source)?.kind)).toEqual([
      'read',
      'withheld',
      'withheld',
    ]);
  });

  it('no device, no folder above and no blobs beside are touched', async () => {
    const trust = untrusting();
    expect(await isInWorkspace('/dev/zero', trust)).toBe(false);
    expect(await isInWorkspace(join(root, '..'), trust)).toBe(false);
    expect(await isInWorkspace(join(root, 'nothing-yet'), trust)).toBe(true);
    // Asking alone whether it is there would reach a network share.
    expect(await isInWorkspace(join(outside, 'nothing-yet'), trust)).toBe(false);
    // A snapshot of a hub cache may link into the blobs beside it, which here are no part of the workspace.
    const snapshot = join(outside, 'models--org--name', 'snapshots', 'commit');
    mkdirSync(snapshot, { recursive: true });
    expect(await isInWorkspace(snapshot, { trusted: false, folders: [snapshot] })).toBe(false);
    expect(await isInWorkspace(snapshot, { trusted: false, folders: [outside] })).toBe(true);
  });

  it('completion lists the workspace’s own folders alone', async () => {
    mkdirSync(join(root, 'models', 'one'), { recursive: true });
    const { entriesOf, hubIds } = surroundingsAt(root, untrusting());
    expect(await entriesOf('./models/')).toEqual([{ name: 'one', isFolder: true }]);
    expect(await entriesOf(`${outside}/`)).toEqual([]);
    expect(await entriesOf('../')).toEqual([]);
    expect(await hubIds()).toEqual([]);
  });
});
