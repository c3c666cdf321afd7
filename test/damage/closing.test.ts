/** What fails at a run's end, or between its beginning and its end, is told, and once. */
import { afterEach, expect, test, vi } from 'vitest';
import { diskFull } from '../../engine/faults/disk-full.ts';
import { engineLost } from '../../engine/faults/engine-lost.ts';
import { FaultError, makeFault } from '../../engine/faults/fault.ts';
import { OutputClaim } from '../../engine/output/output-claim.ts';
import type { ComputeHost, OpenCompute } from '../../engine/run/compute-host.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { machineCompute } from '../../engine/run/machine-compute.ts';
import { runRecipe } from '../kit/merge.ts';
import { sources, workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = average([math, code])
output m to "./out/m"
`;

afterEach(() => void vi.restoreAllMocks());

/** This process computes, changed. */
function computing(change: (host: ComputeHost) => Partial<ComputeHost>): OpenCompute {
  const open = machineCompute({ backend: 'wasm', allowSoftwareGpu: false, inline: nodeFiles() });
  return async (wish) => {
    const host = await open(wish);
    return { ...host, ...change(host) };
  };
}

test('who computes cannot be closed: the fault is told, though outputs are finished meanwhile', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const lost = makeFault(engineLost, { message: 'It is gone.', help: 'Run it again.' });
  const compute = computing((host) => ({
    async close() {
      await host.close();
      throw new FaultError(lost);
    },
  }));
  const result = await runRecipe(folder.at('m.merge'), {}, compute);
  expect(result).toEqual({ ok: false, fault: lost });
});

test('a flush that fails while tensors are computed fails the run, though the last flush would not', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const before = folder.list();
  const full = makeFault(diskFull, { message: 'A page was lost.', help: 'Make room.' });
  vi.spyOn(OutputClaim.prototype, 'flushSoFar').mockRejectedValueOnce(new FaultError(full));
  const compute = computing(({ pool }) => ({
    pool: {
      ...pool,
      async one(job) {
        await new Promise((done) => setTimeout(done, 250));
        return pool.one(job);
      },
    },
  }));
  const result = await runRecipe(folder.at('m.merge'), {}, compute);
  expect(result).toEqual({ ok: false, fault: full });
  expect(folder.list()).toEqual(before);
});
