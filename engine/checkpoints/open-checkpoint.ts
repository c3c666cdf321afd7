import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { floatTypes } from '../../grammar/places/signature.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import { openAdapterFolder, openLocalAdapter } from '../adapters/open-adapter.ts';
import { ambiguousSource } from '../faults/ambiguous-source.ts';
import { FaultError, makeFault, raise, settle, settleNow } from '../faults/fault.ts';
import type { Fault, Result } from '../faults/fault.ts';
import { malformedConfig } from '../faults/malformed-config.ts';
import { missingShard } from '../faults/missing-shard.ts';
import { noWeights } from '../faults/no-weights.ts';
import { notARegularFile } from '../faults/not-a-regular-file.ts';
import { partInCache } from '../faults/part-in-cache.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { sourceNotFound } from '../faults/source-not-found.ts';
import { reading } from '../faults/system-fault.ts';
import type { Environment } from '../hub/environment.ts';
import { findSnapshot } from '../hub/find-snapshot.ts';
import { proveOffered, proveWhole, restHelp } from '../hub/snapshot-state.ts';
import { defaultRevision } from '../hub/repository.ts';
import type { HubReference } from '../hub/repository.ts';
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts';
import { gatherTensors } from './gather-tensors.ts';
import { boundsOf, fileInside } from './inside-folder.ts';
import type { FolderBounds } from './inside-folder.ts';
import { readConfigDtype, readModelConfig } from './model-config.ts';
import { chooseFile, chooseWeights } from './pick-weights.ts';
import type { WeightsChoice } from './pick-weights.ts';
import { refuseQuantised } from './quantised.ts';
import { configBounds, isJsonObject, readJsonFile } from './read-json.ts';
import { readLicence } from './licence.ts';
import { findModules, modulesName } from './encoder-modules.ts';
import { findCode, findSideFiles } from './side-files.ts';
import type { CheckpointSource } from './source.ts';

export interface OpenOptions {
  /** Variables that say where the Hugging Face cache is; those of this process unless given. */
  readonly env?: Environment;
}

/**
 * Finds a model and reads its headers and configuration, but none of its weights.
 * Faults: MW45xx, each with the file and a way out, and MW6005.
 */
export function openCheckpoint(
  source: CheckpointSource,
  { env = process.env }: OpenOptions = {},
): Promise<Result<Checkpoint>> {
  return settle(() => {
    switch (source.kind) {
      case 'local':
        return source.as === 'adapter' ? openLocalAdapter(source.path) : openLocal(source.path);
      case 'hub':
        return openHub(source, env);
      default:
        return source satisfies never;
    }
  });
}

async function openLocal(path: string): Promise<Checkpoint> {
  const status = await reading(path, () => stat(path));
  if (status.isDirectory()) return openFolder(path);
  if (!status.isFile()) {
    raise(notARegularFile, {
      file: path,
      message: `${shownPlain(path)} is neither a file nor a folder.`,
      help: 'Name a safetensors file or a model folder.',
    });
  }
  return openFile(path);
}

async function openFolder(folder: string): Promise<Checkpoint> {
  const names = await reading(folder, () => readdir(folder));
  const bounds = await boundsOf(folder);
  return assemble({
    choice: chooseWeights(names, folder),
    weightsIn: bounds,
    folder: bounds,
    names,
  });
}

/** A file that is named outright has the side files of its folder only if it is what the folder itself would open. */
async function openFile(path: string): Promise<Checkpoint> {
  const folder = dirname(path);
  const choice = chooseFile(basename(path), path);
  const names = await reading(folder, () => readdir(folder));
  const bounds = await boundsOf(folder);
  if (choice.kind === 'sharded') {
    return assemble({ choice, weightsIn: bounds, folder: bounds, names });
  }
  // The user named this very file, so a link at its place may lead where it likes.
  const real = await reading(path, () => realpath(path));
  const weightsIn = { folder, roots: [dirname(real), ...bounds.roots.slice(1)] };
  return assemble({
    choice,
    weightsIn,
    folder: bounds,
    names: isOwnFile(choice, names, folder) ? names : [],
  });
}

function isOwnFile(
  choice: WeightsChoice & { kind: 'single' },
  names: readonly string[],
  folder: string,
): boolean {
  const own = settleNow(() => chooseWeights(names, folder));
  return own.ok && own.value.kind === 'single' && own.value.name === choice.name;
}

async function openHub(
  source: CheckpointSource & { kind: 'hub' },
  env: Environment,
): Promise<Checkpoint> {
  const { id, revision = defaultRevision, sameNamedFolder } = source;
  if (sameNamedFolder !== undefined && (await exists(sameNamedFolder))) {
    raise(ambiguousSource, {
      file: sameNamedFolder,
      message: `${shown(id)} could be the folder ${shownPlain(sameNamedFolder)} or a Hugging Face id.`,
      help: `Write local("./${id}") for the folder or hub("${id}") for the id.`,
    });
  }
  const reference = { id, revision };
  const snapshot = await findSnapshot(id, revision, env);
  await proveWhole(snapshot, reference);
  const open = source.as === 'adapter' ? openAdapterFolder : openFolder;
  const opened = await settle(() => open(snapshot.folder));
  if (opened.ok) return { ...opened.value, revision: snapshot.revision };
  if (opened.fault.code === noWeights.code) await proveOffered(snapshot, reference);
  throw new FaultError(withFetchHelp(opened.fault, reference));
}

/** What a snapshot lacks was not downloaded; the way out is to do so. */
function withFetchHelp(fault: Fault, reference: HubReference): Fault {
  const incomplete: readonly string[] = [missingShard.code, noWeights.code, sourceNotFound.code];
  if (!incomplete.includes(fault.code)) return fault;
  return makeFault(partInCache, {
    ...(fault.file === undefined ? {} : { file: fault.file }),
    message: `The local Hugging Face cache holds ${shown(reference.id)} in part: ${fault.message}`,
    help: restHelp(reference),
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

interface FolderReading {
  readonly choice: WeightsChoice;
  readonly weightsIn: FolderBounds;
  readonly folder: FolderBounds;
  /** Names in the folder, among them those of side files. */
  readonly names: readonly string[];
}

async function assemble({ choice, weightsIn, folder, names }: FolderReading): Promise<Checkpoint> {
  const { files, tensors } = await gatherTensors(choice, weightsIn);
  const config = names.includes('config.json') ? await readConfig(folder) : undefined;
  refuseQuantised(folder.folder, config?.json, tensors);
  const configDtype = readConfigDtype(config?.json);
  const code = await findCode(names, folder);
  const carried = await findSideFiles(names, folder);
  const modules = names.includes(modulesName) ? await findModules(names, folder) : undefined;
  const licence = await readLicence(names, folder);
  return {
    folder: folder.folder,
    files,
    tensors,
    signature: signatureOf(tensors, config?.json),
    ...(config === undefined ? {} : { configText: config.text, configJson: config.json }),
    ...(configDtype === undefined ? {} : { configDtype }),
    carried: [...carried, ...(modules?.kind === 'carried' ? modules.files : [])],
    ...(code.length === 0 ? {} : { code }),
    ...(modules?.kind === 'left' ? { modulesLeft: modules.why } : {}),
    ...(licence === undefined ? {} : { licence }),
  };
}

async function readConfig(
  bounds: FolderBounds,
): Promise<{ readonly text: string; readonly json: unknown }> {
  const path = join(bounds.folder, 'config.json');
  const file = await readJsonFile(await fileInside('config.json', bounds), configBounds);
  const flaw = !file.ok ? file.what : isJsonObject(file.json) ? undefined : 'is not a JSON object';
  if (!file.ok || flaw !== undefined) {
    raise(malformedConfig, {
      file: path,
      message: `The configuration ${shownPlain(path)} ${shownPlain(flaw ?? '')}.`,
      help: 'Copy config.json again from where the model came from.',
    });
  }
  return file;
}

/** Integer tensors are carried along but are no part of a signature. */
function signatureOf(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  configJson: unknown,
): Signature {
  const config = readModelConfig(configJson);
  const floats = [...tensors]
    .filter(([, { dtype }]) => floatTypes.has(dtype))
    .map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  return { tensors: floats, ...(config === undefined ? {} : { config }) };
}
