/** What a merge would read, write and need. */
import type { PlanState, RecipeState } from '../../engine/protocol/panel.ts';
import { bytesText, counted, secondsText } from '../words/amounts.ts';

export interface PlanWords {
  /** One line, for the header. */
  readonly summary: readonly string[];
  readonly facts: readonly { readonly name: string; readonly text: string }[];
  readonly outputs: readonly {
    readonly step: string;
    readonly folder: string;
    readonly size: string;
    readonly state: string;
  }[];
  /** A merge in the panel ends with it. */
  readonly warning?: string;
}

export function planWords(plan: PlanState): PlanWords {
  const time =
    plan.seconds === undefined
      ? 'not known before the first run'
      : `about ${secondsText(plan.seconds)}`;
  const where = plan.host === 'process' ? 'its own process' : 'this panel';
  const isTight = plan.bytesToWrite > plan.free;
  return {
    summary: [
      `reads ${bytesText(plan.bytesToRead)}`,
      `writes ${bytesText(plan.bytesToWrite)}`,
      ...(plan.seconds === undefined ? [] : [`about ${secondsText(plan.seconds)}`]),
      `${bytesText(plan.free)} free`,
    ],
    facts: [
      { name: 'reads', text: bytesText(plan.bytesToRead) },
      {
        name: 'writes',
        text: `${bytesText(plan.bytesToWrite)}, ${bytesText(plan.free)} free${isTight ? ': too little' : ''}`,
      },
      { name: 'memory', text: bytesText(plan.memory) },
      { name: 'time', text: time },
      { name: 'runs in', text: `${where}, on ${plan.backend}` },
    ],
    outputs: plan.outputs.map(({ step, folder, bytes, tensors, state }) => ({
      step,
      folder,
      size: `${bytesText(bytes)}, ${counted(tensors, 'tensor')}`,
      state,
    })),
    ...(plan.host === 'panel'
      ? { warning: 'The merge runs in this panel and ends when it is closed.' }
      : {}),
  };
}

/** Whether Merge may be pressed, and why not. */
export function mergeRefusal(
  recipe: RecipeState | undefined,
  plan: PlanState | undefined,
): string | undefined {
  if (recipe === undefined) return 'There is no recipe.';
  if (!recipe.trusted) return 'Nothing runs before the workspace is trusted.';
  if (recipe.errors.length > 0) return 'The recipe has errors.';
  if (plan?.fault !== undefined) return plan.fault.message;
  return undefined;
}

export function replacesOutput(plan: PlanState | undefined): boolean {
  return plan?.outputs.some(({ replaces }) => replaces === true) ?? false;
}
