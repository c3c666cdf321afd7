import { workspace } from 'vscode';
import type { BackendChoice } from '../../engine/run/options.ts';
import { parseBytes } from '../cli/figures.ts';

export interface EngineSettings {
  readonly backend: BackendChoice;
  /** Bytes. */
  readonly memory: number;
  /** 0: all cores. */
  readonly threads: number;
  /** Empty: look on the path. */
  readonly nodePath: string;
  readonly allowSoftwareGpu: boolean;
  /** For tests: the panel computes although a process could. */
  readonly mergeInPanel: boolean;
}

const defaultMemory = 256_000_000;

export function engineSettings(): EngineSettings {
  const settings = workspace.getConfiguration('mergewright');
  return {
    backend: settings.get<BackendChoice>('backend', 'auto'),
    memory: parseBytes(settings.get('memory', '')) ?? defaultMemory,
    threads: settings.get('threads', 0),
    nodePath: settings.get('nodePath', ''),
    allowSoftwareGpu: settings.get('testing.softwareGpu', false),
    mergeInPanel: settings.get('testing.mergeInPanel', false),
  };
}

export function measuresWhileTyping(): boolean {
  return workspace.getConfiguration('mergewright').get('measureWhileTyping', true);
}
