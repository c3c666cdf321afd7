import { makePlan } from '../../engine/plan/make-plan.ts';
import { leftOutText } from '../../engine/checks/adapter-checks.ts';
import type { Plan, PlannedOutput } from '../../engine/plan/plan.ts';
import { foreseePlan, type Foreseen } from '../../engine/run/foresee.ts';
import { engineVersion } from '../../engine/version.ts';
import { printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { bytesText } from './figures.ts';
import type { PlanFlags } from './flags.ts';
import { chooseOutputs, endMisused, isMisuse, openSound, type ChosenOutput } from './opened.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { printJson, table, type Terminal } from './terminal.ts';

/** `plan`: what a run would read, write and need. Nothing is written. */
export async function planCommand(
  terminal: Terminal,
  recipe: string,
  flags: PlanFlags,
): Promise<ExitCode> {
  const sound = await openSound(terminal, recipe, flags);
  if ('end' in sound) return sound.end;
  const outputs = chooseOutputs(sound.opened, flags);
  if (isMisuse(outputs)) return endMisused(terminal, outputs);
  const plan = planFor(sound.opened, outputs, flags);
  if (!plan.ok) {
    printFault(terminal, plan.fault);
    return plan.fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
  }
  const foreseen = await foreseePlan(plan.value, flags);
  if (!foreseen.ok) {
    printFault(terminal, foreseen.fault);
    return foreseen.fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
  }
  if (flags.json === true) printJson(terminal, planJson(plan.value, foreseen.value));
  else terminal.out(planText(plan.value, foreseen.value));
  return exitCode.done;
}

export function planFor(
  { checked, checkpoints, besides }: OpenedRecipe,
  outputs: readonly ChosenOutput[],
  { carryCode = false }: Pick<PlanFlags, 'carryCode'>,
) {
  return makePlan({ checked, checkpoints, besides, outputs, engineVersion, carryCode });
}

function planJson(plan: Plan, foreseen: Foreseen): unknown {
  return {
    ...foreseen,
    inputs: plan.inputs,
    outputs: plan.outputs.map(
      ({ step, folder, hash, files, tensors, bytes, carried, ...told }) => ({
        step,
        folder,
        planHash: hash,
        bytes,
        files: files.map(({ name, size }) => ({ name, size })),
        carried: carried.map(({ name, size }) => ({ name, size })),
        card: told.card !== undefined,
        notes: notesOf(told),
        tensors: tensors.map(({ name, dtype, shape, work }) => ({
          name,
          dtype,
          shape,
          work: work.kind,
        })),
      }),
    ),
  };
}

function planText(plan: Plan, foreseen: Foreseen): string {
  const outputs = plan.outputs.map(({ step, folder, files, tensors, bytes, adapter }, index) => {
    const copied = tensors.filter(({ work }) => work.kind === 'copy').length;
    return [
      `${step} to ${shownPath(folder)}`,
      adapter === undefined
        ? `${tensors.length} tensors, ${copied} of them copied`
        : `an adapter of ${adapter.modules.length} module${adapter.modules.length === 1 ? '' : 's'}`,
      `${files.length} file${files.length === 1 ? '' : 's'}`,
      bytesText(bytes),
      foreseen.outputs[index]!,
    ];
  });
  return [
    table(outputs, 9),
    `reads   ${bytesText(foreseen.bytesToRead)}, in ${foreseen.passes} pass${foreseen.passes === 1 ? '' : 'es'} at most\n`,
    `writes  ${bytesText(foreseen.bytesToWrite)}; ${foreseen.disks.map(({ folder, free }) => `${bytesText(free)} free at ${shownPath(folder)}`).join(', ')}\n`,
    `memory  ${bytesText(foreseen.memory)} for ${foreseen.workers} worker${foreseen.workers === 1 ? '' : 's'}, slices of ${bytesText(foreseen.sliceBytes)}\n`,
    ...plan.outputs.flatMap((output) => notesOf(output).map((note) => `note    ${note}\n`)),
  ].join('');
}

/** What a person should look at. */
function notesOf({
  config,
  notes = [],
  adapter,
}: Pick<PlannedOutput, 'config' | 'notes' | 'adapter'>) {
  return [
    ...(config?.notes ?? []),
    ...notes,
    ...(adapter === undefined ? [] : leftOutText(adapter)),
  ];
}
