import { valueOf } from '../faults/fault.ts';
import type { MergeReport, ReportCheck } from '../output/report.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import { weightsDigest } from '../safetensors/weights-digest.ts';
import type { Claimed } from './claims.ts';
import type { Clock } from './clock.ts';
import type { ComputeHost } from './compute-host.ts';
import type { RunOptions } from './options.ts';
import { sharesOf } from './shares.ts';
import type { StoredTensors } from './tensors.ts';

export interface SealContext {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly compute: ComputeHost;
  readonly clock: Clock;
  readonly stored: StoredTensors;
  readonly checks: readonly ReportCheck[];
}

/** What goes beside the weights: index, configuration, carried files, and the report; then all is on the disk. */
export async function sealOutput(
  { output, claim }: Claimed,
  context: SealContext,
): Promise<MergeReport> {
  const { plan, options, compute, clock, stored, checks } = context;
  if (output.indexJson !== undefined) {
    valueOf(await claim.writeText('model.safetensors.index.json', output.indexJson));
  }
  if (output.config !== undefined)
    valueOf(await claim.writeText('config.json', output.config.text));
  valueOf(await claim.carry(output.carried));
  const digest = weightsDigest(
    output.tensors.map(({ name, dtype, shape }, index) => ({
      name,
      dtype,
      shape,
      pieceHashes: stored.pieces[index]!,
    })),
  );
  return valueOf(
    await claim.seal({
      engineVersion: options.engineVersion,
      planHash: output.hash,
      recipe: options.recipe,
      step: output.step,
      weightsDigest: digest,
      inputs: plan.inputs,
      checks: [finiteCheck(stored), ...checksOf(output, checks)],
      backends: sharesOf(stored, compute),
      times: clock.times(),
      finishedAt: new Date().toISOString(),
    }),
  );
}

function finiteCheck({ nonFinite: found }: StoredTensors): ReportCheck {
  if (found === undefined) return { title: 'finite', outcome: 'holds' };
  return {
    title: 'finite',
    outcome: 'noted',
    detail: `${found.tensor}, element ${found.element}, and maybe more`,
  };
}

function checksOf(output: PlannedOutput, checks: readonly ReportCheck[]): readonly ReportCheck[] {
  const notes = (output.config?.notes ?? []).map((note): ReportCheck => ({
    title: 'config.json',
    outcome: 'noted',
    detail: note,
  }));
  return [...checks, ...notes];
}
