import { valueOf } from '../faults/fault.ts';
import { claimOutput } from '../output/claim-output.ts';
import { foreseeSpace } from '../output/disk-space.ts';
import type { Resuming } from '../output/leftovers.ts';
import type { Notice } from '../output/notice.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import type { FinishedOutput, RunOptions } from './options.ts';
import { journalHead } from './stored-lines.ts';

/** An output that this run makes. */
export interface Claimed {
  readonly output: PlannedOutput;
  readonly claim: OutputClaim;
}

/** What a run has claimed, finished and found. */
export interface Books {
  readonly claims: Claimed[];
  readonly finished: FinishedOutput[];
  readonly notices: Notice[];
}

/** Claims every output or none: a fault in the last gives the others back. */
export async function claimOutputs(
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
        ...(options.runId === undefined ? {} : { runId: options.runId }),
        ...(isTiming ? {} : { resuming: resumingOf(plan, output, options) }),
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

function resumingOf(plan: Plan, output: PlannedOutput, options: RunOptions): Resuming {
  return { head: journalHead(plan, output, options), insist: options.resume === true };
}

/** The last first: the folder that several stand in was made by the first, and goes when it is empty. */
export async function abandonAll(claims: readonly Claimed[]): Promise<void> {
  for (const { claim } of claims.toReversed()) await claim.abandon();
}

/** What is stored stays beside the outputs, for the next run of the same to go on with. */
export async function leaveAll(claims: readonly Claimed[]): Promise<void> {
  for (const { claim } of claims) await claim.leave();
}

/** Every shard with its header, at its full length. */
export async function createShards({ output, claim }: Claimed): Promise<void> {
  for (const { name, size, header } of output.files) {
    const writer = valueOf(await claim.createFile(name, size));
    await writer.pwrite(header, 0);
  }
}
