import { join } from 'node:path';
import { judgeExpectations } from '../../engine/measures/judge.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import type { Notice } from '../../engine/output/notice.ts';
import type { FinishedOutput, RunOutcome } from '../../engine/run/options.ts';
import { foldChecks } from '../../engine/output/fold-checks.ts';
import { reportRecipe } from '../../engine/recipe/report-recipe.ts';
import { runPlan } from '../../engine/run/run-plan.ts';
import { engineVersion } from '../../engine/version.ts';
import { ownAttempt, type OwnAttempt } from './attempt.ts';
import { printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { bytesText, secondsText } from './figures.ts';
import type { RunFlags } from './flags.ts';
import { chooseOutputs, endMisused, isMisuse, openSound } from './opened.ts';
import { planFor } from './plan.ts';
import { progressLine } from './progress.ts';
import { printJson, type Terminal } from './terminal.ts';
import { interrupts } from './interrupts.ts';

/** Lets tests run the GPU's code on a software device; nobody else wants it. */
const softwareGpuVariable = 'MERGEWRIGHT_SOFTWARE_GPU';

/** `run`: merges, judges, publishes. */
export async function runCommand(
  terminal: Terminal,
  recipe: string,
  flags: RunFlags,
): Promise<ExitCode> {
  const attempt = ownAttempt();
  const code = await runOnce(terminal, recipe, flags, attempt);
  attempt.end(code);
  return code;
}

async function runOnce(
  terminal: Terminal,
  recipe: string,
  flags: RunFlags,
  attempt: OwnAttempt,
): Promise<ExitCode> {
  const sound = await openSound(terminal, recipe, flags);
  if ('end' in sound) return sound.end;
  const { opened } = sound;
  const outputs = chooseOutputs(opened, flags);
  if (isMisuse(outputs)) return endMisused(terminal, outputs);
  const plan = planFor(opened, outputs, flags);
  if (!plan.ok) return endWithFault(terminal, plan.fault);
  using stop = interrupts();
  attempt.onCancel(stop.cancel);
  const line = progressLine(terminal);
  const result = await runPlan(plan.value, {
    backend: attempt.backend(flags.backend),
    memory: flags.memory,
    threads: flags.threads,
    overwrite: flags.overwrite === true,
    resume: flags.resume === true,
    allowNonFinite: flags.allowNonfinite === true,
    allowSoftwareGpu: process.env[softwareGpuVariable] === '1',
    engineVersion,
    recipe: reportRecipe(opened),
    judge: judgeExpectations({
      checked: opened.checked,
      checkpoints: opened.checkpoints,
      plan: plan.value,
    }),
    ...(terminal.isInteractive ? { onProgress: line.show } : {}),
    signal: stop.signal,
  });
  line.clear();
  if (!result.ok) return endWithFault(terminal, result.fault);
  return printOutcome(terminal, result.value, flags, attempt.earlier);
}

function endWithFault(terminal: Terminal, fault: Fault): ExitCode {
  printFault(terminal, fault);
  return fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
}

function printOutcome(
  terminal: Terminal,
  outcome: RunOutcome,
  flags: RunFlags,
  earlier: readonly Notice[],
): ExitCode {
  // Earlier notices were told when they came; whoever reads JSON wants all of them in it.
  const whole = { ...outcome, notices: [...earlier, ...outcome.notices] };
  for (const { message } of outcome.notices) terminal.err(`note: ${message}\n`);
  switch (outcome.kind) {
    case 'cancelled':
      terminal.err('cancelled: nothing was published\n');
      return exitCode.cancelled;
    case 'failed-expectations':
      if (flags.json === true) printJson(terminal, whole);
      for (const check of outcome.checks)
        terminal.err(checkText(check.title, check.outcome, check.detail));
      terminal.err(
        [
          'error MW5002: An expectation does not hold; nothing was published.\n',
          '  Change the recipe, or the figure it expects.\n',
        ].join(''),
      );
      return exitCode.fault;
    case 'done':
      if (flags.json === true) printJson(terminal, whole);
      else if (flags.backend === 'none')
        terminal.out(`read and written without arithmetic in ${outcome.seconds.toFixed(2)} s\n`);
      else for (const output of outcome.outputs) terminal.out(outputText(output, outcome.seconds));
      return exitCode.done;
  }
}

function outputText({ step, folder, report, upToDate }: FinishedOutput, seconds: number): string {
  const bytes = report.files.reduce((sum, { size }) => sum + size, 0);
  if (upToDate) return `${step} is up to date in ${shownPath(folder)}\n`;
  const backends = report.backends.map(backendText).join(', ');
  return [
    `${step} to ${shownPath(folder)}: ${bytesText(bytes)} in ${secondsText(seconds)} by ${backends}\n`,
    ...foldChecks(report.checks).map(({ title, outcome, detail }) =>
      checkText(title, outcome, detail),
    ),
    `  weights ${report.weightsDigest}\n`,
    `  report  ${shownPath(join(folder, 'mergewright.json'))}\n`,
  ].join('');
}

function backendText({
  backend,
  device,
  slices,
  moved,
}: FinishedOutput['report']['backends'][number]): string {
  const away = (moved ?? [])
    .map(({ slices: count, reason }) => `; ${count} moved: ${reason}`)
    .join('');
  return `${backend}${device === undefined ? '' : ` on ${device}`} (${slices} slices${away})`;
}

function checkText(title: string, outcome: string, detail: string | undefined): string {
  return `  ${outcome} ${title}${detail === undefined ? '' : `: ${detail}`}\n`;
}
