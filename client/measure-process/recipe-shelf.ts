import type { MeasuredRecipe } from '../../engine/protocol/measure.ts';
import { checkRecipe, type OpenedRecipe } from '../../engine/recipe/open-recipe.ts';

/** Headers may change under a text that does not: what was checked longer ago than this is checked again. */
const freshMs = 2000;

/** The recipe checked last, so that plan, picture and cursor ask for one check. */
export class RecipeShelf {
  #key = '';
  #since = 0;
  #opened: Promise<OpenedRecipe> | undefined;

  open({ path, text }: MeasuredRecipe): Promise<OpenedRecipe> {
    const key = JSON.stringify([path, text]);
    const now = performance.now();
    if (this.#opened === undefined || key !== this.#key || now - this.#since > freshMs) {
      this.#key = key;
      this.#since = now;
      this.#opened = checkRecipe(text, path);
    }
    return this.#opened;
  }
}
