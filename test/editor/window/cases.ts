/** What a user does with the mouse, in a window of the real VS Code. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../../engine/protocol/run.ts';
import { cancelInPanel, reportOf, until, type WindowCase } from './kit.ts';

/** The reference in small slices: half a minute for a small merge. */
const slowly = { 'mergewright.backend': 'oracle', 'mergewright.memory': '16MB' };

export const windowCases: readonly WindowCase[] = [
  {
    name: 'Preview above the step opens the panel; its Merge button gives the digest of the command line',
    async run(editor) {
      const { page, workspace } = editor;
      await editor.open('digits.merge');
      await page.locator('.codelens-decoration a', { hasText: 'Preview' }).first().click();
      const panel = await editor.panel();
      await panel.getByText('Gap to each model').first().waitFor();
      await panel.getByText(/nearer to every model/).waitFor();
      await editor.shot('panel-preview');
      await panel.getByRole('button', { name: 'Merge', exact: true }).first().click();
      await panel
        .getByText(/weights/i)
        .first()
        .waitFor();
      await until(() => existsSync(join(workspace, 'out', 'digits', 'mergewright.json')));
      await panel.getByText('Merged', { exact: true }).waitFor();
      await editor.shot('panel-merged');
      assert.equal(
        reportOf(join(workspace, 'out', 'digits')).weightsDigest,
        process.env.MERGEWRIGHT_EXPECTED_DIGEST,
      );
      assert.deepEqual(await editor.notifications(), []);
    },
  },
  {
    name: 'a merge that ends behind your back says so once, with one button',
    settings: slowly,
    async run(editor) {
      await editor.open('slow.merge');
      await editor.command('Mergewright: Merge');
      await (await editor.panel()).getByRole('progressbar').waitFor();
      await editor.closePanel();
      await until(() => recordOf(editor.records) === undefined);
      const [only, ...more] = await until(async () => {
        const shown = await editor.notifications();
        return shown.length > 0 && shown;
      });
      assert.match(only!.text, /slow\.merge is merged by/);
      assert.deepEqual(only!.buttons, ['Reveal Output']);
      assert.deepEqual(more, []);
      await editor.shot('merged-behind-your-back');
    },
  },
  {
    name: 'reloading the window during a merge loses nothing: the panel is back, the merge goes on',
    settings: slowly,
    async run(editor) {
      const { page, workspace, records } = editor;
      await editor.open('slow.merge');
      await editor.command('Mergewright: Merge');
      await (await editor.panel()).getByRole('progressbar').waitFor();
      const before = await until(() => recordOf(records));
      // In a browser the window stores what is open every five seconds, when it is idle.
      await page.waitForTimeout(12_000);
      await page.reload();
      const panel = await editor.panel();
      const merged = panel.getByText('Merged', { exact: true });
      // On a slow machine the merge may be over before the window is back.
      await panel.getByRole('progressbar').or(merged).first().waitFor();
      assert.ok([before.pid, undefined].includes(recordOf(records)?.pid));
      await editor.shot('running-after-reload');
      await merged.waitFor({ timeout: 120_000 });
      assert.equal(
        reportOf(join(workspace, 'out', 'slow')).weightsDigest,
        process.env.MERGEWRIGHT_EXPECTED_SLOW_DIGEST,
      );
    },
  },
  {
    name: 'a process that is killed twice is one message with one button, which merges again',
    settings: slowly,
    async run(editor) {
      const { page, records } = editor;
      await editor.open('slow.merge');
      await editor.command('Mergewright: Merge');
      await (await editor.panel()).getByRole('progressbar').waitFor();
      await editor.closePanel();
      const killed: number[] = [];
      for (let death = 0; death < 2; death++) {
        const { pid } = await until(() => {
          const record = recordOf(records);
          return record !== undefined && !killed.includes(record.pid) && record;
        });
        process.kill(pid, 'SIGKILL');
        killed.push(pid);
      }
      const [only, ...more] = await until(async () => {
        const shown = await editor.notifications();
        return shown.length > 0 && shown;
      });
      assert.match(only!.text, /slow\.merge is gone/);
      assert.deepEqual(only!.buttons, ['Merge again']);
      assert.deepEqual(more, []);
      await editor.shot('process-killed');
      await page.locator('.notification-list-item-buttons-container a').click();
      const again = await until(() => {
        const record = recordOf(records);
        return record !== undefined && !killed.includes(record.pid) && record;
      });
      const panel = await editor.panel();
      const seconds = await cancelInPanel(panel);
      assert.ok(seconds < 1, `cancel took ${seconds.toFixed(2)} s`);
      await until(() => recordOf(records) === undefined);
      await until(() => !isAlive(again.pid));
    },
  },
];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function recordOf(folder: string): RunRecord | undefined {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((one) => one.endsWith('.json'));
  return name === undefined
    ? undefined
    : (JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunRecord);
}
