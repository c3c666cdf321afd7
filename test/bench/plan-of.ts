/** The plan of a recipe, as the command line makes it. */
import { join } from 'node:path';
import { valueOf } from '../../engine/faults/fault.ts';
import { makePlan } from '../../engine/plan/make-plan.ts';
import type { TensorInFile } from '../../engine/plan/operand.ts';
import type { Plan, PlannedTensor, WorkItem } from '../../engine/plan/plan.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';

export async function planOf(recipe: string): Promise<Plan> {
  const { checked, checkpoints } = valueOf(await openRecipe(recipe));
  const outputs = checked.outputs.map((output) => ({
    output,
    folder: join(recipe, '..', output.folder),
  }));
  return valueOf(makePlan({ checked, checkpoints, outputs, engineVersion: 'bench' }));
}

/** The tensors that are computed, the largest first. */
export function computed(
  plan: Plan,
): readonly { readonly tensor: PlannedTensor; readonly item: WorkItem }[] {
  return plan.outputs
    .flatMap(({ tensors }) => tensors)
    .flatMap((tensor) =>
      tensor.work.kind === 'compute' ? [{ tensor, item: tensor.work.item }] : [],
    )
    .toSorted((a, b) => b.item.elements - a.item.elements);
}

/** Where an item's operands lie: the bench's models are read as they are stored. */
export function storedOperands({ operands }: WorkItem): readonly TensorInFile[] {
  return operands.map((operand) => {
    if (operand.kind !== 'stored') throw new Error(`an operand is ${operand.kind}`);
    return operand;
  });
}
