/** The language, as an author meets it in the editor. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assert,
  closeAll,
  completionsAt,
  findings,
  openRecipe,
  replaceText,
  until,
  vscode,
  workspaceFolder,
  type Case,
} from './kit.ts';

const models = `model base = "./models/base"
model low = "./models/low"
model mid = "./models/mid"
model high = "./models/high"
`;

export const languageCases: readonly Case[] = [
  {
    name: 'a .merge file is a recipe, checked without a finding',
    async run() {
      const { document } = await openRecipe('digits.merge');
      assert.equal(document.languageId, 'merge');
      const lenses = await until('code lenses', async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
          20,
        );
        return found.length > 0 && found;
      });
      const commands = new Set(lenses.map(({ command }) => command?.command));
      for (const one of ['check', 'preview', 'merge'])
        assert.ok(commands.has(`mergewright.${one}`), one);
      assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
      await closeAll();
    },
  },
  {
    name: 'the commands that lenses and menus name are there',
    async run() {
      const known = new Set(await vscode.commands.getCommands(true));
      const { packageJSON } = vscode.extensions.getExtension('mergewright.mergewright')!;
      const { commands } = (packageJSON as { contributes: { commands: { command: string }[] } })
        .contributes;
      for (const { command } of commands) assert.ok(known.has(command), command);
    },
  },
  {
    name: 'inside ties( models come first, then parameters not yet given',
    async run() {
      const [first] = await completionsAt(`${models}merge m = ties(‸)`);
      assert.equal(first, 'base');
      const later = await completionsAt(
        `${models}merge m = ties(base, [low, mid], density: 30%, ‸)`,
      );
      assert.ok(
        later.some((label) => label.startsWith('scale')),
        later.join(),
      );
      assert.ok(!later.some((label) => label.startsWith('density')), later.join());
      await closeAll();
    },
  },
  {
    name: 'inside [ models that are not listed yet',
    async run() {
      const labels = await completionsAt(`${models}merge m = ties(base, [low, ‸])`);
      assert.ok(labels.includes('mid') && labels.includes('high'), labels.join());
      assert.ok(!labels.includes('low'), labels.join());
      await closeAll();
    },
  },
  {
    name: 'inside a pattern the tensor names of the header',
    async run() {
      const labels = await completionsAt(
        `${models}merge m = ties(base, [low, mid]) {\n  at tensors "‸" { density = 50% }\n}`,
      );
      assert.ok(
        labels.some((label) => label.includes('.weight')),
        labels.slice(0, 20).join(),
      );
      await closeAll();
    },
  },
  {
    name: 'hover on density shows type, range, default, meaning and the value here',
    async run() {
      const { document, at } = await openRecipe(
        'digits.merge',
        `${models}merge m = ties(base, [low, mid], ‸density: 30%)\noutput m to "./out/m"\n`,
      );
      const text = await until('a hover', async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          at,
        );
        return (
          hovers.length > 0 &&
          hovers
            .flatMap(({ contents }) => contents)
            .map(words)
            .join('\n')
        );
      });
      for (const shown of [/Ratio/, /0.*1|0 ?%.*100 ?%/, /default/i, /30 ?%/])
        assert.match(text, shown);
      await closeAll();
    },
  },
  {
    name: 'a misspelt method gets a quick fix',
    async run() {
      const { document } = await openRecipe(
        'digits.merge',
        `${models}merge m = tise(base, [low, mid], density: 30%)\noutput m to "./out/m"\n`,
      );
      const [finding] = await findings(document, (found) => found.length > 0);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        finding!.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = actions.find(({ title }) => title.includes('ties'));
      assert.ok(fix?.edit, actions.map(({ title }) => title).join());
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.match(document.getText(), /merge m = ties\(/);
      await findings(document, (found) => found.length === 0);
      await closeAll();
    },
  },
  {
    name: 'renaming a model changes every use',
    async run() {
      const { document, at } = await openRecipe(
        'digits.merge',
        `${models.replace('model low', 'model ‸low')}merge m = ties(base, [low, mid])\nexpect gap(m, low) < 90%\noutput m to "./out/m"\n`,
      );
      const edit = await until('a rename', async () =>
        vscode.commands.executeCommand<vscode.WorkspaceEdit>(
          'vscode.executeDocumentRenameProvider',
          document.uri,
          at,
          'digits_0_to_3',
        ),
      );
      assert.ok(await vscode.workspace.applyEdit(edit));
      const text = document.getText();
      assert.equal(text.match(/digits_0_to_3/g)?.length, 3, text);
      assert.match(text, /"\.\/models\/low"/);
      await closeAll();
    },
  },
  {
    name: 'a wrong shape is underlined with both shapes',
    async run() {
      const { document } = await openRecipe(
        'digits.merge',
        `${models}model wide = "./models/wide"\nmerge m = ties(base, [low, wide])\noutput m to "./out/m"\n`,
      );
      const found = await findings(document, (all) =>
        all.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
      );
      const { message, range } = found.find(({ message: text }) => /\d+.*\d+/.test(text))!;
      assert.match(document.getText(range), /wide/, message);
      assert.ok((message.match(/\[[\d, ]+\]|\d+ ?[x×] ?\d+/g)?.length ?? 0) >= 2, message);
      await closeAll();
    },
  },
  {
    name: 'a folder that appears and goes is noticed without a reload',
    async run() {
      const folder = join(workspaceFolder(), 'models', 'newcomer');
      await rm(folder, { recursive: true, force: true });
      const { document } = await openRecipe(
        'digits.merge',
        `${models}model newcomer = "./models/newcomer"\nmerge m = ties(base, [low, newcomer])\noutput m to "./out/m"\n`,
      );
      await findings(document, (found) => found.length > 0);
      await cp(join(workspaceFolder(), 'models', 'mid'), folder, { recursive: true });
      await findings(document, (found) => found.length === 0);
      await rm(folder, { recursive: true, force: true });
      await findings(document, (found) => found.length > 0);
      await closeAll();
    },
  },
  {
    name: 'a text without headers or a file is checked too',
    async run() {
      const document = await vscode.workspace.openTextDocument({
        language: 'merge',
        content: 'merge m = ties(base, [low])\n',
      });
      await vscode.window.showTextDocument(document);
      await findings(document, (found) => found.length > 0);
      await replaceText(document, '');
      await closeAll();
    },
  },
];

function words(content: vscode.MarkdownString | vscode.MarkedString): string {
  return typeof content === 'string' ? content : content.value;
}
