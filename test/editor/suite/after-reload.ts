/** The window is back: the panel too, and the merge never stopped. */
import { join } from 'node:path';
import {
  api,
  assert,
  openRecipe,
  panelState,
  readReport,
  runCases,
  runState,
  until,
  vscode,
  workspaceFolder,
} from './kit.ts';

export async function run(): Promise<void> {
  await runCases([
    {
      name: 'after the reload the merge is found running',
      async run() {
        await openRecipe('slow.merge');
        await api();
        await vscode.commands.executeCommand('mergewright.preview');
        const progress = await until('progress', async () => {
          const state = (await panelState())?.run;
          return state?.kind === 'running' && state.progress;
        });
        assert.ok(progress.bytesRead > 0);
      },
    },
    {
      name: 'it ends with the digest of the command line',
      limit: 150,
      async run() {
        const state = await runState('done', 140);
        assert.ok(state.kind === 'done');
        const { weightsDigest, backends } = await readReport(
          join(workspaceFolder(), 'out', 'slow'),
        );
        assert.equal(weightsDigest, process.env.MERGEWRIGHT_EXPECTED_SLOW_DIGEST);
        assert.deepEqual(
          backends.map(({ backend }) => backend),
          ['oracle'],
        );
      },
    },
  ]);
}
