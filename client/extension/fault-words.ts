/**
 * The ways out of the engine's faults as the editor has them. The engine's own words name options of the command line; here
 * the same fault leads to a button, a setting or a place in the panel.
 */
import { diskFull } from '../../engine/faults/disk-full.ts';
import { diskTooSmall } from '../../engine/faults/disk-too-small.ts';
import { engineLost } from '../../engine/faults/engine-lost.ts';
import { foreignFiles } from '../../engine/faults/foreign-files.ts';
import { malformedReport } from '../../engine/faults/malformed-report.ts';
import { memoryTooSmall } from '../../engine/faults/memory-too-small.ts';
import { needsOverwrite } from '../../engine/faults/needs-overwrite.ts';
import { notInCache } from '../../engine/faults/not-in-cache.ts';
import { partInCache } from '../../engine/faults/part-in-cache.ts';
import { noDevice } from '../../engine/faults/no-device.ts';
import { nonFinite } from '../../engine/faults/non-finite.ts';
import { outputNotFolder } from '../../engine/faults/output-not-folder.ts';
import { runsLater } from '../../engine/faults/runs-later.ts';
import { workFolderForeign } from '../../engine/faults/work-folder-foreign.ts';
import { writeFailed } from '../../engine/faults/write-failed.ts';
import { writeRefused } from '../../engine/faults/write-refused.ts';
import type { PanelAction, PanelFault } from '../../engine/protocol/panel.ts';

interface EngineFault {
  readonly code?: string;
  readonly message: string;
  readonly help: string;
}

interface Way {
  /** A function where it holds a figure of the case. */
  readonly help: string | ((engineHelp: string) => string);
  readonly action?: PanelAction;
}

const replace: PanelAction = {
  title: 'Replace',
  command: { kind: 'merge', overwrite: true },
};
const mergeAgain: PanelAction = { title: 'Merge again', command: { kind: 'respawn-engine' } };
const chooseFolder: PanelAction = {
  title: 'Choose folder',
  command: { kind: 'choose-output' },
};
const fetchModels: PanelAction = { title: 'Fetch…', command: { kind: 'fetch-models' } };
const openSetting = (name: string): PanelAction => ({
  title: 'Open setting',
  command: { kind: 'open-setting', name: `mergewright.${name}` },
});

const ways: Readonly<Record<string, Way>> = {
  [needsOverwrite.code]: {
    help: 'Replace it, or name another folder in the recipe.',
    action: replace,
  },
  [foreignFiles.code]: {
    help: 'Choose an empty or new folder: what is somebody else’s is never deleted.',
    action: chooseFolder,
  },
  [outputNotFolder.code]: { help: 'Choose another folder for it.', action: chooseFolder },
  [workFolderForeign.code]: {
    help: 'Move it away, or choose another folder.',
    action: chooseFolder,
  },
  [malformedReport.code]: {
    help: 'Treat the folder as not made by a merge: move it, or choose another one.',
    action: chooseFolder,
  },
  [diskFull.code]: {
    help: 'Free some space, or choose a folder on another disk; nothing half-written stays.',
    action: chooseFolder,
  },
  [diskTooSmall.code]: {
    help: (said) =>
      `Free ${/Free (\S+ \w+),/.exec(said)?.[1] ?? 'some space'}, or choose a folder on another disk.`,
    action: chooseFolder,
  },
  [writeRefused.code]: {
    help: 'Choose a folder that this user may write to.',
    action: chooseFolder,
  },
  [writeFailed.code]: {
    help: 'Look at the disk and the system’s log, or choose a folder on another disk.',
    action: chooseFolder,
  },
  [memoryTooSmall.code]: {
    help: (said) => `Give it ${/--memory (\S+)/.exec(said)?.[1] ?? 'more memory'} or more.`,
    action: openSetting('memory'),
  },
  [engineLost.code]: {
    // What the panel's own merge says of its loss names no option.
    help: (said) =>
      said.includes('--memory')
        ? 'Merge again: it goes on where it stopped. If the machine is short of memory, let the merge take less.'
        : said,
    action: mergeAgain,
  },
  [noDevice.code]: {
    help: 'Set the backend to “auto”, which takes WebAssembly where there is no GPU; the bytes are the same.',
    action: openSetting('backend'),
  },
  [notInCache.code]: {
    help: 'Fetch it, or name a folder that holds it: nothing moves before its size is shown.',
    action: fetchModels,
  },
  [partInCache.code]: {
    help: 'Fetch the rest: nothing moves before its size is shown.',
    action: fetchModels,
  },
  [nonFinite.code]: { help: 'Look at that tensor in the models, or store a wider type.' },
  [runsLater.code]: { help: 'Look at another step, or take this form out of what is merged.' },
};

/** Codes that the editor has its own words for. */
export const translatedCodes: readonly string[] = Object.keys(ways);

/** The button for a finding of the text, where its fault has one. */
export function wayOut(code: string): { readonly action?: PanelAction } {
  const action = ways[code]?.action;
  return action === undefined ? {} : { action };
}

export function panelFault({ code, message, help }: EngineFault): PanelFault {
  const named = { ...(code === undefined ? {} : { code }), message };
  const way = code === undefined ? undefined : ways[code];
  if (way === undefined) return { ...named, help };
  return {
    ...named,
    help: typeof way.help === 'string' ? way.help : way.help(help),
    ...(way.action === undefined ? {} : { action: way.action }),
  };
}
