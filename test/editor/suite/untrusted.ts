/** A folder that nobody trusts yet: the language works, nothing runs, nothing is written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  assert,
  completionsAt,
  findings,
  openRecipe,
  panelState,
  runCases,
  until,
  vscode,
  workspaceFolder,
} from './kit.ts';

export async function run(): Promise<void> {
  await runCases([
    {
      name: 'the folder is not trusted',
      run: async () => assert.equal(vscode.workspace.isTrusted, false),
    },
    {
      name: 'the language works: completion and findings',
      async run() {
        const labels = await completionsAt('model base = "./models/base"\nmerge m = ties(‸)');
        assert.ok(labels.includes('base'), labels.join());
        const { document } = await openRecipe('digits.merge', 'merge m = tise(base)\n');
        await findings(document, (found) => found.length > 0);
        await vscode.commands.executeCommand('workbench.action.files.revert');
      },
    },
    {
      name: 'nothing is measured, run or written',
      async run() {
        await openRecipe('digits.merge');
        await vscode.commands.executeCommand('mergewright.preview');
        const state = await until('the panel', () => panelState());
        assert.equal(state.recipe?.trusted, false);
        void vscode.commands.executeCommand('mergewright.merge').then(undefined, () => undefined);
        await new Promise((done) => setTimeout(done, 1500));
        const after = await panelState();
        assert.equal(after?.plan, undefined);
        assert.equal(after?.map, undefined);
        assert.equal(after?.run.kind, 'idle');
        assert.ok(!existsSync(join(workspaceFolder(), 'out')));
      },
    },
  ]);
}
