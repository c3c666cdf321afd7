import { configName } from '../adapters/peft-config.ts';
import { cardName, printCard } from '../card/print-card.ts';
import { adapterChecks, reportModules, type AdapterFigures } from '../checks/adapter-checks.ts';
import { outputChecks } from '../checks/registry.ts';
import { reportTensors } from '../checks/report-tensors.ts';
import { seenOutput, type SeenOutput } from '../checks/seen-output.ts';
import type { TensorCheck } from '../checks/tensor-check.ts';
import { valueOf } from '../faults/fault.ts';
import type { MergeReport, ReportCheck } from '../output/report.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import { weightsDigest } from '../safetensors/weights-digest.ts';
import type { Claimed } from './claims.ts';
import type { Clock } from './clock.ts';
import type { ComputeHost } from './compute-host.ts';
import type { RunOptions } from './options.ts';
import { peakMemory } from './peak-memory.ts';
import { sharesOf } from './shares.ts';
import type { StoredTensors } from './tensors.ts';

export interface SealContext {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly compute: ComputeHost;
  readonly clock: Clock;
  readonly stored: StoredTensors & { readonly figures?: AdapterFigures };
  /** What was seen of each tensor. */
  readonly checked: readonly (TensorCheck | undefined)[];
  /** Expectations. */
  readonly checks: readonly ReportCheck[];
}

/** What goes beside the weights: index, configuration, carried files, and the report; then all is on the disk. */
export async function sealOutput(
  { output, claim }: Claimed,
  context: SealContext,
): Promise<MergeReport> {
  const { plan, options, compute, clock, stored, checked, checks } = context;
  if (output.indexJson !== undefined) {
    valueOf(await claim.writeText('model.safetensors.index.json', output.indexJson));
  }
  if (output.config !== undefined)
    valueOf(await claim.writeText('config.json', output.config.text));
  valueOf(await claim.carry(output.carried));
  for (const { name, text } of output.written) valueOf(await claim.writeText(name, text));
  const digest = weightsDigest(
    output.tensors.map(({ name, dtype, shape }, index) => ({
      name,
      dtype,
      shape,
      pieceHashes: stored.pieces[index]!,
    })),
  );
  const told = {
    engineVersion: options.engineVersion,
    recipe: options.recipe,
    weightsDigest: digest,
    backends: sharesOf(stored, compute),
  };
  const seen = seenOutput(output, checked);
  const { adapter } = output;
  const { figures } = stored;
  const isAdapter = adapter !== undefined && figures !== undefined;
  const found = isAdapter ? adapterChecks(adapter, figures) : lookAt(seen);
  const looked = [finiteCheck(stored), ...found, ...checks];
  if (output.card !== undefined) {
    // What a person should look at stands in the card's facts already.
    const card = printCard(output.card, { ...told, checks: looked });
    valueOf(await claim.writeText(cardName, card));
  }
  return valueOf(
    await claim.seal({
      ...told,
      planHash: output.hash,
      step: output.step,
      ...(output.seeds === undefined ? {} : { seeds: output.seeds }),
      inputs: plan.inputs,
      checks: [...looked, ...notesOf(output)],
      ...(isAdapter
        ? { modules: reportModules(adapter, figures) }
        : { tensors: reportTensors(seen) }),
      times: clock.times(),
      ...(compute.place === 'panel' ? {} : { peakMemory: peakMemory() }),
      finishedAt: new Date().toISOString(),
    }),
  );
}

function lookAt(seen: SeenOutput): readonly ReportCheck[] {
  return outputChecks.map(({ title, look }): ReportCheck => ({ title, ...look(seen) }));
}

function finiteCheck({ nonFinite: found }: StoredTensors): ReportCheck {
  if (found === undefined) return { title: 'finite', outcome: 'holds' };
  return {
    title: 'finite',
    outcome: 'noted',
    detail: `${found.tensor}, element ${found.element}, and maybe more`,
  };
}

function notesOf({ config, notes = [], adapter }: PlannedOutput): readonly ReportCheck[] {
  const noted =
    (title: string) =>
    (detail: string): ReportCheck => ({
      title,
      outcome: 'noted',
      detail,
    });
  return [
    ...(config?.notes ?? []).map(noted('config.json')),
    ...notes.map(noted(adapter === undefined ? 'beside the model' : configName)),
  ];
}
