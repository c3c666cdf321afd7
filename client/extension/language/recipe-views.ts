/** What the language server makes of a recipe, each beside it as a read-only document: its expanded plan, and mergekit's YAML. */
import type { Disposable } from 'vscode';
import type { planScheme, yamlScheme } from '../../../server/protocol.ts';
import { Disposables } from '../disposables.ts';
import type { LanguageServer } from './language-server.ts';
import { recipeDocuments, type RecipeDocuments } from './recipe-documents.ts';

/** Only their names are written here: the server's own module stays out of the extension. */
const schemes: { readonly plan: typeof planScheme; readonly yaml: typeof yamlScheme } = {
  plan: 'mergewright-plan',
  yaml: 'mergewright-yaml',
};

/** Serves the documents, and the commands that show those of a recipe. */
export function recipeViews(server: LanguageServer): Disposable {
  const views: readonly RecipeDocuments[] = [
    {
      scheme: schemes.plan,
      command: 'mergewright.showExpandedPlan',
      nameOf: (recipe) => `${recipe} (plan).merge`,
      textOf: (uri) => server.expandedPlan(uri),
    },
    {
      scheme: schemes.yaml,
      command: 'mergewright.showExportedYaml',
      nameOf: (recipe) => `${recipe} (mergekit).yaml`,
      textOf: (uri) => server.exportedYaml(uri),
    },
  ];
  const held = new Disposables();
  for (const view of views) held.add(recipeDocuments(server, view));
  return held;
}
