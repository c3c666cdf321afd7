import { availableParallelism } from 'node:os';
import type { Checked, TensorValue } from '../../grammar/check/checked.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import type { CheckedFigures, MeasureNews, MeasureRequest } from '../../engine/protocol/measure.ts';
import { foreseePlan } from '../../engine/run/foresee.ts';
import { planHashOf, planOf } from '../planning/plan-of.ts';
import type { RecipeShelf } from './recipe-shelf.ts';

/** What a run of the recipe would read, write and need; its errors where it has some. */
export async function answerPlan(
  { recipe, memory, threads }: MeasureRequest & { kind: 'plan' },
  shelf: RecipeShelf,
): Promise<MeasureNews> {
  const opened = await shelf.open(recipe);
  const checked = checkedFigures(opened.checked, opened.text);
  if (checked.errors.length > 0 || checked.outputs === 0) return { kind: 'planned', checked };
  const plan = planOf(opened);
  if (!plan.ok) return { kind: 'planned', checked, fault: plan.fault };
  const foreseen = await foreseePlan(plan.value, {
    memory,
    threads: threads === 0 ? availableParallelism() : threads,
  });
  if (!foreseen.ok) return { kind: 'planned', checked, fault: foreseen.fault };
  const { bytesToRead, bytesToWrite, disks, outputs } = foreseen.value;
  return {
    kind: 'planned',
    checked,
    plan: {
      planHash: planHashOf(plan.value),
      outputs: plan.value.outputs.map(({ step, folder, bytes, tensors }, index) => ({
        step,
        folder,
        bytes,
        tensors: tensors.length,
        state: stateWords(outputs[index]!),
      })),
      bytesToRead,
      bytesToWrite,
      memory: foreseen.value.memory,
      free: Math.min(...disks.map(({ free }) => free)),
    },
  };
}

/** The command line's words name its own option. */
function stateWords(state: string): string {
  return state.startsWith('needs') ? 'in place of an earlier one' : state;
}

export function checkedFigures(checked: Checked, text: string): CheckedFigures {
  const lines = lineMap(text);
  return {
    errors: checked.diagnostics.flatMap(({ severity, code, message, start }) =>
      severity === 'error' ? [{ code, message, line: lines.positionAt(start).line }] : [],
    ),
    steps: checked.steps.map(({ name, value, start }) => ({
      name,
      line: lines.positionAt(start).line,
      method: methodOf(value),
    })),
    outputs: checked.outputs.length,
  };
}

function methodOf(value: TensorValue): string {
  switch (value.kind) {
    case 'call':
      return value.call.method.name;
    case 'sum':
      return 'arithmetic';
    case 'scaled':
    case 'negated':
    case 'layers':
      return methodOf(value.value);
    case 'stack':
      return 'stack';
    case 'source':
      return value.source.name;
    case 'step':
      return value.step.name;
    case 'broken':
      return value.later ?? 'broken';
  }
}
