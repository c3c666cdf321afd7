/** A recipe as mergekit's YAML beside it: a read-only document that follows the text. */
import type { Disposable } from 'vscode';
import type { yamlScheme as schemeOfYaml } from '../../../server/protocol.ts';
import type { LanguageServer } from './language-server.ts';
import { recipeDocuments } from './recipe-documents.ts';

/** Only its name is written here: the server's own module stays out of the extension. */
const yamlScheme: typeof schemeOfYaml = 'mergewright-yaml';

/** Serves the documents, and the command that shows the one of a recipe. */
export function exportedYamls(server: LanguageServer): Disposable {
  return recipeDocuments(server, {
    scheme: yamlScheme,
    command: 'mergewright.showExportedYaml',
    nameOf: (recipe) => `${recipe} (mergekit).yaml`,
    textOf: (uri) => server.exportedYaml(uri),
  });
}
