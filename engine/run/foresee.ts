import { settle, valueOf, type Result } from '../faults/fault.ts';
import { isComputed, type ComputedType } from '../formula/derived.ts';
import { foreseeSpace, type DiskSpace } from '../output/disk-space.ts';
import { inspectOutput } from '../output/claim-output.ts';
import { needsOverwrite } from '../faults/needs-overwrite.ts';
import { bytesToRead, factorBytesToRead } from '../plan/operand.ts';
import type { Plan, PlannedOutput, PlannedTensor, WorkItem } from '../plan/plan.ts';
import { groupPass, groupsBefore, mapPass, statisticPasses } from '../program/passes.ts';
import type { Formula } from '../formula/node.ts';
import { pieceElements, spendMemory, workerBytes } from './budget.ts';
import { demandOf } from './demand.ts';
import { programOfItem } from './groups.ts';
import { isResident } from './tensor-sizes.ts';

/** What a run will take, said before it begins. */
export interface Foreseen {
  /** Re-reads of tensors that do not stay in memory are counted. */
  readonly bytesToRead: number;
  readonly bytesToWrite: number;
  /** The most passes over any tensor. */
  readonly passes: number;
  readonly workers: number;
  /** Of slices and resident tensors. */
  readonly memory: number;
  readonly sliceBytes: number;
  readonly disks: readonly DiskSpace[];
  /** By output: new, up to date, or in the way. */
  readonly outputs: readonly string[];
}

/** Faults: those that a run would end with before its first byte. Nothing is written. */
export function foreseePlan(
  plan: Plan,
  { memory, threads }: { readonly memory: number; readonly threads: number },
): Promise<Result<Foreseen>> {
  return settle(async () => {
    const demand = { ...demandOf(plan), memory, threads };
    const budget = valueOf(spendMemory(demand));
    const disks = valueOf(
      await foreseeSpace(plan.outputs.map(({ folder, bytes }) => ({ folder, bytes }))),
    );
    const outputs: string[] = [];
    for (const output of plan.outputs) outputs.push(await stateOf(output, plan.files));
    const reading = readingOf(plan, (item, result) => isResident(item, budget, result));
    const stretch = Math.max(budget.sliceElements * 4, budget.residentBytes);
    return {
      ...reading,
      bytesToWrite: plan.outputs.reduce((sum, { bytes }) => sum + bytes, 0),
      workers: budget.workers,
      memory: budget.workers * workerBytes(demand, stretch),
      sliceBytes: (budget.sliceElements / pieceElements) * (1 << 20),
      disks,
      outputs,
    };
  });
}

async function stateOf(
  { folder, hash, bytes }: PlannedOutput,
  inputs: readonly string[],
): Promise<string> {
  const state = await inspectOutput({ out: folder, planHash: hash, inputs, bytes });
  if (!state.ok && state.fault.code === needsOverwrite.code)
    return 'needs --overwrite: an earlier run made it';
  return valueOf(state).kind === 'up-to-date' ? 'up to date' : 'new';
}

function readingOf(
  plan: Plan,
  resident: (item: WorkItem, result?: ComputedType) => boolean,
): { readonly bytesToRead: number; readonly passes: number } {
  let bytesToRead = 0;
  let passes = 0;
  const count = (item: WorkItem, formulas: readonly Formula[], result?: ComputedType): void => {
    passes = Math.max(passes, formulas.length);
    const reads = resident(item, result)
      ? [joined(formulas)]
      : formulas.map((formula) => joined([formula]));
    for (const operands of reads)
      for (const index of operands) bytesToRead += operandBytes(item, index);
  };
  const countWhole = (item: WorkItem, dtype: PlannedTensor['dtype']): void => {
    const program = programOfItem(item);
    const formulas = statisticPasses(program).map(({ formula }) => formula);
    const result = isComputed(dtype) ? dtype : undefined;
    count(item, [...formulas, mapPass(program, dtype)], result);
  };
  for (const { tensors, adapter } of plan.outputs) {
    for (const { work, dtype, byteLength } of tensors) {
      if (work.kind === 'copy') {
        bytesToRead += byteLength;
        continue;
      }
      if (work.kind === 'compute') countWhole(work.item, dtype);
    }
    for (const { work } of adapter?.modules ?? []) {
      if (work.of.kind === 'matrix') countWhole(work.of.item, 'F32');
      else for (const { operand } of work.of.terms) bytesToRead += factorBytesToRead(operand);
    }
    for (const { item } of adapter?.leftOut ?? []) countWhole(item, 'F32');
  }
  for (const { tensors } of plan.groups) {
    for (const { item } of tensors) {
      const program = programOfItem(item);
      for (const round of roundsOf(program)) {
        for (const { before, pass } of round)
          count(item, [...before.map(({ formula }) => formula), pass.formula]);
      }
    }
  }
  return { bytesToRead, passes };
}

function roundsOf(program: ReturnType<typeof programOfItem>) {
  const groups = program.statistics.flatMap(({ group }) => (group === undefined ? [] : [group]));
  const depth = (group: string): number =>
    [...groupsBefore(program, group)].reduce(
      (most, before) => Math.max(most, depth(before) + 1),
      0,
    );
  const rounds = new Map<number, string[]>();
  for (const group of groups)
    rounds.set(depth(group), [...(rounds.get(depth(group)) ?? []), group]);
  return [...rounds.values()].map((names) => {
    const first = groupPass(program, names, 'first');
    const second = groupPass(program, names, 'second');
    return second.pass.sinks.length === 0 ? [first] : [first, second];
  });
}

function joined(formulas: readonly Formula[]): ReadonlySet<number> {
  return new Set(
    formulas.flatMap(({ operandWidths }) =>
      operandWidths.flatMap((width, index) => (width === undefined ? [] : [index])),
    ),
  );
}

function operandBytes({ operands, elements }: WorkItem, index: number): number {
  return bytesToRead(operands[index]!, elements);
}
