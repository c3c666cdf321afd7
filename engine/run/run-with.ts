/** From a plan to finished outputs: all are claimed, then stored, then judged, then sealed, and only then published. */
import { join } from 'node:path';
import { beginChecks, type RunningChecks } from '../checks/begin-checks.ts';
import { engineLost } from '../faults/engine-lost.ts';
import { failure, FaultError, settle, valueOf } from '../faults/fault.ts';
import { nonFinite } from '../faults/non-finite.ts';
import type { Notice } from '../output/notice.ts';
import type { ReportCheck } from '../output/report.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import { spendMemory, type Budget } from './budget.ts';
import { RunCancelled } from './cancelled.ts';
import {
  abandonAll,
  claimOutputs,
  createShards,
  leaveAll,
  type Books,
  type Claimed,
} from './claims.ts';
import { cancelOn } from './cancel-on.ts';
import { Clock } from './clock.ts';
import type { ComputeHost, OpenCompute } from './compute-host.ts';
import { demandOf } from './demand.ts';
import { groupMemory } from './group-memory.ts';
import { gatherGroups } from './groups.ts';
import type { GroupTable, SharedControl } from './job.ts';
import type { FinishedOutput, RunOptions, RunOutcome, RunResult, StoredOutput } from './options.ts';
import type { Pool } from './pool.ts';
import { startFlushing, type Flushing } from './flushing.ts';
import { sealOutput } from './seal-output.ts';
import { computingOf } from './shares.ts';
import { storeAdapter, type StoredAdapter } from './store-adapter.ts';
import { Watch } from './watch.ts';
import { isResident } from './tensor-sizes.ts';
import { storeTensors, type StoredTensors } from './tensors.ts';

/**
 * Runs a plan. A cancel, a fault or a failed expectation leaves nothing under any output's name. Where the engine itself broke,
 * what was stored stays beside, and the next run of the same goes on with it.
 */
export async function runWith(
  open: OpenCompute,
  plan: Plan,
  options: RunOptions,
): Promise<RunResult> {
  const claims: Claimed[] = [];
  const finished: FinishedOutput[] = [];
  const notices: Notice[] = [];
  try {
    const result = await settle(async (): Promise<RunOutcome> => {
      try {
        return await runClaimed(open, plan, options, { claims, finished, notices });
      } catch (error) {
        if (error instanceof RunCancelled) return { kind: 'cancelled', notices };
        throw error;
      }
    });
    if (!result.ok && result.fault.code === engineLost.code) await leaveAll(claims);
    else if (!result.ok || result.value.kind !== 'done') await abandonAll(claims);
    return result;
  } catch (bug) {
    await leaveAll(claims);
    throw bug;
  }
}

async function runClaimed(
  open: OpenCompute,
  plan: Plan,
  options: RunOptions,
  books: Books,
): Promise<RunOutcome> {
  const clock = new Clock();
  const demand = demandOf(plan);
  const { memory, threads, signal } = options;
  const budget = valueOf(spendMemory({ ...demand, memory, threads }));
  await claimOutputs(plan, options, books);
  const { claims, finished, notices } = books;
  if (claims.length === 0)
    return { kind: 'done', outputs: finished, notices, seconds: clock.total() };

  const control: SharedControl = {
    flags: new SharedArrayBuffer(4),
    progress: new SharedArrayBuffer(16),
  };
  const outputFiles = claims.map(({ output, claim }) =>
    output.files.map(({ name }) => join(claim.workFolder, name)),
  );
  const compute = await open({
    files: [...plan.files, ...outputFiles.flat()],
    firstOutput: plan.files.length,
    sliceElements: budget.sliceElements,
    operands: demand.operands,
    workers: budget.workers,
    control,
    onNotice: (notice) => notices.push(notice),
    ...(signal === undefined ? {} : { signal }),
  });
  const { pool } = compute;
  options.onStart?.(computingOf(compute));
  const stopListening = cancelOn(signal, control);
  const watch = new Watch(
    claims.map(({ output }) => output),
    control,
    clock,
    options.onProgress,
  );
  let flushing: Flushing | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= compute.close());
  try {
    for (const claimed of claims) await createShards(claimed);
    clock.begin('statistics');
    watch.phase = 'statistics';
    const groups = await gatherGroups(plan.groups, {
      pool,
      sliceElements: budget.sliceElements,
      isResident: (item) => isResident(item, budget),
      memory: groupMemory(
        plan,
        claims.map(({ claim }) => claim),
      ),
    });
    clock.begin('merging');
    watch.phase = 'merging';
    const stored: (StoredTensors | StoredAdapter)[] = [];
    flushing = startFlushing(claims.map(({ claim }) => claim));
    const running = options.backend === 'none' ? [] : beginAll(plan, claims, pool);
    for (const [index, claimed] of claims.entries()) {
      stored.push(
        await storeOutput(claimed, outputFiles[index]!, {
          pool,
          budget,
          groups,
          compute,
          watch,
          options,
          ...(running.length === 0 ? {} : { checks: running[index]! }),
        }),
      );
    }
    const checked = await Promise.all(running.map((one) => one.ended()));
    await flushing.end();
    clock.begin('judging');
    watch.phase = 'judging';
    const checks = await judge(plan, claims, options, pool, budget);
    // Nothing is computed from here on: the workers end while the outputs are finished, and a fault of that is told at the end.
    close().catch(() => undefined);
    if (checks.some(({ outcome }) => outcome === 'fails'))
      return { kind: 'failed-expectations', checks, notices };
    if (options.backend === 'none') return await endTiming(books, clock);
    clock.begin('finishing');
    watch.phase = 'finishing';
    throwIfCancelled(control);
    for (const [index, claimed] of claims.entries()) {
      const report = await sealOutput(claimed, {
        plan,
        options,
        compute,
        clock,
        stored: stored[index]!,
        checked: checked[index]!,
        checks,
      });
      finished.push({
        step: claimed.output.step,
        folder: claimed.output.folder,
        report,
        upToDate: false,
      });
    }
    for (const { claim } of claims) valueOf(await claim.publish());
    for (const { claim } of claims)
      notices.push(...claim.notices.filter((notice) => !notices.includes(notice)));
    return { kind: 'done', outputs: finished, notices, seconds: clock.total() };
  } finally {
    watch.end();
    stopListening();
    await flushing?.end().catch(() => undefined);
    await close();
  }
}

interface StoreContext {
  readonly pool: Pool;
  readonly budget: Budget;
  readonly groups: GroupTable;
  readonly compute: ComputeHost;
  readonly watch: Watch;
  readonly options: RunOptions;
  readonly checks?: RunningChecks;
}

/** Each output's tensors are looked at as they are stored. */
function beginAll(plan: Plan, claims: readonly Claimed[], pool: Pool): readonly RunningChecks[] {
  let firstFile = plan.files.length;
  return claims.map(({ output }) => {
    const checks = beginChecks(output, { pool, firstFile });
    firstFile += output.files.length;
    return checks;
  });
}

async function storeOutput(
  { output, claim }: Claimed,
  paths: readonly string[],
  context: StoreContext,
): Promise<StoredTensors | StoredAdapter> {
  const { pool, budget, groups, compute, watch, options, checks } = context;
  const { adapter } = output;
  const storing = {
    pool,
    budget,
    groups,
    paths,
    claim,
    ...(compute.gpu === undefined ? {} : { gpu: compute.gpu }),
    allowNonFinite: options.allowNonFinite,
    onTensor: () => watch.tensorDone(),
  };
  const { signal } = options;
  const stored =
    adapter === undefined
      ? await storeTensors(output, { ...storing, ...(checks === undefined ? {} : { checks }) })
      : await storeAdapter(output, adapter, {
          ...storing,
          ...(signal === undefined ? {} : { signal }),
        });
  if (stored.nonFinite !== undefined && !options.allowNonFinite)
    raiseNonFinite(output, stored.nonFinite);
  return stored;
}

function raiseNonFinite(
  output: PlannedOutput,
  { tensor, element }: { tensor: string; element: number },
): never {
  const fault = failure(nonFinite, {
    message: `${tensor} of ${output.step} would hold an infinity or a NaN, first at element ${element}.`,
    help: 'Look at that tensor in the inputs, store a wider type, or let it pass with --allow-nonfinite.',
  });
  throw new FaultError(fault.fault);
}

async function judge(
  plan: Plan,
  claims: readonly Claimed[],
  options: RunOptions,
  pool: Pool,
  budget: Budget,
): Promise<readonly ReportCheck[]> {
  if (options.judge === undefined || options.backend === 'none') return [];
  let firstFile = plan.files.length;
  const stored: StoredOutput[] = claims.map(({ output }) => {
    const at = firstFile;
    firstFile += output.files.length;
    return { output, firstFile: at };
  });
  return options.judge(stored, pool, budget.sliceElements);
}

/** With no arithmetic there is nothing to keep: the files are flushed, as they would be, and removed. */
async function endTiming({ claims, finished, notices }: Books, clock: Clock): Promise<RunOutcome> {
  clock.begin('finishing');
  for (const { claim } of claims) valueOf(await claim.flush());
  for (const { claim } of claims.toReversed()) valueOf(await claim.abandon());
  return { kind: 'done', outputs: finished, notices, seconds: clock.total() };
}

function throwIfCancelled(control: SharedControl): void {
  if (Atomics.load(new Int32Array(control.flags), 0) !== 0) throw new RunCancelled();
}
