import type { MeasuredRecipe } from '../../engine/protocol/measure.ts';
import type { Footing } from './changed-places.ts';
import { checkRecipe, type OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { haveImportsChanged } from '../../engine/recipe/read-imports.ts';

/** Headers may change under a text that does not: what was checked longer ago than this is checked again. */
const freshMs = 2000;

interface Shelved {
  readonly key: string;
  readonly since: number;
  readonly opened: Promise<OpenedRecipe>;
}

/** The recipe checked last, so that plan, picture and cursor ask for one check, and what the pictures sent last stand on. */
export class RecipeShelf {
  readonly #footings = new Map<
    string,
    { readonly textVersion: number; readonly footing: Footing }
  >();
  #shelved: Shelved | undefined;

  async open(recipe: MeasuredRecipe): Promise<OpenedRecipe> {
    const { path, text } = recipe;
    const key = JSON.stringify([path, text]);
    const shelved = this.#shelved;
    if (shelved?.key === key && performance.now() - shelved.since <= freshMs) {
      const opened = await shelved.opened;
      if (!(await haveImportsChanged(opened.imports))) return opened;
      // Meanwhile somebody else may have asked, and have found the same.
      if (this.#shelved !== shelved) return this.open(recipe);
    }
    const opened = checkRecipe(text, path);
    this.#shelved = { key, since: performance.now(), opened };
    return opened;
  }

  /** A whole picture of a recipe was sent. */
  keep({ path, textVersion }: MeasuredRecipe, footing: Footing | undefined): void {
    if (footing === undefined) this.#footings.delete(path);
    else this.#footings.set(path, { textVersion, footing });
  }

  /** What a picture stands on, if it is the one sent last. */
  footing(
    path: string,
    shown: { readonly step: string; readonly textVersion: number },
  ): Footing | undefined {
    const kept = this.#footings.get(path);
    return kept?.textVersion === shown.textVersion && kept.footing.step === shown.step
      ? kept.footing
      : undefined;
  }
}
