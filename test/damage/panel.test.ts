/** A run whose program in the panel goes, is stopped, or asks for what it may not have. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FromCompute } from '../../engine/protocol/compute.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { panelCompute, type ComputeLine } from '../../engine/run/remote-compute.ts';
import { runRecipe } from '../kit/merge.ts';
import { panelLine, panelRun } from '../kit/panel-line.ts';
import { sources, workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = average([math, code])
output m to "./out/m"
`;

const isRead = ({ kind }: FromCompute): boolean => kind === 'read';

describe('a run in the panel leaves nothing behind', () => {
  test('when its program is lost: one fault, and the way out', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const line = panelLine({ onSaid: (message) => !isRead(message) });
    const result = await runRecipe(folder.at('m.merge'), {}, panelRun({ backend: 'wasm' }, line));
    expect(result).toMatchObject({
      ok: false,
      fault: {
        code: 'MW6201',
        message: 'The engine in the panel was lost: the test cut the line.',
        help: expect.stringContaining('leave the panel open'),
      },
    });
    expect(folder.list()).toEqual(before);
  });

  test('when it is cancelled, without waiting for the program', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const stop = new AbortController();
    const line = panelLine({
      onSaid: (message) => {
        if (isRead(message)) stop.abort();
        return true;
      },
    });
    const options = { signal: stop.signal };
    const compute = panelRun({ backend: 'wasm' }, line);
    const result = await runRecipe(folder.at('m.merge'), options, compute);
    expect(result).toMatchObject({ ok: true, value: { kind: 'cancelled' } });
    expect(line.isClosed()).toBe(true);
    expect(folder.list()).toEqual(before);
  });

  test('when it is cancelled while its program answers nothing', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const stop = new AbortController();
    let listener: Parameters<ComputeLine['listen']>[0] | undefined;
    let isClosed = false;
    const silent: ComputeLine = {
      send({ kind }) {
        if (kind === 'start') setImmediate(() => listener!.hear({ kind: 'started' }));
        if (kind === 'job') setImmediate(() => stop.abort());
      },
      listen: (given) => (listener = given),
      close: () => (isClosed = true),
    };
    const result = await runRecipe(
      folder.at('m.merge'),
      { signal: stop.signal },
      panelRun({ backend: 'wasm' }, { ...panelLine(), line: () => silent }),
    );
    expect(result).toMatchObject({ ok: true, value: { kind: 'cancelled' } });
    expect(isClosed).toBe(true);
    expect(folder.list()).toEqual(before);
  });

  test('when a GPU is asked for and the page has none', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const result = await runRecipe(folder.at('m.merge'), {}, panelRun({ backend: 'gpu' }));
    expect(result).toMatchObject({ ok: false, fault: { code: 'MW6203' } });
    expect(folder.list()).toEqual(before);
  });
});

test('a program that asks to write what is no output of the run has lost its way', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const before = folder.list();
  let listener: Parameters<ComputeLine['listen']>[0] | undefined;
  const stray: ComputeLine = {
    send: ({ kind }) => {
      const path = join(folder.at('math'), 'model.safetensors');
      const bytes = new ArrayBuffer(4);
      if (kind === 'start') setImmediate(() => listener!.hear({ kind: 'started' }));
      if (kind === 'job')
        setImmediate(() => listener!.hear({ kind: 'write', id: 1, path, offset: 0, at: 0, bytes }));
    },
    listen: (given) => (listener = given),
    close: () => undefined,
  };
  const open = panelCompute({
    backend: 'wasm',
    allowSoftwareGpu: false,
    line: () => stray,
    files: nodeFiles(),
  });
  const result = await runRecipe(folder.at('m.merge'), {}, open);
  expect(result).toMatchObject({ ok: false, fault: { code: 'MW6201' } });
  expect(result).toMatchObject({
    fault: { message: expect.stringContaining('is no file of this run') },
  });
  expect(folder.list()).toEqual(before);
});

test('without a GPU in the page, WebAssembly computes unless a GPU was asked for', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const result = await runRecipe(folder.at('m.merge'), {}, panelRun({ backend: 'auto' }));
  expect(result).toMatchObject({
    ok: true,
    value: { outputs: [{ report: { backends: [{ backend: 'wasm', host: 'panel' }] } }] },
  });
});
