import { dirname, relative } from 'node:path';
import type { ReportRecipe } from '../output/report.ts';
import type { OpenedRecipe } from './open-recipe.ts';

/** A recipe as its outputs remember it: whatever it was made of, word for word. */
export function reportRecipe({ path, text, imports }: OpenedRecipe): ReportRecipe {
  const used = [...imports.files].map(([file, { text: read }]) => ({
    path: relative(dirname(path), file).replaceAll('\\', '/'),
    text: read,
  }));
  return { text, path, ...(used.length === 0 ? {} : { imports: used }) };
}
