/** A merge is under way when the window goes. */
import { assert, mergeSlowly, panelState, runCases } from './kit.ts';

export async function run(): Promise<void> {
  await runCases([
    {
      name: 'a merge runs when the window is reloaded',
      async run() {
        await mergeSlowly();
        assert.equal((await panelState())?.run.kind, 'running');
        // What is open is stored with the window a moment later.
        await new Promise((done) => setTimeout(done, 1500));
      },
    },
  ]);
}
