/** `Import mergekit YAML`: a recipe beside the file, over nothing that is there without being told. */
import { Range, Uri, window, workspace, type TextDocument } from 'vscode';
import type { Diagnostic } from '../../../grammar/diagnostics/diagnostic.ts';
import { importYaml, type Imported } from '../../../grammar/mergekit/import.ts';
import type { Surroundings } from '../../../grammar/mergekit/into/source.ts';
import { looksLikeMergekit } from '../../../grammar/mergekit/looks.ts';
import { lineMap } from '../../../grammar/syntax/lines.ts';
import { fileSurroundings } from '../../../server/yaml/file-surroundings.ts';
import { languageId } from '../recipes.ts';

/** From the file that was clicked, or the YAML in front. The URI of the recipe, if one was written. */
export async function importMergekitYaml(given: unknown): Promise<Uri | undefined> {
  const uri = given instanceof Uri ? given : window.activeTextEditor?.document.uri;
  if (uri === undefined || !/\.ya?ml$/i.test(uri.path)) {
    await window.showInformationMessage(
      'Open a YAML file of mergekit’s first, or click one in the explorer.',
    );
    return undefined;
  }
  const document = await workspace.openTextDocument(uri);
  const text = document.getText();
  if (!looksLikeMergekit(text)) {
    await window.showInformationMessage(
      'This YAML is not one of mergekit’s: it has no `merge_method`.',
    );
    return undefined;
  }
  const title = uri.path
    .split('/')
    .at(-1)!
    .replace(/\.ya?ml$/i, '');
  const imported = importYaml({ text, title, surroundings: await surroundingsOf(uri, text) });
  if (imported.recipe === undefined) {
    await showRefusal(imported, document);
    return undefined;
  }
  const { recipe } = imported;
  if (!workspace.isTrusted) {
    // Nothing is written before the workspace is trusted: the recipe comes as a text that has no file yet.
    const untitled = { language: languageId, content: recipe.text };
    await window.showTextDocument(await workspace.openTextDocument(untitled));
    return undefined;
  }
  const target = await targetFor(uri);
  if (target === undefined) return undefined;
  await workspace.fs.writeFile(target, new TextEncoder().encode(recipe.text));
  for (const { name, text: content } of recipe.files) {
    const beside = Uri.joinPath(target, '..', name);
    if (!(await exists(beside)))
      await workspace.fs.writeFile(beside, new TextEncoder().encode(content));
  }
  await window.showTextDocument(await workspace.openTextDocument(target));
  void tellFindings(imported.findings);
  return target;
}

/** Before the workspace is trusted the text alone is read. */
async function surroundingsOf(uri: Uri, text: string): Promise<Surroundings> {
  const isHere = workspace.isTrusted && uri.scheme === 'file';
  return isHere ? fileSurroundings({ text, file: uri.fsPath }) : {};
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Beside the YAML; where a recipe is there already, the author says what becomes of it. */
async function targetFor(yaml: Uri): Promise<Uri | undefined> {
  const stem = yaml.path.replace(/\.ya?ml$/i, '');
  const first = yaml.with({ path: `${stem}.merge` });
  if (!(await exists(first))) return first;
  const name = first.path.split('/').at(-1)!;
  const chosen = await window.showWarningMessage(
    `${name} is there already.`,
    { modal: true },
    'Keep Both',
    'Replace',
  );
  if (chosen === 'Replace') return first;
  if (chosen === undefined) return undefined;
  for (let count = 2; ; count++) {
    const other = yaml.with({ path: `${stem}-${count}.merge` });
    if (!(await exists(other))) return other;
  }
}

/** Why there is no recipe, and where to look. */
async function showRefusal({ findings }: Imported, document: TextDocument): Promise<void> {
  const error = findings.find(({ severity }) => severity === 'error');
  if (error === undefined) return;
  const place = placeIn(document.getText(), error);
  const chosen = await window.showErrorMessage(`${place}: ${error.message}`, 'Show');
  if (chosen === undefined) return;
  const selection = new Range(document.positionAt(error.start), document.positionAt(error.end));
  await window.showTextDocument(document, { selection });
}

export function placeIn(text: string, { start }: Diagnostic): string {
  const { line, column } = lineMap(text).positionAt(start);
  return `Line ${line}, column ${column}`;
}

export async function tellFindings(findings: readonly Diagnostic[]): Promise<void> {
  const ignored = findings.filter(({ severity }) => severity === 'warning').length;
  if (ignored === 0) return;
  const what = ignored === 1 ? 'One thing is' : `${ignored} things are`;
  await window.showInformationMessage(
    `${what} ignored by mergekit or done otherwise there: the recipe’s comments and the Problems of the YAML say which.`,
  );
}
