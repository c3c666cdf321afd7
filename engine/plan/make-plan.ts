/** From a checked recipe and the headers of its models to the plan of a run. Pure: no weights are read, nothing is written. */
import type { Checked, Output, Step } from '../../grammar/check/checked.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { TensorTerm } from '../../grammar/check/term.ts';
import type { DType, TensorHeader } from '../../grammar/places/signature.ts';
import { isComputed } from '../formula/derived.ts';
import { failure, settleNow, success, valueOf, type Result } from '../faults/fault.ts';
import { notComputed } from '../faults/not-computed.ts';
import { runsLater } from '../faults/runs-later.ts';
import type { ReportInput } from '../output/report.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { layoutShards } from '../safetensors/layout.ts';
import { planConfig } from './config.ts';
import { donorOf, donorTensors, isInteger, type Checkpoints } from './donor.ts';
import { Files } from './files.ts';
import { planGroups, wholeElementsOf } from './groups.ts';
import { workItem } from './work-item.ts';
import { outputHash } from './hash.ts';
import type { Plan, PlannedOutput, PlannedTensor, PlannedWork } from './plan.ts';

export interface PlanRequest {
  readonly checked: Checked;
  /** By the source's name in the recipe. */
  readonly checkpoints: Checkpoints;
  /** The outputs to make, with their folders as absolute paths. */
  readonly outputs: readonly { readonly output: Output; readonly folder: string }[];
  readonly engineVersion: string;
}

/** Faults: MW3902 for what runs later, MW5003 for types that are not computed with, MW4560 for headers that grow too long. */
export function makePlan(request: PlanRequest): Result<Plan> {
  return settleNow(() => {
    const { checked, checkpoints, outputs } = request;
    for (const { output } of outputs) if (output.later !== undefined) valueOf(laterFault(output));
    const files = new Files(checkpoints);
    const whole = wholeElementsOf(outputs.map(({ output }) => output.step));
    const planned = outputs.map(({ output, folder }) =>
      planOutput(output, folder, { ...request, files, whole }),
    );
    return {
      files: files.paths,
      inputs: inputsOf(checked, checkpoints, files),
      outputs: planned,
      groups: planGroups(
        outputs.map(({ output }) => output.step),
        (term, elements) =>
          workItem(term, {
            elements,
            wholeElements: whole,
            place: (operand) => files.operand(operand),
          }),
      ),
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
  readonly whole: ReadonlyMap<string, number>;
}

function planOutput(output: Output, folder: string, planning: Planning): PlannedOutput {
  const { files, whole, checkpoints, engineVersion } = planning;
  const { step } = output;
  const headers = [...floatHeaders(output), ...integerHeaders(step, checkpoints)].sort((a, b) =>
    byteOrder(a.header.name, b.header.name),
  );
  const layout = valueOf(
    layoutShards(
      headers.map(({ header }) => header),
      output.shards === undefined ? {} : { shardBytes: output.shards },
    ),
  );
  const tensors = headers.map(({ header, term }): PlannedTensor => {
    const { file, offset, byteLength } = layout.tensors.get(header.name)!;
    const elements = elementCount(header.shape)!;
    return {
      ...header,
      elements,
      byteLength,
      work: workOf(header, term, elements, { files, whole, step }),
      place: { file, offset },
    };
  });
  const donor = donorOf(step.value);
  const carried = (donor === undefined ? undefined : checkpoints.get(donor)?.carried) ?? [];
  const config = planConfig(output, tensors, checkpoints);
  const unhashed = {
    step: step.name,
    folder,
    files: layout.files,
    ...(layout.indexJson === undefined ? {} : { indexJson: layout.indexJson }),
    tensors,
    ...(config === undefined ? {} : { config }),
    carried,
    bytes:
      layout.files.reduce((sum, { size }) => sum + size, 0) +
      carried.reduce((sum, { size }) => sum + size, 0),
  };
  return {
    ...unhashed,
    hash: outputHash(unhashed, { files, engineVersion, checked: planning.checked }),
  };
}

interface Named {
  readonly header: TensorHeader;
  readonly term: TensorTerm;
}

/** The tensors that are merged, in the output's type. */
function floatHeaders({ step, dtype }: Output): readonly Named[] {
  return step.value.signature!.tensors.map((header) => {
    const term = termFor(step, header.name);
    return { header: { ...header, dtype: dtype ?? header.dtype }, term };
  });
}

/** Integer tensors come along from the model that gives the configuration. */
function integerHeaders(step: Step, checkpoints: Checkpoints): readonly Named[] {
  const merged = new Set(step.value.signature!.tensors.map(({ name }) => name));
  return [...donorTensors(step.value, checkpoints)].flatMap(([name, from]) => {
    if (merged.has(name) || !isInteger(checkpoints, from)) return [];
    const { dtype, shape } = checkpoints.get(from.source)!.tensors.get(from.name)!;
    return [{ header: { name, dtype, shape }, term: { kind: 'tensor', ...from, dtype } as const }];
  });
}

function workOf(
  header: TensorHeader,
  term: TensorTerm,
  elements: number,
  { files, whole, step }: { files: Files; whole: ReadonlyMap<string, number>; step: Step },
): PlannedWork {
  const taken = plain(term);
  if (taken !== undefined && taken.dtype === header.dtype)
    return { kind: 'copy', from: files.operand(taken) };
  valueOf(computable(header, term, step));
  return {
    kind: 'compute',
    item: workItem(term, {
      elements,
      wholeElements: whole,
      place: (operand) => files.operand(operand),
    }),
  };
}

/** A term that is one tensor of a source, whatever steps it went through. */
function plain(term: TensorTerm): (TensorTerm & { kind: 'tensor' }) | undefined {
  if (term.kind === 'tensor') return term;
  return term.kind === 'step' ? plain(term.term) : undefined;
}

/** Sources are read, and results stored, in the types that are computed with. */
function computable(header: TensorHeader, term: TensorTerm, step: Step): Result<void> {
  const types: DType[] = [header.dtype, ...sourceTypes(term)];
  const other = types.find((dtype) => !isComputed(dtype));
  if (other === undefined) return success(undefined);
  return failure(notComputed, {
    message: `${header.name} of ${step.name} is ${other}, which is copied but not computed with yet.`,
    help: 'Take that tensor from one model, or convert the model to F32, F16 or BF16.',
  });
}

function sourceTypes(term: TensorTerm): readonly DType[] {
  switch (term.kind) {
    case 'tensor':
      return [term.dtype];
    case 'zero':
      return [];
    case 'sum':
      return term.terms.flatMap(({ term: addend }) => sourceTypes(addend));
    case 'scaled':
    case 'negated':
    case 'step':
      return sourceTypes(term.term);
    case 'call':
      return [
        ...(term.base === undefined ? [] : sourceTypes(term.base)),
        ...term.inputs.flatMap(sourceTypes),
      ];
  }
}

function inputsOf(
  checked: Checked,
  checkpoints: Checkpoints,
  files: Files,
): readonly ReportInput[] {
  return checked.sources.flatMap(({ name }) => {
    const checkpoint = checkpoints.get(name);
    if (checkpoint === undefined || !files.isRead(name)) return [];
    const { folder, revision } = checkpoint;
    return [
      {
        name,
        folder,
        ...(revision === undefined ? {} : { revision }),
        files: checkpoint.files.map((file) => ({
          name: file.name,
          size: file.size,
          mtimeNs: file.mtimeNs,
          headerHash: file.headerHash,
        })),
      },
    ];
  });
}
