/** Previewing and merging from the editor: the engine's processes and the panel's state. */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../../engine/protocol/run.ts';
import {
  api,
  assert,
  closeAll,
  computeSlowly,
  openRecipe,
  panelState,
  readReport,
  replaceText,
  mergeSlowly,
  runState,
  until,
  vscode,
  workspaceFolder,
  type Case,
} from './kit.ts';

const out = (name: string): string => join(workspaceFolder(), 'out', name);

/** Where the extension keeps the records of runs: beside its other state. */
async function records(): Promise<readonly RunRecord[]> {
  const folder = process.env.MERGEWRIGHT_RUN_RECORDS!;
  const names = await readdir(folder).catch((): string[] => []);
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  return texts.filter((text) => text !== '').map((text) => JSON.parse(text) as RunRecord);
}

export const mergingCases: readonly Case[] = [
  {
    name: 'Preview opens the panel beside the recipe, with plan and figures',
    async run() {
      await openRecipe('digits.merge');
      await vscode.commands.executeCommand('mergewright.preview');
      const map = await until('figures', async () => {
        const state = await panelState();
        return state?.map !== undefined && /exact|sampled/.test(state.map.reading) && state.map;
      });
      assert.equal(map.step, 'blend');
      assert.deepEqual(
        map.models.map(({ name }) => name),
        ['low', 'mid', 'high'],
      );
      const total = map.rows.find(({ kind }) => kind === 'total')!;
      assert.ok(total.models.every(({ gap }) => gap!.value > 0.5 && gap!.value < 1));
      const plan = (await panelState())!.plan!;
      assert.equal(plan.outputs[0]!.folder, out('digits'));
      assert.ok(plan.bytesToWrite > 150_000 && plan.bytesToRead >= 4 * 330_000);
      assert.equal(vscode.window.activeTextEditor?.document.languageId, 'merge');
      await closeAll();
      await until('the panel is gone', async () => (await panelState()) === undefined);
    },
  },
  {
    name: 'Merge gives the digest of the command line, and the report says who computed it',
    async run() {
      const { document } = await openRecipe('digits.merge');
      await vscode.commands.executeCommand('mergewright.merge');
      const run = await runState('done');
      assert.ok(run.kind === 'done');
      const [output] = run.outputs;
      assert.equal(output!.report.weightsDigest, process.env.MERGEWRIGHT_EXPECTED_DIGEST);
      const stored = await readReport(out('digits'));
      assert.equal(stored.weightsDigest, process.env.MERGEWRIGHT_EXPECTED_DIGEST);
      assert.match(stored.backends.map(({ backend }) => backend).join(), /wasm|gpu/);
      assert.equal(stored.recipe.text, document.getText());
      assert.match(output!.useIt, /from_pretrained/);
      await until('the record of a seen run goes', async () => (await records()).length === 0);
      await closeAll();
    },
  },
  {
    name: 'what is in the editor is merged, saved or not; an output of another recipe is replaced only on request',
    async run() {
      const { document } = await openRecipe('digits.merge');
      await replaceText(document, document.getText().replace('= 30% in', '= 40% in'));
      await vscode.commands.executeCommand('mergewright.merge');
      const run = await runState('failed');
      assert.ok(run.kind === 'failed');
      assert.deepEqual(run.fault.action, {
        title: 'Replace',
        command: { kind: 'merge', overwrite: true },
      });
      assert.equal(
        (await readReport(out('digits'))).weightsDigest,
        process.env.MERGEWRIGHT_EXPECTED_DIGEST,
      );
      await closeAll();
    },
  },
  {
    name: 'a recipe with errors is not merged, and the last good picture stays',
    async run() {
      const { document } = await openRecipe('digits.merge');
      await vscode.commands.executeCommand('mergewright.preview');
      const before = await until('figures', async () => (await panelState())?.map);
      await replaceText(document, document.getText().replace('ties(', 'tise('));
      const errors = await until('an error in the panel', async () => {
        const found = (await panelState())?.recipe?.errors;
        return found !== undefined && found.length > 0 && found;
      });
      assert.match(errors[0]!.message, /tise/);
      assert.deepEqual((await panelState())!.map!.models, before.models);
      void vscode.commands.executeCommand('mergewright.merge');
      await new Promise((done) => setTimeout(done, 500));
      assert.deepEqual(await records(), []);
      await closeAll();
    },
  },
  {
    name: 'a second merge waits in line; Cancel answers within a second and publishes nothing',
    limit: 60,
    async run() {
      await mergeSlowly();
      const [record] = await records();
      assert.ok(Buffer.byteLength(record!.socket) <= 100, record!.socket);
      const folder = process.env.MERGEWRIGHT_RUN_RECORDS!;
      assert.equal((await stat(join(folder, `${record!.runId}.json`))).mode & 0o777, 0o600);
      await rm(out('digits'), { recursive: true, force: true });
      await openRecipe('digits.merge');
      await vscode.commands.executeCommand('mergewright.merge');
      await runState('waiting');
      await openRecipe('slow.merge');
      await vscode.commands.executeCommand('mergewright.preview');
      await runState('running');
      const begun = performance.now();
      await vscode.commands.executeCommand('mergewright.cancel');
      await runState('cancelled', 5);
      const seconds = (performance.now() - begun) / 1000;
      assert.ok(seconds < 1, `cancel took ${seconds.toFixed(2)} s`);
      assert.ok(!existsSync(out('slow')) && !existsSync(`${out('slow')}.part`));
      await openRecipe('digits.merge');
      await vscode.commands.executeCommand('mergewright.preview');
      await runState('done');
      await computeSlowly({ slowly: false });
      await closeAll();
    },
  },
  {
    name: 'a killed process is started again, and said; one killed again is one message with one button',
    limit: 90,
    async run() {
      await mergeSlowly();
      const [first] = await records();
      process.kill(first!.pid, 'SIGKILL');
      const second = await until('the process that goes on', async () => {
        const [record] = await records();
        return record !== undefined && record.pid !== first!.pid && record;
      });
      await runState('running');
      await until('the words for it', async () => {
        const [notice] = (await panelState())?.notices ?? [];
        return notice?.message.includes('started again') === true;
      });
      process.kill(second.pid, 'SIGKILL');
      const run = await runState('failed', 10);
      assert.ok(run.kind === 'failed');
      assert.equal(run.fault.action?.title, 'Merge again');
      assert.match(run.fault.message, /slow\.merge/);
      await vscode.commands.executeCommand('mergewright.merge');
      await runState('running');
      await vscode.commands.executeCommand('mergewright.cancel');
      await runState('cancelled', 5);
      assert.ok(!existsSync(`${out('slow')}.lock`));
      await computeSlowly({ slowly: false });
      await closeAll();
    },
  },
  {
    name: 'closing the panel stops no merge',
    limit: 60,
    async run() {
      await rm(out('digits'), { recursive: true, force: true });
      await openRecipe('digits.merge');
      await vscode.commands.executeCommand('mergewright.merge');
      await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
      await until('the output', () => existsSync(join(out('digits'), 'mergewright.json')));
      const { weightsDigest } = await readReport(out('digits'));
      assert.equal(weightsDigest, process.env.MERGEWRIGHT_EXPECTED_DIGEST);
      await closeAll();
    },
  },
  {
    name: 'a new recipe from a folder of models checks and plans at once',
    async run() {
      const folder = vscode.Uri.file(join(workspaceFolder(), 'models'));
      const text = await vscode.commands.executeCommand<string>(
        'mergewright.newRecipeFromFolders',
        folder,
      );
      assert.match(text, /model base = "\.\/models\/base"/);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await closeAll();
    },
  },
  {
    name: 'the diagnostic report names versions and the engine',
    async run() {
      void vscode.commands.executeCommand('mergewright.copyDiagnosticReport');
      const text = await until('the clipboard', async () => {
        const read = await vscode.env.clipboard.readText();
        return read.startsWith('Mergewright') && read;
      });
      assert.match(text, /engine runtime Node \d+/);
      assert.match(text, /language server running/);
      await api();
    },
  },
];
