/** The extension: what it is made of, and how the parts are joined. */
import { readFile } from 'node:fs/promises';
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
import type { MergeJob } from '../../engine/protocol/run.ts';
import { Disposables } from './disposables.ts';
import { diagnosticReport } from './diagnostic-report.ts';
import { loadLate } from './engine/late-modules.ts';
import { MergePlaces } from './engine/merge-place.ts';
import { findRuntime, type EngineRuntime } from './engine/runtime.ts';
import { fetchingModels } from './hub/fetch-models.ts';
import { interchange } from './interchange/interchange.ts';
import { LanguageServer } from './language/language-server.ts';
import { recipeViews } from './language/recipe-views.ts';
import { Measurer } from './measure/measurer.ts';
import { announce } from './merge/announce.ts';
import { Merges, type MergeWish } from './merge/merges.ts';
import { runInPanel } from './merge/panel-run.ts';
import { RunRecords, type KeptJob } from './merge/records.ts';
import { computedBy } from './merge/run-state.ts';
import { spawnMerge, type Spawned } from './merge/spawn-merge.ts';
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

const speedKeys = { process: 'mergewright.speed', panel: 'mergewright.panelSpeed' } as const;
/** Before anything was measured: nobody knows the disk, but messages to a page are slow everywhere. */
const firstSpeeds = { process: undefined, panel: 10_000_000 } as const;
const backendKey = 'mergewright.lastBackend';

let held: Disposables | undefined;
let server: LanguageServer | undefined;

export async function activate(context: ExtensionContext): Promise<MergewrightApi> {
  held = new Disposables();
  const log = held.add(window.createOutputChannel('Mergewright', { log: true }));
  const dist = join(context.extensionPath, 'dist');
  const built = (name: string): string => join(dist, name);
  const records = new RunRecords(join(context.globalStorageUri.fsPath, 'runs'));
  const runtime = (): Promise<EngineRuntime | undefined> =>
    findRuntime(engineSettings().nodePath, log);
  const places = new MergePlaces(runtime);

  server = held.add(new LanguageServer(built('server.mjs'), log));
  held.add(interchange(built('server.mjs'), log));
  held.add(recipeViews(server));
  const status = held.add(statusItems(server, context.globalState.get(backendKey)));
  const measurer = held.add(
    new Measurer({
      program: built('measure-process.mjs'),
      log,
      runtime,
      measured: (figures) => void server?.measured(figures),
      desk: async () => (await loadLate(dist, 'measure-desk.mjs')).desk,
    }),
  );

  const spawn = async (kept: KeptJob): Promise<Spawned> => {
    const node = await runtime();
    if (node === undefined) return { failed: 'no Node runs here' };
    return spawnMerge(kept, { runtime: node, records, program: built('merge-process.mjs') });
  };
  const merges: Merges = held.add(
    new Merges({
      records,
      place: () => places.now(),
      spawn: (wish, runId) =>
        spawn({ job: { ...jobOf(wish, runId), records: records.folder }, deaths: 0 }),
      respawn: (kept) => {
        log.warn(
          `the process of run ${kept.job.runId} died, ${kept.deaths} so far: it starts again`,
        );
        return spawn(kept);
      },
      async runInPanel(wish, runId, listener) {
        const { mergeInPanel } = await loadLate(dist, 'panel-merge.mjs');
        const program = await readFile(built('panel-compute.js'), 'utf8');
        if (!panel.isOpen) await preview(Uri.parse(wish.recipe.uri));
        const line = panel.computeLine(runId, program);
        return runInPanel(jobOf(wish, runId), { merge: mergeInPanel, line }, listener);
      },
      isOurs: (uri) =>
        workspace.getWorkspaceFolder(Uri.parse(uri)) !== undefined ||
        workspace.textDocuments.some((document) => document.uri.toString() === uri),
      started: (by) => status.computing(by),
      async ended(ending) {
        if (ending.end?.kind === 'done' && ending.end.outputs[0]?.upToDate === false) {
          await context.globalState.update(backendKey, computedBy(ending.end.outputs[0]));
        }
        status.computed(context.globalState.get(backendKey));
        await announce(ending, {
          isWatching: (uri) => panel.isWatching(uri),
          showPanel: async (uri) => void (await preview(Uri.parse(uri))),
          reveal: revealFolder,
          mergeAgain: async (uri) => merge(Uri.parse(uri)),
        });
      },
      measuredSpeed: (speed, place) => void context.globalState.update(speedKeys[place], speed),
    }),
  );
  held.add(
    merges.onDidChange(() =>
      commands.executeCommand('setContext', 'mergewright.isRunning', merges.isRunning),
    ),
  );
  const wishMerge = wishingMerges(merges);
  const fetchModels = fetchingModels({
    load: () => loadLate(dist, 'hub-fetch.mjs'),
    // The server looks at headers by itself, every other second.
    fetched: async (document) => {
      if (panel.session?.document === document) await panel.session.refresh();
    },
  });
  const panel: Panel = held.add(
    new Panel({
      context,
      measurer,
      merges,
      place: () => places.now(),
      computes: () => places.known === 'panel',
      speed: (place) => context.globalState.get(speedKeys[place], firstSpeeds[place]),
      command: (command, session) =>
        obeyPanel(command, session, { measurer, merges, wishMerge, fetchModels }),
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
  register('fetchModels', async (given) => {
    const document = await recipeFor(given);
    return document === undefined ? void sayNoRecipe() : fetchModels(document);
  });
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
      runtime: workspace.isTrusted ? ((await runtime()) ?? 'none') : undefined,
      lastBackend: context.globalState.get(backendKey),
      records: records.folder,
    });
    await env.clipboard.writeText(text);
    await window.showInformationMessage('The report is on the clipboard.');
  });

  const begin = (): void => {
    void merges.recover();
    void places.now();
  };
  held.add(
    workspace.onDidGrantWorkspaceTrust(() => {
      void server!.trustGranted();
      begin();
    }),
  );
  if (workspace.isTrusted) begin();
  void server.start();
  return { panelState: () => panel.state };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  held?.dispose();
}

function jobOf({ recipe, overwrite }: MergeWish, runId: string): Omit<MergeJob, 'records'> {
  const { backend, memory, threads, allowSoftwareGpu } = engineSettings();
  const { uri, path, text, textVersion } = recipe;
  const engine = { backend, memory, threads, allowSoftwareGpu };
  return { runId, recipe: { uri, path, text, textVersion }, overwrite, ...engine };
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
