import { availableParallelism } from 'node:os';
import type { Checked, TensorValue } from '../../grammar/check/checked.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import type {
  CheckedFigures,
  MapPlace,
  MeasureNews,
  MeasureRequest,
} from '../../engine/protocol/measure.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { foreseePlan } from '../../engine/run/foresee.ts';
import { planHashOf, planOf } from '../planning/plan-of.ts';
import { changedPlaces, footingOf } from './changed-places.ts';
import type { RecipeShelf } from './recipe-shelf.ts';

/** What a run of the recipe would read, write and need; its errors where it has some. */
export async function answerPlan(
  request: MeasureRequest & { kind: 'plan' },
  shelf: RecipeShelf,
): Promise<MeasureNews> {
  const opened = await shelf.open(request.recipe);
  const changed = changesOf(request, opened, shelf);
  return { ...(await planned(request, opened)), ...(changed === undefined ? {} : { changed }) };
}

/** Held against the picture that the window shows; nothing is said of a text with errors. */
function changesOf(
  { recipe, shown }: MeasureRequest & { kind: 'plan' },
  opened: OpenedRecipe,
  shelf: RecipeShelf,
): readonly MapPlace[] | undefined {
  if (shown === undefined) return undefined;
  const before = shelf.footing(recipe.path, shown);
  const after = footingOf(opened, shown.step);
  const step = opened.checked.steps.find(({ name }) => name === shown.step);
  if (before === undefined || after === undefined || step === undefined) return undefined;
  return changedPlaces(before, after, step);
}

async function planned(
  { memory, threads }: MeasureRequest & { kind: 'plan' },
  opened: OpenedRecipe,
): Promise<MeasureNews & { kind: 'planned' }> {
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
        ...(isReplacing(outputs[index]!) ? { replaces: true } : {}),
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
  return isReplacing(state) ? 'in place of an earlier one' : state;
}

function isReplacing(state: string): boolean {
  return state.startsWith('needs');
}

function checkedFigures(checked: Checked, text: string): CheckedFigures {
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
    folders: checked.recipe.statements.flatMap((statement) => {
      if (statement.kind !== 'output' || statement.folder === undefined) return [];
      const { start, end } = statement.folder;
      return [{ start, end }];
    }),
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
