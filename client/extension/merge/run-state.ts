/** How a run's ending is shown. */
import type { FinishedState, PanelFault, RunState } from '../../../engine/protocol/panel.ts';
import type { RunEnd } from '../../../engine/protocol/run.ts';
import type { BackendShare } from '../../../engine/output/report.ts';
import type { Computing, FinishedOutput } from '../../../engine/run/options.ts';
import { panelFault } from '../fault-words.ts';

/** A process of the merge's own, or this window's panel. */
export type MergePlace = Extract<RunState, { kind: 'running' }>['host'];

export function stateOfEnd(end: RunEnd): RunState {
  switch (end.kind) {
    case 'done':
      return { kind: 'done', outputs: end.outputs.map(finishedState), seconds: end.seconds };
    case 'failed-expectations':
      return { kind: 'broken-expectations', checks: end.checks };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'fault':
      return { kind: 'failed', fault: panelFault(end.fault) };
    case 'crashed':
      return {
        kind: 'failed',
        fault: {
          message: `The engine met a bug: ${end.message}. Nothing was published.`,
          help: 'Copy the diagnostic report and send it.',
          action: mergeAgain,
        },
      };
  }
}

const mergeAgain = { title: 'Merge again', command: { kind: 'respawn-engine' } } as const;

export function lostFault(recipe: string): PanelFault {
  return {
    message: `The process that merged ${recipe} is gone and left no word. Nothing was published.`,
    help: 'What it had stored is kept: merging the same again goes on from there.',
    action: mergeAgain,
  };
}

/** The page that computed is no more. */
export function panelGoneFault(recipe: string): PanelFault {
  return {
    message: `The panel that merged ${recipe} was closed or loaded again, and the merge ended with it. Nothing was published.`,
    help: 'Merge again: it goes on where it stopped. Then leave the panel open until the merge has ended.',
    action: mergeAgain,
  };
}

function finishedState({ step, folder, report, upToDate }: FinishedOutput): FinishedState {
  return {
    step,
    folder,
    bytes: report.files.reduce((sum, { size }) => sum + size, 0),
    upToDate,
    // The line of each tensor is for whoever opens the report: there may be many thousands.
    report: { ...report, tensors: [] },
    useIt: `model = AutoModelForCausalLM.from_pretrained(${JSON.stringify(folder)})`,
  };
}

/** Who computes, in words: as the report will say it. */
export function computingText(
  { backend, device, threads }: Computing,
  place: MergePlace = 'process',
): string {
  const who = byName({ backend, ...(device === undefined ? {} : { device }) });
  if (place === 'panel') return `${who}, in the panel`;
  return backend === 'gpu' || backend === 'none' || threads === 1
    ? who
    : `${who}, ${threads} threads`;
}

/** Who computed, in words. */
export function computedBy({ report }: Pick<FinishedOutput, 'report'>): string {
  const names = report.backends.map(byName).join(', ');
  return report.backends.some(({ host }) => host === 'panel') ? `${names}, in the panel` : names;
}

function byName({ backend, device }: Pick<BackendShare, 'backend' | 'device'>): string {
  return device === undefined ? nameOf(backend) : `GPU: ${device}`;
}

function nameOf(backend: string): string {
  switch (backend) {
    case 'wasm':
      return 'WebAssembly';
    case 'oracle':
      return 'the reference';
    case 'gpu':
      return 'GPU';
    case 'none':
      return 'no arithmetic';
    default:
      return backend;
  }
}
