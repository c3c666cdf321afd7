/** Which Node the engine's processes run on: a real one where there is one, else VS Code's own runtime, where that runs as one. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LogOutputChannel } from 'vscode';

const leastMajor = 22;

export interface EngineRuntime {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** Electron cannot map a GPU's memory: there WebAssembly computes. */
  readonly isElectron: boolean;
}

const found = new Map<string, Promise<EngineRuntime | undefined>>();

/** Looked for once a window and setting; undefined where no Node runs. */
export function findRuntime(
  nodePath: string,
  log: LogOutputChannel,
): Promise<EngineRuntime | undefined> {
  const known = found.get(nodePath);
  if (known !== undefined) return known;
  const looking = lookForRuntime(nodePath, log);
  found.set(nodePath, looking);
  return looking;
}

async function lookForRuntime(
  nodePath: string,
  log: LogOutputChannel,
): Promise<EngineRuntime | undefined> {
  for (const program of nodePath === '' ? ['node'] : [nodePath, 'node']) {
    const version = await versionOf(program);
    if (version !== undefined && Number(version.split('.')[0]) >= leastMajor) {
      log.info(`the engine runs on ${program}, Node ${version}`);
      return { program, env: cleanEnvironment(), version, isElectron: false };
    }
    if (version !== undefined) log.info(`${program} is Node ${version}, older than ${leastMajor}`);
    else if (program === nodePath)
      log.warn(`mergewright.nodePath: ${program} does not run as Node`);
  }
  const isElectron = process.versions.electron !== undefined;
  const env = { ...cleanEnvironment(), ...(isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) };
  const version = await versionOf(process.execPath, env);
  if (version === undefined) {
    log.warn('no Node runs here, neither on the path nor as VS Code: merges run in the panel');
    return undefined;
  }
  log.info(`the engine runs on VS Code's own runtime, Node ${version}`);
  return { program: process.execPath, env, version, isElectron };
}

async function versionOf(
  program: string,
  env: NodeJS.ProcessEnv = cleanEnvironment(),
): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-p', 'process.versions.node'], {
      timeout: 5000,
      env,
    });
    return /^\d+\.\d+\.\d+/.exec(stdout.trim())?.[0];
  } catch {
    return undefined;
  }
}

/** VS Code's own variables, and options meant for its processes, are none of the engine's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
    ),
  );
}
