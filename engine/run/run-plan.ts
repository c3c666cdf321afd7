/** From a plan to finished outputs: all are claimed, then stored, then judged, then sealed, and only then published. */
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { failure, FaultError, settle, valueOf } from '../faults/fault.ts';
import { nonFinite } from '../faults/non-finite.ts';
import { claimOutput } from '../output/claim-output.ts';
import { foreseeSpace } from '../output/disk-space.ts';
import type { Notice } from '../output/notice.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import type { MergeReport, ReportCheck, ReportTime } from '../output/report.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import { weightsDigest } from '../safetensors/weights-digest.ts';
import { chooseBackend, type Chosen } from './backend.ts';
import { spendMemory, type Budget } from './budget.ts';
import { RunCancelled } from './cancelled.ts';
import { demandOf } from './demand.ts';
import { gatherGroups } from './groups.ts';
import type { GroupTable, SharedControl } from './job.ts';
import type { FinishedOutput, RunOptions, RunOutcome, RunResult, StoredOutput } from './options.ts';
import { inlinePool, threadPool, type Pool } from './pool.ts';
import type { Progress } from './progress.ts';
import { isResident, storeTensors, type StoredTensors } from './tensors.ts';

/** Runs a plan. A cancel, a fault or a failed expectation leaves nothing under any output's name. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  const claims: Claimed[] = [];
  const finished: FinishedOutput[] = [];
  const notices: Notice[] = [];
  const result = await settle(async (): Promise<RunOutcome> => {
    try {
      return await runClaimed(plan, options, { claims, finished, notices });
    } catch (error) {
      if (error instanceof RunCancelled) return { kind: 'cancelled', notices };
      throw error;
    }
  });
  if (!result.ok || result.value.kind !== 'done')
    await abandonAll(claims);
  return result;
}

interface Claimed {
  readonly output: PlannedOutput;
  readonly claim: OutputClaim;
}

interface Books {
  readonly claims: Claimed[];
  readonly finished: FinishedOutput[];
  readonly notices: Notice[];
}

async function runClaimed(plan: Plan, options: RunOptions, books: Books): Promise<RunOutcome> {
  const clock = new Clock();
  const demand = demandOf(plan);
  const budget = valueOf(
    spendMemory({ ...demand, memory: options.memory, threads: threadsOf(options) }),
  );
  await claimOutputs(plan, options, books);
  const { claims, finished, notices } = books;
  if (claims.length === 0)
    return { kind: 'done', outputs: finished, notices, seconds: clock.total() };

  const control: SharedControl = {
    flags: new SharedArrayBuffer(4),
    progress: new SharedArrayBuffer(16),
  };
  const stopListening = cancelOn(options.signal, control);
  const outputFiles = claims.map(({ output, claim }) =>
    output.files.map(({ name }) => join(claim.workFolder, name)),
  );
  const files = [...plan.files, ...outputFiles.flat()];
  const chosen = await chooseBackend(options, {
    paths: plan.files,
    sliceElements: budget.sliceElements,
    operands: demand.operands,
  });
  const start = { backend: chosen.cpu, files, sliceElements: budget.sliceElements, control };
  const pool =
    options.inline === undefined
      ? threadPool(budget.workers, start)
      : inlinePool(start, options.inline);
  const watch = new Watch(claims, control, clock, options.onProgress);
  try {
    for (const claimed of claims) await createShards(claimed);
    clock.begin('statistics');
    watch.phase = 'statistics';
    const groups = await gatherGroups(plan.groups, {
      pool,
      sliceElements: budget.sliceElements,
      isResident: (item) => isResident(item, budget),
    });
    clock.begin('merging');
    watch.phase = 'merging';
    const stored: StoredTensors[] = [];
    for (const [index, claimed] of claims.entries()) {
      stored.push(
        await storeOutput(claimed, outputFiles[index]!, {
          pool,
          budget,
          groups,
          chosen,
          watch,
          options,
        }),
      );
    }
    clock.begin('judging');
    watch.phase = 'judging';
    const checks = await judge(plan, claims, options, pool, budget);
    if (checks.some(({ outcome }) => outcome === 'fails'))
      return { kind: 'failed-expectations', checks, notices };
    if (options.backend === 'none') return await endTiming(books, clock);
    clock.begin('finishing');
    watch.phase = 'finishing';
    throwIfCancelled(control);
    for (const [index, claimed] of claims.entries()) {
      const report = await seal(claimed, {
        plan,
        options,
        chosen,
        clock,
        stored: stored[index]!,
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
    await pool.close();
    chosen.gpu?.close();
  }
}

function threadsOf({ threads, backend }: RunOptions): number {
  return backend === 'oracle'
    ? Math.min(threads, 2)
    : Math.max(1, threads || availableParallelism());
}

/** Claims every output or none: a fault in the last gives the others back. */
async function claimOutputs(
  plan: Plan,
  options: RunOptions,
  { claims, finished, notices }: Books,
): Promise<void> {
  const isTiming = options.backend === 'none';
  valueOf(await foreseeSpace(plan.outputs.map(({ folder, bytes }) => ({ folder, bytes }))));
  for (const output of plan.outputs) {
    const outcome = valueOf(
      await claimOutput({
        // Timing leaves what stands under the output's name alone.
        out: isTiming ? `${output.folder}.timing` : output.folder,
        planHash: output.hash,
        overwrite: options.overwrite,
        inputs: plan.files,
        bytes: output.bytes,
      }),
    );
    if (outcome.kind === 'claimed') {
      claims.push({ output, claim: outcome.claim });
      notices.push(...outcome.claim.notices);
    } else {
      notices.push(...outcome.notices);
      finished.push({
        step: output.step,
        folder: output.folder,
        report: outcome.report,
        upToDate: true,
      });
    }
  }
}

/** The last first: the folder that several stand in was made by the first, and goes when it is empty. */
async function abandonAll(claims: readonly Claimed[]): Promise<void> {
  for (const { claim } of claims.toReversed()) await claim.abandon();
}

async function createShards({ output, claim }: Claimed): Promise<void> {
  for (const { name, size, header } of output.files) {
    const writer = valueOf(await claim.createFile(name, size));
    await writer.pwrite(header, 0);
  }
}

interface StoreContext {
  readonly pool: Pool;
  readonly budget: Budget;
  readonly groups: GroupTable;
  readonly chosen: Chosen;
  readonly watch: Watch;
  readonly options: RunOptions;
}

async function storeOutput(
  { output }: Claimed,
  paths: readonly string[],
  context: StoreContext,
): Promise<StoredTensors> {
  const { pool, budget, groups, chosen, watch, options } = context;
  const stored = await storeTensors(output, {
    pool,
    budget,
    groups,
    paths,
    ...(chosen.gpu === undefined ? {} : { gpu: chosen.gpu }),
    allowNonFinite: options.allowNonFinite,
    onTensor: () => watch.tensorDone(),
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
  await abandonAll(claims);
  return { kind: 'done', outputs: finished, notices, seconds: clock.total() };
}

interface SealContext {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly chosen: Chosen;
  readonly clock: Clock;
  readonly stored: StoredTensors;
  readonly checks: readonly ReportCheck[];
}

async function seal({ output, claim }: Claimed, context: SealContext): Promise<MergeReport> {
  const { plan, options, chosen, clock, stored, checks } = context;
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
      backends: chosen.shares(stored),
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

function cancelOn(signal: AbortSignal | undefined, control: SharedControl): () => void {
  const flags = new Int32Array(control.flags);
  const cancel = (): void => void Atomics.store(flags, 0, 1);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  return () => signal?.removeEventListener('abort', cancel);
}

function throwIfCancelled(control: SharedControl): void {
  if (Atomics.load(new Int32Array(control.flags), 0) !== 0) throw new RunCancelled();
}

class Clock {
  readonly #start = performance.now();
  readonly #times: { phase: string; from: number; to?: number }[] = [];

  begin(phase: string): void {
    const now = performance.now();
    const last = this.#times.at(-1);
    if (last !== undefined) last.to = now;
    this.#times.push({ phase, from: now });
  }

  total(): number {
    return (performance.now() - this.#start) / 1000;
  }

  times(): readonly ReportTime[] {
    const now = performance.now();
    return this.#times.map(({ phase, from, to }) => ({
      phase,
      seconds: ((to ?? now) - from) / 1000,
    }));
  }
}

const progressEvery = 200;

class Watch {
  phase: Progress['phase'] = 'statistics';
  #tensorsDone = 0;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  readonly #report: () => void;

  constructor(
    claims: readonly Claimed[],
    control: SharedControl,
    clock: Clock,
    onProgress: ((progress: Progress) => void) | undefined,
  ) {
    const counters = new BigInt64Array(control.progress);
    const tensors = claims.reduce((sum, { output }) => sum + output.tensors.length, 0);
    const bytesToWrite = claims.reduce((sum, { output }) => sum + output.bytes, 0);
    this.#report = () =>
      onProgress?.({
        phase: this.phase,
        bytesRead: Number(Atomics.load(counters, 0)),
        bytesWritten: Number(Atomics.load(counters, 1)),
        bytesToWrite,
        tensorsDone: this.#tensorsDone,
        tensors,
        seconds: clock.total(),
      });
    this.#timer = onProgress === undefined ? undefined : setInterval(this.#report, progressEvery);
  }

  tensorDone(): void {
    this.#tensorsDone++;
  }

  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#report();
  }
}
