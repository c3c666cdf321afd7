/** Merges that the panel computes, as where no Node runs: the setting that tests have for it brings that about. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cancelInPanel, reportOf, until, type WindowCase } from './kit.ts';

const inPanel = { 'mergewright.testing.mergeInPanel': true };
const onSoftwareGpu = { 'mergewright.backend': 'gpu', 'mergewright.testing.softwareGpu': true };
/** The reference in small slices: half a minute for a small merge. */
const slowly = { 'mergewright.backend': 'oracle', 'mergewright.memory': '16MB' };

export const panelCases: readonly WindowCase[] = [
  {
    name: "the panel's own GPU gives the digest of the command line, and the report says that it did",
    settings: { ...inPanel, ...onSoftwareGpu },
    async run(editor) {
      await editor.open('digits.merge');
      await editor.command('Mergewright: Preview Merge');
      const panel = await editor.panel();
      // Said before it starts.
      await panel.getByText('ends when it is closed').first().waitFor();
      await panel.getByText(/this panel, on GPU/).waitFor();
      await panel
        .getByText(/about .* (s|min)/)
        .first()
        .waitFor();
      await panel.getByRole('button', { name: 'Merge', exact: true }).first().click();
      await panel.getByText('Merged', { exact: true }).waitFor();
      const { weightsDigest, backends } = reportOf(join(editor.workspace, 'out', 'digits'));
      assert.equal(weightsDigest, process.env.MERGEWRIGHT_EXPECTED_DIGEST);
      const [gpu, ...rest] = backends;
      assert.deepEqual([gpu!.backend, gpu!.host], ['gpu', 'panel']);
      assert.match(gpu!.device!, /swiftshader/i);
      assert.ok(gpu!.slices > 0);
      assert.ok(rest.every(({ host }) => host === 'panel'));
      await panel.getByText(/GPU in the panel, .*swiftshader/i).waitFor();
      await editor.shot('merged-by-the-panel');
      assert.deepEqual(await editor.notifications(), []);
    },
  },
  {
    name: 'without a GPU the panel computes with WebAssembly, to the digest of the command line',
    settings: inPanel,
    async run(editor) {
      await editor.open('slow.merge');
      await editor.command('Mergewright: Merge');
      const panel = await editor.panel();
      await panel.getByText('Merged', { exact: true }).waitFor();
      const { weightsDigest, backends } = reportOf(join(editor.workspace, 'out', 'slow'));
      assert.equal(weightsDigest, process.env.MERGEWRIGHT_EXPECTED_SLOW_DIGEST);
      assert.deepEqual(
        backends.map(({ backend, host }) => [backend, host]),
        [['wasm', 'panel']],
      );
      await panel.getByText(/WebAssembly in the panel/).waitFor();
    },
  },
  {
    name: 'Cancel of a merge in the panel answers within a second and leaves nothing',
    settings: { ...inPanel, ...slowly },
    async run(editor) {
      const { page, workspace } = editor;
      await editor.open('slow.merge');
      await editor.command('Mergewright: Merge');
      const panel = await editor.panel();
      await panel
        .getByText(/tensors/)
        .first()
        .waitFor();
      await panel.getByText('It ends when this panel is closed.').waitFor();
      await page.waitForTimeout(500);
      const seconds = await cancelInPanel(panel);
      assert.ok(seconds < 1, `cancel took ${seconds.toFixed(2)} s`);
      assert.deepEqual(leftIn(workspace), []);
    },
  },
  {
    name: 'closing the panel in the middle of its merge is one message with one button, and leaves nothing',
    settings: { ...inPanel, ...slowly },
    async run(editor) {
      const { page, workspace } = editor;
      await editor.open('slow.merge');
      await editor.command('Mergewright: Merge');
      await (
        await editor.panel()
      )
        .getByText(/tensors/)
        .first()
        .waitFor();
      await until(() => leftIn(workspace).length > 0);
      await editor.closePanel();
      const [only, ...more] = await until(async () => {
        const shown = await editor.notifications();
        return shown.length > 0 && shown;
      });
      assert.match(only!.text, /The panel that merged slow\.merge was closed/);
      assert.deepEqual(only!.buttons, ['Merge again']);
      assert.deepEqual(more, []);
      await until(() => leftIn(workspace).length === 0);
      await editor.shot('panel-closed-in-its-merge');
      await page.locator('.notification-list-item-buttons-container a').click();
      const panel = await editor.panel();
      await panel.getByText('It ends when this panel is closed.').waitFor();
      await panel.getByRole('button', { name: 'Cancel' }).first().click();
      await panel.getByText(/^Cancelled/).waitFor();
    },
  },
];

/** What stands where outputs go: the folder itself may stay. */
function leftIn(workspace: string): readonly string[] {
  const out = join(workspace, 'out');
  return existsSync(out) ? readdirSync(out) : [];
}
