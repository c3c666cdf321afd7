/** The expanded plan beside its recipe: a read-only document that follows the text. */
import type { Disposable } from 'vscode';
import type { planScheme as schemeOfPlans } from '../../../server/protocol.ts';
import type { LanguageServer } from './language-server.ts';
import { recipeDocuments } from './recipe-documents.ts';

/** Only its name is written here: the server's own module stays out of the extension. */
const planScheme: typeof schemeOfPlans = 'mergewright-plan';

/** Serves the documents, and the command that shows the one of a recipe. */
export function expandedPlans(server: LanguageServer): Disposable {
  return recipeDocuments(server, {
    scheme: planScheme,
    command: 'mergewright.showExpandedPlan',
    nameOf: (recipe) => `${recipe} (plan).merge`,
    textOf: (uri) => server.expandedPlan(uri),
  });
}
