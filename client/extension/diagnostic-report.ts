/** What somebody who helps must know, as text for the clipboard: versions, settings, the engine's runtime, the last runs. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { env, version, workspace } from 'vscode';
import { engineVersion } from '../../engine/version.ts';
import { bytesText } from '../cli/figures.ts';
import type { EngineRuntime } from './engine/runtime.ts';
import { engineSettings } from './settings.ts';

export interface ReportFacts {
  readonly server: string;
  /** Undefined in a folder that is not trusted: nothing is started there. */
  readonly runtime: EngineRuntime | 'none' | undefined;
  readonly lastBackend: string | undefined;
  /** The folder of run records and their logs. */
  readonly records: string;
}

export async function diagnosticReport(facts: ReportFacts): Promise<string> {
  const { server, runtime, lastBackend, records } = facts;
  const settings = engineSettings();
  return [
    `Mergewright ${engineVersion}`,
    `VS Code ${version} (${env.appHost}), ${process.platform} ${process.arch}`,
    `processors ${availableParallelism()}, memory ${bytesText(totalmem())}, free ${bytesText(freemem())}`,
    `workspace ${workspace.isTrusted ? 'trusted' : 'not trusted'}`,
    `language server ${server}`,
    runtimeText(runtime),
    `engine ${lastBackend ?? 'not probed yet'}`,
    `settings ${JSON.stringify({ ...settings, nodePath: settings.nodePath === '' ? '' : 'set' })}`,
    ...(await lastLogs(records)),
    '',
  ].join('\n');
}

function runtimeText(runtime: ReportFacts['runtime']): string {
  if (runtime === undefined) return 'engine runtime not looked for';
  if (runtime === 'none') return 'engine runtime none: merges run in the panel';
  return `engine runtime Node ${runtime.version}${runtime.isElectron ? ' (Electron)' : ''}`;
}

const logsShown = 3;
const linesShown = 20;

async function lastLogs(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    name.endsWith('.log'),
  );
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const last = dated.sort((a, b) => b.at - a.at).slice(0, logsShown);
  const texts = await Promise.all(
    last.map(async ({ name }) => {
      const text = (await readFile(join(folder, name), 'utf8')).trim();
      return text === '' ? [] : [`log of ${name}:`, ...text.split('\n').slice(-linesShown)];
    }),
  );
  return texts.flat();
}
