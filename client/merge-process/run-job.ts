/** From a job to the run's ending: the text is checked, planned and run as the command line does it. */
import { availableParallelism } from 'node:os';
import { judgeExpectations } from '../../engine/measures/judge.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import type { MergeJob, RunEnd } from '../../engine/protocol/run.ts';
import { checkRecipe } from '../../engine/recipe/open-recipe.ts';
import { reportRecipe } from '../../engine/recipe/report-recipe.ts';
import type { Computing, RunOptions, RunResult } from '../../engine/run/options.ts';
import type { Progress } from '../../engine/run/progress.ts';
import { engineVersion } from '../../engine/version.ts';
import { planHashOf, planOf } from '../planning/plan-of.ts';

export interface JobOptions {
  /** Who computes. */
  readonly runPlan: (plan: Plan, options: RunOptions) => Promise<RunResult>;
  readonly signal: AbortSignal;
  readonly onPlan: (planHash: string) => Promise<void>;
  readonly onStart: (computing: Computing) => void;
  readonly onProgress: (progress: Progress) => void;
}

/** Never rejects: what goes wrong is an ending of its own. */
export async function runJob(job: Omit<MergeJob, 'records'>, options: JobOptions): Promise<RunEnd> {
  try {
    return await run(job, options);
  } catch (error) {
    console.error(error);
    return { kind: 'crashed', message: error instanceof Error ? error.message : String(error) };
  }
}

async function run(
  job: Omit<MergeJob, 'records'>,
  { runPlan, signal, onPlan, onStart, onProgress }: JobOptions,
): Promise<RunEnd> {
  const { text, path } = job.recipe;
  const opened = await checkRecipe(text, path);
  const error = opened.checked.diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    const help = 'Mend it in the recipe, then merge again.';
    return { kind: 'fault', fault: { code: error.code, message: error.message, help } };
  }
  const plan = planOf(opened);
  if (!plan.ok) return { kind: 'fault', fault: plan.fault };
  await onPlan(planHashOf(plan.value));
  const result = await runPlan(plan.value, {
    backend: job.backend,
    memory: job.memory,
    threads: job.threads === 0 ? availableParallelism() : job.threads,
    runId: job.runId,
    overwrite: job.overwrite,
    allowNonFinite: false,
    allowSoftwareGpu: job.allowSoftwareGpu,
    engineVersion,
    recipe: reportRecipe(opened),
    judge: judgeExpectations({
      checked: opened.checked,
      checkpoints: opened.checkpoints,
      plan: plan.value,
    }),
    onStart,
    onProgress,
    signal,
  });
  if (!result.ok) return { kind: 'fault', fault: result.fault };
  switch (result.value.kind) {
    case 'done': {
      const { outputs, notices, seconds } = result.value;
      return { kind: 'done', outputs, notices, seconds };
    }
    case 'failed-expectations':
      return { kind: 'failed-expectations', checks: result.value.checks };
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}
