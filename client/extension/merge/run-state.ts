/** How a run's ending is shown. */
import type { FinishedState, PanelFault, RunState } from '../../../engine/protocol/panel.ts';
import type { RunEnd } from '../../../engine/protocol/run.ts';
import { needsOverwrite } from '../../../engine/faults/needs-overwrite.ts';
import type { FinishedOutput } from '../../../engine/run/options.ts';

export function stateOfEnd(end: RunEnd): RunState {
  switch (end.kind) {
    case 'done':
      return { kind: 'done', outputs: end.outputs.map(finishedState), seconds: end.seconds };
    case 'failed-expectations':
      return { kind: 'broken-expectations', checks: end.checks };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'fault': {
      const { code, message, help } = end.fault;
      if (code === needsOverwrite.code) return { kind: 'failed', fault: replaceFault(message) };
      return { kind: 'failed', fault: { code, message, help } };
    }
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
    help: 'What it left is cleared by the next merge.',
    action: mergeAgain,
  };
}

export function replaceFault(message: string): PanelFault {
  return {
    code: needsOverwrite.code,
    message,
    help: 'Replace it, or name another folder in the recipe.',
    action: { title: 'Replace', command: { kind: 'merge', overwrite: true } },
  };
}

function finishedState({ step, folder, report, upToDate }: FinishedOutput): FinishedState {
  return {
    step,
    folder,
    bytes: report.files.reduce((sum, { size }) => sum + size, 0),
    upToDate,
    report,
    useIt: `model = AutoModelForCausalLM.from_pretrained(${JSON.stringify(folder)})`,
  };
}

/** Who computed, in words. */
export function computedBy({ report }: Pick<FinishedOutput, 'report'>): string {
  return report.backends
    .map(({ backend, device }) => (device === undefined ? nameOf(backend) : `GPU: ${device}`))
    .join(', ');
}

function nameOf(backend: string): string {
  return backend === 'wasm' ? 'WebAssembly' : backend === 'oracle' ? 'the reference' : backend;
}
