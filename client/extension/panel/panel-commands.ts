/** What the panel asks for, done. */
import { commands, env, Uri, window, workspace, type TextDocument } from 'vscode';
import { join } from 'node:path';
import { reportName } from '../../../engine/output/report.ts';
import type { PanelCommand } from '../../../engine/protocol/panel.ts';
import type { Measurer } from '../measure/measurer.ts';
import type { Merges } from '../merge/merges.ts';
import { chooseOutput } from '../merge/output-folder.ts';
import type { WishMerge } from '../merge/wish-merge.ts';
import { bufferOf, showLine } from '../recipes.ts';
import type { RecipeSession } from './recipe-session.ts';

export interface PanelCommandContext {
  readonly measurer: Measurer;
  readonly merges: Merges;
  readonly wishMerge: WishMerge;
  /** Brings what a recipe's hub models lack, after asking. */
  readonly fetchModels: (document: TextDocument) => Promise<void>;
}

export async function obeyPanel(
  command: PanelCommand,
  session: RecipeSession,
  { measurer, merges, wishMerge, fetchModels }: PanelCommandContext,
): Promise<void> {
  const { document } = session;
  switch (command.kind) {
    case 'preview':
      return session.refresh(command.step);
    case 'measure-exactly':
      return session.measure({ exact: true });
    case 'stop-measuring':
      return session.stopMeasuring();
    case 'merge':
      return wishMerge(session, { overwrite: command.overwrite });
    case 'respawn-engine':
      return wishMerge(session, { overwrite: false });
    case 'choose-output': {
      const planned = await session.plan();
      return planned === undefined ? undefined : chooseOutput(document, planned.checked);
    }
    case 'open-setting':
      await commands.executeCommand('workbench.action.openSettings', command.name);
      return;
    case 'fetch-models':
      return fetchModels(document);
    case 'cancel':
      return merges.cancel(document.uri.toString());
    case 'show-line':
      return showLine(document, command.line);
    case 'show-cell': {
      const line = await measurer.lineOf(bufferOf(document), command.step, command.place);
      return line === undefined ? undefined : showLine(document, line);
    }
    case 'reveal-output':
      return revealFolder(command.folder);
    case 'copy':
      return env.clipboard.writeText(command.text);
    case 'open-report':
      await window.showTextDocument(
        await workspace.openTextDocument(Uri.file(join(command.folder, reportName))),
      );
      return;
    default:
      command satisfies never;
  }
}

/** In the explorer where the folder belongs to the window, else in the system's own. */
export async function revealFolder(folder: string): Promise<void> {
  const uri = Uri.file(folder);
  const isInside = workspace.getWorkspaceFolder(uri) !== undefined;
  const command = isInside || env.remoteName !== undefined ? 'revealInExplorer' : 'revealFileInOS';
  await commands.executeCommand(command, uri);
}
