/** mergekit's YAML at home in the editor, and the documents that a recipe unfolds into. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, findings, openRecipe, until, workspaceFolder, type Case } from './kit.ts';

const yaml = `# Two experts on one base.
merge_method: ties
base_model: ./models/base
models:
  - model: ./models/low
    parameters: { density: 0.3, weight: 0.5 }
  - model: ./models/mid
    parameters: { density: 0.3, weight: 0.5 }
parameters:
  int8_mask: true
dtype: bfloat16
`;

async function writeYaml(name: string, text = yaml): Promise<vscode.TextDocument> {
  const path = join(workspaceFolder(), name);
  await writeFile(path, text);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Takes away what a case has written. */
async function clear(...names: readonly string[]): Promise<void> {
  await closeAll();
  for (const name of names) await rm(join(workspaceFolder(), name), { force: true });
}

export const mergekitCases: readonly Case[] = [
  {
    name: 'mergekit\u2019s YAML has findings in its own lines, and another YAML has none',
    async run() {
      const document = await writeYaml('slip.yml', yaml.replace('ties', 'tise'));
      const [finding] = await findings(document, (found) => found.length > 0);
      assert.equal(document.getText(finding!.range), 'tise', finding!.message);
      const other = await writeYaml('other.yaml', 'name: build\non: push\n');
      assert.deepEqual(vscode.languages.getDiagnostics(other.uri), []);
      await clear('slip.yml', 'other.yaml');
    },
  },
  {
    name: '"Convert to recipe" writes one beside the YAML, and the recipe is sound',
    async run() {
      const document = await writeYaml('two.yml');
      const whole = new vscode.Range(1, 0, 1, 5);
      const action = await until('the action', async () => {
        const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          document.uri,
          whole,
        );
        return actions.find(({ title }) => /recipe/i.test(title));
      });
      assert.ok(action.edit, action.title);
      assert.ok(await vscode.workspace.applyEdit(action.edit));
      const recipe = await until('the recipe', () =>
        vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('two.merge')),
      );
      assert.match(recipe.getText(), /ties\(base, \[low, mid\]/);
      assert.match(recipe.getText(), /Two experts on one base/);
      await recipe.save();
      await vscode.window.showTextDocument(recipe);
      await findings(recipe, (found) => found.every(({ severity }) => severity > 0));
      await clear('two.yml', 'two.merge');
    },
  },
  {
    name: 'Import mergekit YAML writes a recipe beside the file and opens it',
    async run() {
      const document = await writeYaml('import.yml');
      await vscode.commands.executeCommand('mergewright.importMergekitYaml', document.uri);
      const text = await readFile(join(workspaceFolder(), 'import.merge'), 'utf8');
      assert.match(text, /merge .* = ties\(/);
      assert.match(text, /compat: mergekit/);
      assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith('import.merge'));
      await clear('import.yml', 'import.merge');
    },
  },
  {
    name: 'Paste as Recipe opens what is on the clipboard as a recipe that has no file yet',
    async run() {
      await closeAll();
      await vscode.env.clipboard.writeText(yaml);
      const pasted = await vscode.commands.executeCommand('mergewright.pasteAsRecipe');
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document?.isUntitled);
      assert.equal(document.languageId, 'merge');
      assert.equal(document.getText(), pasted);
      assert.match(document.getText(), /^\/\/ Two experts on one base\./);
      assert.match(document.getText(), /merge .* = ties\(/);
      await closeAll();
    },
  },
  {
    name: 'Paste as Recipe puts it at the cursor of a recipe, in place of what is selected',
    async run() {
      const { document, at } = await openRecipe('digits.merge', '// above\n\n‸old');
      const editor = vscode.window.activeTextEditor!;
      editor.selection = new vscode.Selection(at, at.translate(0, 3));
      await vscode.env.clipboard.writeText(yaml);
      const pasted = await vscode.commands.executeCommand('mergewright.pasteAsRecipe');
      assert.equal(document.getText(), `// above\n\n${String(pasted)}`);
      await closeAll();
    },
  },
  {
    name: 'Paste as Recipe leaves everything as it is where the clipboard has no such YAML',
    async run() {
      const { document } = await openRecipe('digits.merge', '// mine‸\n');
      for (const text of ['name: build\non: push\n', yaml.replace('ties', 'tise')]) {
        await vscode.env.clipboard.writeText(text);
        const pasted = vscode.commands.executeCommand('mergewright.pasteAsRecipe');
        // It says why in a message, and ends when that is closed.
        await until('the message is closed', async () => {
          await vscode.commands.executeCommand('notifications.clearAll');
          const later = new Promise<'open'>((done) => setTimeout(() => done('open'), 200));
          const left = await Promise.race([Promise.resolve(pasted), later]);
          return left !== 'open' && { left };
        }).then(({ left }) => assert.equal(left, undefined));
        assert.equal(document.getText(), '// mine\n');
      }
      await closeAll();
    },
  },
  {
    name: 'a recipe shows its expanded plan, and itself as mergekit\u2019s YAML',
    async run() {
      const text =
        'model base = "./models/base"\nmodel low = "./models/low"\n\nmerge m = ties(base, [low], density: 30%, compat: mergekit)\n\noutput m to "./out/m"\n';
      const shown = async (command: string, wanted: RegExp): Promise<void> => {
        await openRecipe('digits.merge', text);
        await vscode.commands.executeCommand(command);
        await until(`${command} shows ${String(wanted)}`, () =>
          vscode.window.visibleTextEditors.some(
            ({ document }) => document.uri.scheme !== 'file' && wanted.test(document.getText()),
          ),
        );
      };
      await shown('mergewright.showExpandedPlan', /"lm_head\.weight".* = ties\(base, \[low\]/);
      await shown('mergewright.showExportedYaml', /merge_method: ties/);
      await closeAll();
    },
  },
];
