/** The extension: what it is made of, and how the parts are joined. */
import { join } from 'node:path';
import {
  commands,
  env,
  languages,
  DiagnosticSeverity,
  Uri,
  window,
  workspace,
  type ExtensionContext,
} from 'vscode';
import type { PanelState } from '../../engine/protocol/panel.ts';
import { Disposables } from './disposables.ts';
import { diagnosticReport } from './diagnostic-report.ts';
import { findRuntime, type EngineRuntime } from './engine/runtime.ts';
import { LanguageServer } from './language/language-server.ts';
import { Measurer } from './measure/measurer.ts';
import { announce } from './merge/announce.ts';
import { Merges } from './merge/merges.ts';
import { RunRecords } from './merge/records.ts';
import { computedBy } from './merge/run-state.ts';
import { spawnMerge } from './merge/spawn-merge.ts';
import { wishingMerges } from './merge/wish-merge.ts';
import { newRecipeFromFolders } from './new-recipe.ts';
import { obeyPanel, revealFolder } from './panel/panel-commands.ts';
import { followCursor } from './panel/follow-cursor.ts';
import { Panel } from './panel/panel.ts';
import { recipeFor, stepFor } from './recipes.ts';
import { engineSettings } from './settings.ts';
import { statusItems } from './status.ts';

/** What other extensions, and tests, may ask. */
export interface MergewrightApi {
  /** What the panel shows; undefined where none is open. */
  panelState(): PanelState | undefined;
}

const speedKey = 'mergewright.speed';
const backendKey = 'mergewright.lastBackend';

let held: Disposables | undefined;
let server: LanguageServer | undefined;

export async function activate(context: ExtensionContext): Promise<MergewrightApi> {
  held = new Disposables();
  const log = held.add(window.createOutputChannel('Mergewright', { log: true }));
  const built = (name: string): string => join(context.extensionPath, 'dist', name);
  const records = new RunRecords(join(context.globalStorageUri.fsPath, 'runs'));
  const runtime = (): Promise<EngineRuntime> => findRuntime(engineSettings().nodePath, log);

  server = held.add(new LanguageServer(built('server.mjs'), log));
  const status = held.add(statusItems(server, context.globalState.get(backendKey)));
  const measurer = held.add(new Measurer({ program: built('measure-process.mjs'), log, runtime }));

  const merges: Merges = held.add(
    new Merges({
      records,
      async spawn({ recipe, overwrite }, runId) {
        const { backend, memory, threads, allowSoftwareGpu } = engineSettings();
        const engine = { backend, memory, threads, allowSoftwareGpu };
        const { uri, path, text, textVersion } = recipe;
        return spawnMerge(
          {
            runId,
            recipe: { uri, path, text, textVersion },
            overwrite,
            records: records.folder,
            ...engine,
          },
          { runtime: await runtime(), records, program: built('merge-process.mjs') },
        );
      },
      isOurs: (uri) =>
        workspace.getWorkspaceFolder(Uri.parse(uri)) !== undefined ||
        workspace.textDocuments.some((document) => document.uri.toString() === uri),
      async ended(ending) {
        if (ending.end?.kind === 'done' && ending.end.outputs[0]?.upToDate === false) {
          const by = computedBy(ending.end.outputs[0]);
          status.computed(by);
          await context.globalState.update(backendKey, by);
        }
        await announce(ending, {
          isWatching: (uri) => panel.isWatching(uri),
          showPanel: async (uri) => void (await preview(Uri.parse(uri))),
          reveal: revealFolder,
          mergeAgain: async (uri) => merge(Uri.parse(uri)),
        });
      },
      measuredSpeed: (speed) => void context.globalState.update(speedKey, speed),
    }),
  );
  held.add(
    merges.onDidChange(() =>
      commands.executeCommand('setContext', 'mergewright.isRunning', merges.isRunning),
    ),
  );
  const wishMerge = wishingMerges(merges);
  const panel: Panel = held.add(
    new Panel({
      context,
      measurer,
      merges,
      speed: () => context.globalState.get(speedKey),
      command: (command, session) => obeyPanel(command, session, { measurer, merges, wishMerge }),
    }),
  );
  held.add(followCursor(panel, measurer));

  const preview = async (given: unknown) => {
    const document = await recipeFor(given);
    if (document === undefined) return sayNoRecipe();
    const session = panel.show(document);
    await session.refresh(stepFor(given));
    return session;
  };
  const merge = async (given: unknown): Promise<void> => {
    const document = await recipeFor(given);
    if (document === undefined) return void sayNoRecipe();
    await wishMerge(panel.show(document), { overwrite: false });
  };
  const register = (name: string, run: (...args: readonly unknown[]) => unknown): void => {
    held!.add(commands.registerCommand(`mergewright.${name}`, run));
  };
  register('check', checkRecipe);
  register('preview', async (given) => void (await preview(given)));
  register('merge', merge);
  register('cancel', () => merges.runningUris().forEach((uri) => merges.cancel(uri)));
  register('newRecipeFromFolders', newRecipeFromFolders);
  register('revealOutput', async (given) => {
    const document = await recipeFor(given);
    if (document === undefined) return sayNoRecipe();
    const run = merges.stateOf(document.uri.toString());
    const folder =
      run.kind === 'done'
        ? run.outputs[0]?.folder
        : (await panel.show(document).plan())?.plan?.outputs[0]?.folder;
    return folder === undefined
      ? window.showInformationMessage('This recipe has no output yet.')
      : revealFolder(folder);
  });
  register('restartServer', () => server!.restart());
  register('showLog', () => log.show());
  register('copyDiagnosticReport', async () => {
    const text = await diagnosticReport({
      server: server!.state,
      runtime: workspace.isTrusted ? await runtime() : undefined,
      lastBackend: context.globalState.get(backendKey),
      records: records.folder,
    });
    await env.clipboard.writeText(text);
    await window.showInformationMessage('The report is on the clipboard.');
  });

  held.add(
    workspace.onDidGrantWorkspaceTrust(() => {
      void server!.trustGranted();
      void merges.recover();
    }),
  );
  if (workspace.isTrusted) void merges.recover();
  void server.start();
  return { panelState: () => panel.state };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  held?.dispose();
}

/** The server finds; the command shows what it found. */
async function checkRecipe(given: unknown): Promise<void> {
  const document = await recipeFor(given);
  if (document === undefined) return void sayNoRecipe();
  const found = languages.getDiagnostics(document.uri);
  const errors = found.filter(({ severity }) => severity === DiagnosticSeverity.Error).length;
  const warnings = found.filter(({ severity }) => severity === DiagnosticSeverity.Warning).length;
  if (errors + warnings > 0) await commands.executeCommand('workbench.actions.view.problems');
  const words = errors + warnings === 0 ? 'no findings' : `${errors} errors, ${warnings} warnings`;
  window.setStatusBarMessage(`$(check) ${document.uri.path.split('/').at(-1)}: ${words}`, 5000);
}

function sayNoRecipe(): undefined {
  void window.showInformationMessage('Open a recipe (a .merge file) first.');
  return undefined;
}
