/** The editor's button, with an editor that answers by itself: what is asked, what is shown, what is cancelled. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TextDocument } from 'vscode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bigFiles, commit, hubDesk, modelFiles, snapshotOf, type HubDesk } from './kit.ts';
import { sha256Of } from './local-hub.ts';

interface Shown {
  readonly text: string;
  readonly detail?: string;
}

const editor = vi.hoisted(() => ({
  isTrusted: true,
  answer: undefined as string | undefined,
  shown: [] as Shown[],
  steps: [] as { readonly message?: string; readonly increment?: number }[],
  cancel: undefined as (() => void) | undefined,
}));

vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  commands: {},
  Uri: class {},
  WorkspaceEdit: class {},
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
  },
  window: {
    showInformationMessage(text: string, options?: { readonly detail?: string }) {
      const detail = typeof options === 'object' ? options.detail : undefined;
      editor.shown.push({ text, ...(detail === undefined ? {} : { detail }) });
      return Promise.resolve(editor.answer);
    },
    showErrorMessage(text: string) {
      editor.shown.push({ text });
      return Promise.resolve(undefined);
    },
    withProgress(
      _: unknown,
      work: (progress: unknown, token: unknown) => Promise<unknown>,
    ): Promise<unknown> {
      const stops: (() => void)[] = [];
      editor.cancel = () => stops.forEach((stop) => stop());
      return work(
        { report: (step: (typeof editor.steps)[number]) => editor.steps.push(step) },
        { onCancellationRequested: (stop: () => void) => stops.push(stop) },
      );
    },
  },
}));

const { fetchingModels } = await import('../../client/extension/hub/fetch-models.ts');

const id = 'org/name';
let desk: HubDesk;
beforeEach(async () => {
  desk = await hubDesk();
  Object.assign(editor, { isTrusted: true, answer: 'Fetch', shown: [], steps: [] });
  for (const [name, value] of Object.entries(desk.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await desk[Symbol.asyncDispose]();
});

function offer(files: Record<string, Buffer>): void {
  desk.hub.models.set(id, { commits: { [commit]: files }, revisions: { main: commit } });
}

/** Presses the button on a recipe of one model; how often headers were looked at again. */
async function press(): Promise<number> {
  let looks = 0;
  const path = join(desk.folder, 'one.merge');
  const document = {
    uri: { scheme: 'file', fsPath: path, path, toString: () => `file://${path}` },
    getText: () => `model base = "${id}"\n`,
    version: 1,
  } as unknown as TextDocument;
  const fetchModels = fetchingModels({
    load: () => import('../../engine/hub/fetch.ts'),
    fetched: () => Promise.resolve(void looks++),
  });
  await fetchModels(document);
  return looks;
}

test('sizes are shown before anything moves, and then the models are there', async () => {
  const files = modelFiles(desk.folder);
  offer(files);
  editor.answer = undefined;
  expect(await press()).toBe(0);
  expect(editor.shown).toEqual([
    {
      text: expect.stringMatching(/^Fetch [\d.]+ kB from the hub\?$/),
      detail: expect.stringMatching(
        /^org\/name \(main\): [\d.]+ kB in 10 files\n\nInto .*, which has [\d.]+ .B free\.$/,
      ),
    },
  ]);
  expect(existsSync(desk.cache)).toBe(false);
  editor.answer = 'Fetch';
  expect(await press()).toBe(1);
  expect(snapshotOf(desk, id, files)).toHaveLength(10);
  const percent = editor.steps.reduce((sum, { increment = 0 }) => sum + increment, 0);
  expect(percent).toBeCloseTo(100);
  expect(await press()).toBe(0);
  expect(editor.shown.at(-1)!.text).toBe('Every hub model of this recipe is in the local cache.');
});

test('a fault has its sentence and its way out', async () => {
  expect(await press()).toBe(0);
  expect(editor.shown).toEqual([
    { text: expect.stringMatching(/knows no model "org\/name".* Correct the id/) },
  ]);
});

test('before trust is given, nothing is asked', async () => {
  offer(bigFiles(3000));
  editor.isTrusted = false;
  editor.answer = undefined;
  expect(await press()).toBe(0);
  expect(editor.shown[0]!.text).toMatch(/only in a folder that you trust/);
  expect(desk.hub.asked).toEqual([]);
});

test('a cancel leaves what the next press goes on with', async () => {
  const files = bigFiles(300_000);
  offer(files);
  vi.stubEnv('HF_HUB_DOWNLOAD_TIMEOUT', '60');
  desk.hub.script.set('model.safetensors', [{ kind: 'stalls', after: 100_000 }]);
  const pressed = press();
  await vi.waitFor(() =>
    expect(editor.steps.some(({ increment = 0 }) => increment > 0)).toBe(true),
  );
  editor.cancel!();
  await pressed;
  expect(editor.shown.at(-1)!.text).toMatch(/^Cancelled\. What has arrived stays/);
  const sum = sha256Of(files['model.safetensors']!);
  expect(existsSync(desk.at(id, 'blobs', `${sum}.incomplete`))).toBe(true);
  expect(await press()).toBe(1);
  expect(snapshotOf(desk, id, files)).toEqual(['model.safetensors', 'config.json']);
});
