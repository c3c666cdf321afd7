/** A suite that runs inside the extension host of a real VS Code: cases, a runner, and what they look at. */
import assert from 'node:assert/strict';
import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { MergewrightApi } from '../../../client/extension/extension.ts';
import type { PanelState } from '../../../engine/protocol/panel.ts';
import type { MergeReport } from '../../../engine/output/report.ts';

export interface Case {
  readonly name: string;
  readonly run: () => Promise<void>;
  /** Seconds; 30 unless said. */
  readonly limit?: number;
}

/** Runs cases one after the other and stores what came of them where the script that started VS Code reads it. */
export async function runCases(cases: readonly Case[]): Promise<void> {
  const results: { readonly name: string; readonly error?: string }[] = [];
  for (const { name, run, limit = 30 } of cases) {
    try {
      await within(limit, run());
      results.push({ name });
    } catch (error) {
      results.push({
        name,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }
  await writeFile(process.env.MERGEWRIGHT_SUITE_RESULTS!, JSON.stringify(results));
  const failed = results.filter(({ error }) => error !== undefined).length;
  if (failed > 0) throw new Error(`${failed} failed`);
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done within ${seconds} s`)), 1000 * seconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Asks again until there is an answer. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  for (const begun = Date.now(); Date.now() - begun < 1000 * seconds;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

export function workspaceFolder(): string {
  return vscode.workspace.workspaceFolders![0]!.uri.fsPath;
}

export async function api(): Promise<MergewrightApi> {
  const extension = vscode.extensions.getExtension<MergewrightApi>('mergewright.mergewright');
  assert.ok(extension, 'the packaged extension is installed');
  return extension.activate();
}

export async function panelState(): Promise<PanelState | undefined> {
  return (await api()).panelState();
}

/** Opens a recipe of the workspace with this text (unsaved) and the cursor at its mark. */
export async function openRecipe(
  name: string,
  marked?: string,
): Promise<{ readonly document: vscode.TextDocument; readonly at: vscode.Position }> {
  const uri = vscode.Uri.file(join(workspaceFolder(), name));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  const text = marked ?? document.getText();
  const offset = Math.max(0, text.indexOf('‸'));
  if (marked !== undefined) await replaceText(document, text.replace('‸', ''));
  const at = document.positionAt(offset);
  editor.selection = new vscode.Selection(at, at);
  return { document, at };
}

export async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, document.validateRange(all), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Puts every changed text back and closes all editors: cases do not see each other. */
export async function closeAll(): Promise<void> {
  // The editor's own settings are dirty for a moment when they are set, and are no case's business.
  const changed = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && !uri.path.endsWith('/settings.json'),
  );
  for (const document of changed) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export async function completionsAt(marked: string): Promise<readonly string[]> {
  const { document, at } = await openRecipe('digits.merge', marked);
  const list = await until('completions', async () => {
    const found = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    );
    return found.items.length > 0 && found;
  });
  return list.items
    .toSorted((a, b) => sortText(a).localeCompare(sortText(b)))
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}

function sortText({ sortText, label }: vscode.CompletionItem): string {
  return sortText ?? (typeof label === 'string' ? label : label.label);
}

/** Errors and warnings, once they are as wanted; what is merely unused is a hint. */
export async function findings(
  document: vscode.TextDocument,
  wanted: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  let found: readonly vscode.Diagnostic[] = [];
  try {
    return await until(`findings in ${document.fileName}`, () => {
      found = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ severity }) => severity !== vscode.DiagnosticSeverity.Hint);
      return wanted(found) && found;
    });
  } catch (error) {
    const messages = found.map(({ message }) => message).join('\n');
    throw new Error(`${(error as Error).message}; there were:\n${messages}`, { cause: error });
  }
}

export async function readReport(folder: string): Promise<MergeReport> {
  const text = await readFile(join(folder, 'mergewright.json'), 'utf8');
  return JSON.parse(text) as MergeReport;
}

/** Lets the reference compute, in small slices, so that a merge can be caught at work; or takes that back. */
export async function computeSlowly({ slowly }: { readonly slowly: boolean }): Promise<void> {
  const settings = vscode.workspace.getConfiguration('mergewright');
  const target = vscode.ConfigurationTarget.Workspace;
  await settings.update('backend', slowly ? 'oracle' : undefined, target);
  await settings.update('memory', slowly ? '16MB' : undefined, target);
}

/** Begins a merge that takes half a minute, and returns when it is well under way. */
export async function mergeSlowly(): Promise<void> {
  await computeSlowly({ slowly: true });
  await openRecipe('slow.merge');
  await vscode.commands.executeCommand('mergewright.merge');
  await until('progress', async () => {
    const run = (await panelState())?.run;
    return run?.kind === 'running' && run.progress !== undefined && run.progress.bytesRead > 0;
  });
}

/** Waits until the panel's run stands so. */
export async function runState(
  kind: PanelState['run']['kind'],
  seconds = 30,
): Promise<PanelState['run']> {
  return until(
    `a run that is ${kind}`,
    async () => {
      const run = (await panelState())?.run;
      return run?.kind === kind && run;
    },
    seconds,
  );
}

export { assert, vscode };
