import { createHash } from 'node:crypto';
import type { Result } from '../../engine/faults/fault.ts';
import { makePlan } from '../../engine/plan/make-plan.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { engineVersion } from '../../engine/version.ts';
import { chooseOutputs, isMisuse } from '../cli/opened.ts';

/** The plan of all outputs of a recipe that has some. */
export function planOf(opened: OpenedRecipe): Result<Plan> {
  const outputs = chooseOutputs(opened, {});
  if (isMisuse(outputs)) throw new Error(outputs.message);
  const { checked, checkpoints, besides } = opened;
  return makePlan({ checked, checkpoints, besides, outputs, engineVersion });
}

/** One hash for all outputs together. */
export function planHashOf({ outputs }: Plan): string {
  const hash = createHash('sha256');
  for (const output of outputs) hash.update(output.hash);
  return hash.digest('hex');
}
