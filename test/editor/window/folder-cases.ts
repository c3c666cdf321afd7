/** Where a merge goes, asked for with the editor's own dialog. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportOf, until, type EditorWindow, type WindowCase } from './kit.ts';

/** Types a folder into the dialog and takes it. The dialog first looks into the folder: an early press only leads it there. */
async function takeFolder({ page }: EditorWindow, folder: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget:visible');
  await dialog.locator('input').waitFor();
  const soon = { timeout: 2000 };
  const take = async (): Promise<void> => {
    await dialog.locator('input').fill(`${folder}/`, soon);
    // An empty folder has no rows; the button is what takes it.
    await page.waitForTimeout(500);
    await dialog.locator('.monaco-button', { hasText: /Folder/ }).click(soon);
    await page.waitForTimeout(300);
  };
  await until(async () => {
    // A dialog that an earlier press took may close under the next one.
    await take().catch(() => undefined);
    return !(await dialog.isVisible());
  });
}

async function textOf({ page }: EditorWindow): Promise<string> {
  const lines = await page.locator('.editor-group-container .view-line').allInnerTexts();
  // The editor writes spaces that do not break.
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

export const folderCases: readonly WindowCase[] = [
  {
    name: 'a recipe without an output: Merge asks for a folder and offers the line that names it',
    async run(editor) {
      const { page, workspace } = editor;
      const recipe = join(workspace, 'digits.merge');
      const text = readFileSync(recipe, 'utf8').replace(/^output .*\n/m, '');
      writeFileSync(recipe, text);
      mkdirSync(join(workspace, 'chosen'));
      await editor.open('digits.merge');
      // The text that was open already follows its file a moment later.
      await page.keyboard.press('Control+End');
      await until(async () => !(await textOf(editor)).includes('output blend'));
      await editor.command('Mergewright: Merge');
      await takeFolder(editor, join(workspace, 'chosen'));
      const [question] = await until(async () => {
        const shown = await editor.notifications();
        return shown.length > 0 && shown;
      });
      assert.match(question!.text, /The recipe has no output\. Write output blend to ".\/chosen"/);
      assert.deepEqual(question!.buttons, ['Write the Line and Merge', 'Merge Only Once']);
      await page.getByRole('button', { name: 'Write the Line and Merge' }).click();
      await until(() => existsSync(join(workspace, 'chosen', 'mergewright.json')));
      assert.match(reportOf(join(workspace, 'chosen')).recipe.text, /output blend to "\.\/chosen"/);
      await page.keyboard.press('Control+End');
      await until(async () => (await textOf(editor)).includes('output blend to "./chosen"'));
    },
  },
  {
    name: 'an output that cannot be there: the panel says so without the command line’s words, and another folder is chosen',
    async run(editor) {
      const { workspace } = editor;
      mkdirSync(join(workspace, 'out', 'digits'), { recursive: true });
      writeFileSync(join(workspace, 'out', 'digits', 'thesis.txt'), 'mine');
      mkdirSync(join(workspace, 'elsewhere'));
      await editor.open('digits.merge');
      await editor.command('Mergewright: Merge');
      const panel = await editor.panel();
      const fault = panel.locator('.fault', { hasText: 'MW6102' });
      await fault.first().waitFor();
      assert.doesNotMatch(await fault.first().innerText(), /--/);
      await fault.first().getByRole('button', { name: 'Choose folder' }).click();
      await takeFolder(editor, join(workspace, 'elsewhere'));
      // Beside the panel the lines are wider than their view.
      const lines = editor.page.locator('.editor-group-container .view-lines').first();
      await lines.click({ position: { x: 40, y: 40 } });
      await editor.page.keyboard.press('Control+End');
      await until(async () => (await textOf(editor)).includes('output blend to "./elsewhere"'));
      await panel
        .getByText('./elsewhere')
        .or(panel.getByText(/workspace\/elsewhere/))
        .first()
        .waitFor();
      await panel.getByRole('button', { name: 'Merge', exact: true }).first().click();
      await until(() => existsSync(join(workspace, 'elsewhere', 'mergewright.json')));
      assert.equal(readFileSync(join(workspace, 'out', 'digits', 'thesis.txt'), 'utf8'), 'mine');
    },
  },
];
