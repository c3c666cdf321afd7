/** From a checked recipe and the headers of its models to the plan of a run. Pure: no weights are read, nothing is written. */
import type { Checked, Output, Step } from '../../grammar/check/checked.ts';
import { reachedBy } from '../../grammar/check/reached.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { TensorTerm } from '../../grammar/check/term.ts';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { failure, settleNow, valueOf, type Result } from '../faults/fault.ts';
import { runsLater } from '../faults/runs-later.ts';
import type { ReportInput } from '../output/report.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { layoutShards } from '../safetensors/layout.ts';
import { termsOf } from '../checkpoints/header-answer.ts';
import { cardFacts, seedsOf } from '../card/card-facts.ts';
import { isAdapter, planAdapter } from './adapter-output.ts';
import { sideNotes } from './side-notes.ts';
import { planConfig } from './config.ts';
import { donorOf, donorTensors, isInteger, type Checkpoints, type SourceTensor } from './donor.ts';
import { Files } from './files.ts';
import { planGroups, wholeElementsOf } from './groups.ts';
import type { Besides } from '../vocabulary/beside.ts';
import { withoutZeros } from './without-zeros.ts';
import { WorkItems } from './work-items.ts';
import { outputHash } from './hash.ts';
import type { Plan, PlannedOutput, PlannedTensor, PlannedWork } from './plan.ts';

export interface PlanRequest {
  readonly checked: Checked;
  /** By the source's name in the recipe. */
  readonly checkpoints: Checkpoints;
  /** The outputs to make, with their folders as absolute paths. */
  readonly outputs: readonly { readonly output: Output; readonly folder: string }[];
  readonly engineVersion: string;
  /** What stands beside outputs that have a tokenizer or a template of their own, by their places in the recipe. */
  readonly besides?: Besides;
  /** Whether the models' own code goes along; unless it does, it is left behind and said. */
  readonly carryCode?: boolean;
}

/** Faults: MW3902 for what runs later, MW4560 for headers that grow too long. */
export function makePlan(request: PlanRequest): Result<Plan> {
  return settleNow(() => {
    const { checked, checkpoints, outputs } = request;
    for (const { output } of outputs) if (output.later !== undefined) valueOf(laterFault(output));
    const files = new Files(checkpoints);
    const steps = outputs.map(({ output }) => output.step);
    const items = new WorkItems({
      wholeElements: wholeElementsOf(steps),
      place: (operand) => files.operand(operand),
    });
    const planned = outputs.map(({ output, folder }) =>
      planOutput(output, folder, { ...request, files, items }),
    );
    return {
      files: files.paths,
      inputs: inputsOf(checked, checkpoints, files),
      outputs: planned,
      groups: planGroups(steps, items),
    };
  });
}

function laterFault(output: Output): Result<never> {
  return failure(runsLater, {
    message: `${output.step.name} depends on a form that runs later: ${output.later}.`,
    help: 'Take the form out of this output, or name another one with --only.',
  });
}

interface Planning extends PlanRequest {
  readonly files: Files;
  readonly items: WorkItems;
}

function planOutput(output: Output, folder: string, planning: Planning): PlannedOutput {
  const { files, engineVersion, checked } = planning;
  const unhashed = isAdapter(output)
    ? planAdapter(output, folder, planning)
    : planModel(output, folder, planning);
  return { ...unhashed, hash: outputHash(unhashed, { files, engineVersion, checked }) };
}

function planModel(
  output: Output,
  folder: string,
  planning: Planning,
): Omit<PlannedOutput, 'hash'> {
  const { checkpoints } = planning;
  const { step } = output;
  const origins = donorTensors(step.value, checkpoints);
  const headers = [...floatHeaders(output), ...integerHeaders(step, { origins, checkpoints })].sort(
    (a, b) => byteOrder(a.header.name, b.header.name),
  );
  const layout = valueOf(
    layoutShards(
      headers.map(({ header }) => header),
      {
        ...(output.shards === undefined ? {} : { shardBytes: output.shards }),
        ...(output.metadata === undefined ? {} : { metadata: output.metadata }),
      },
    ),
  );
  const tensors = headers.map(({ header, term }): PlannedTensor => {
    const { file, offset, byteLength } = layout.tensors.get(header.name)!;
    const elements = elementCount(header.shape)!;
    const reference = origins.get(header.name);
    return {
      ...header,
      elements,
      byteLength,
      work: workOf(header, term, elements, planning),
      ...(reference === undefined ? {} : { reference }),
      place: { file, offset },
    };
  });
  const carriesCode = planning.carryCode === true;
  const donor = donorOf(step.value);
  const beside = donor === undefined ? undefined : checkpoints.get(donor);
  const made = planning.besides && valueOf(planning.besides).get(output.start);
  const written = made?.written ?? [];
  const carried = [
    ...((made ?? beside)?.carried ?? []),
    ...((carriesCode ? beside?.code : undefined) ?? []),
  ];
  const config = planConfig(output, tensors, checkpoints, {
    carriesCode,
    ...(made?.tokenIds === undefined ? {} : { tokenIds: made.tokenIds }),
  });
  const notes = beside === undefined ? [] : sideNotes(beside, { carriesCode });
  const seeds = seedsOf(reachedBy(step).calls);
  return {
    step: step.name,
    folder,
    files: layout.files,
    ...(layout.indexJson === undefined ? {} : { indexJson: layout.indexJson }),
    tensors,
    ...(config === undefined ? {} : { config }),
    carried,
    written,
    ...(notes.length === 0 ? {} : { notes }),
    ...(seeds.length === 0 ? {} : { seeds }),
    ...(output.card
      ? {
          card: cardFacts({
            output,
            checkpoints,
            tensors,
            ...(config === undefined ? {} : { configText: config.text }),
            notes: [...(config?.notes ?? []), ...notes],
          }),
        }
      : {}),
    bytes:
      layout.files.reduce((sum, { size }) => sum + size, 0) +
      carried.reduce((sum, { size }) => sum + size, 0) +
      written.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
  };
}

interface Named {
  readonly header: TensorHeader;
  readonly term: TensorTerm;
}

/** The tensors that are merged, in the output's type. */
function floatHeaders({ step, dtype }: Output): readonly Named[] {
  return step.value.signature!.tensors.map((header) => {
    const term = withoutZeros(termFor(step, header.name));
    return { header: { ...header, dtype: dtype ?? header.dtype }, term };
  });
}

/** Integer tensors come along from the model that gives the configuration. */
function integerHeaders(
  step: Step,
  {
    origins,
    checkpoints,
  }: {
    readonly origins: ReadonlyMap<string, SourceTensor>;
    readonly checkpoints: Checkpoints;
  },
): readonly Named[] {
  const merged = new Set(step.value.signature!.tensors.map(({ name }) => name));
  return [...origins].flatMap(([name, from]) => {
    if (merged.has(name) || !isInteger(checkpoints, from)) return [];
    const { dtype, shape } = checkpoints.get(from.source)!.tensors.get(from.name)!;
    return [{ header: { name, dtype, shape }, term: { kind: 'tensor', ...from, dtype } as const }];
  });
}

function workOf(
  header: TensorHeader,
  term: TensorTerm,
  elements: number,
  { files, items }: Pick<Planning, 'files' | 'items'>,
): PlannedWork {
  const taken = plain(term);
  if (taken !== undefined && taken.dtype === header.dtype && files.isAsStored(taken))
    return {
      kind: 'copy',
      from: files.tensor(taken),
      of: { source: taken.source, name: taken.name },
    };
  return { kind: 'compute', item: items.of(term, elements) };
}

/** A term that is one tensor of a source, whatever steps it went through. */
function plain(term: TensorTerm): (TensorTerm & { kind: 'tensor' }) | undefined {
  if (term.kind === 'tensor') return term;
  return term.kind === 'step' ? plain(term.term) : undefined;
}

function inputsOf(
  checked: Checked,
  checkpoints: Checkpoints,
  files: Files,
): readonly ReportInput[] {
  return checked.sources.flatMap(({ name, reference }) => {
    const checkpoint = checkpoints.get(name);
    if (checkpoint === undefined || !files.isRead(name)) return [];
    const { folder, revision, licence } = checkpoint;
    const terms = licence === undefined ? undefined : (termsOf(licence) ?? licence.id);
    return [
      {
        name,
        folder,
        ...(reference.kind === 'hub' ? { hub: reference.id } : {}),
        ...(revision === undefined ? {} : { revision }),
        ...(terms === undefined ? {} : { licence: terms }),
        files: checkpoint.files.map((file) => ({
          name: file.name,
          size: file.size,
          mtimeNs: file.mtimeNs,
          headerHash: file.headerHash,
          ...(file.blobHash === undefined ? {} : { sha256: file.blobHash }),
        })),
      },
    ];
  });
}
