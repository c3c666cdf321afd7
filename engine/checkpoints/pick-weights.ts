import { join } from 'node:path';
import { adapterNotModel } from '../faults/adapter-not-model.ts';
import { raise } from '../faults/fault.ts';
import { noWeights } from '../faults/no-weights.ts';
import { severalWeights } from '../faults/several-weights.ts';
import { shownList, shownPlain } from '../faults/shown.ts';
import { trainingState } from '../faults/training-state.ts';
import { unreadFormat } from '../faults/unread-format.ts';

/** How weights are stored: as safetensors, or as `torch.save` writes them. */
export type WeightsFormat = 'safetensors' | 'torch';

/** Which files of a folder are the model's weights: one file, or an index of shards. */
export type WeightsChoice =
  | { readonly kind: 'single'; readonly format: WeightsFormat; readonly name: string }
  | { readonly kind: 'sharded'; readonly format: WeightsFormat; readonly index: string };

export const singleName = 'model.safetensors';
export const indexName = 'model.safetensors.index.json';
export const torchSingleName = 'pytorch_model.bin';
export const torchIndexName = 'pytorch_model.bin.index.json';

const torchFile = /\.(bin|pt|pth|ckpt)$/i;
const gguf = /\.gguf$/i;

/** What trainers keep beside the weights, each with what it holds. */
const trainingFiles: readonly { readonly pattern: RegExp; readonly holds: string }[] = [
  {
    pattern: /^(bf16_|fp16_)?zero_pp_rank_\d+.*\.pt$/i,
    holds: "one device's piece of the tensors of a DeepSpeed training",
  },
  {
    pattern: /\.distcp$/i,
    holds: "one device's piece of the tensors of a distributed PyTorch checkpoint",
  },
  {
    pattern: /^(optimizer|optim)\b.*\.(bin|pt|pth)$|_optim_states\.pt$/i,
    holds: 'the state of an optimizer',
  },
  { pattern: /^(scheduler|scaler)\b.*\.(bin|pt|pth)$/i, holds: 'the state of a schedule' },
  {
    pattern: /^(rng_state|random_states)[^/]*\.(pt|pth|pkl)$/i,
    holds: 'the state of random numbers',
  },
  { pattern: /^training_args\.bin$/i, holds: 'the settings of a training' },
];

const gathering: string =
  "Put the weights together with the trainer's own tool (DeepSpeed: zero_to_fp32.py; PyTorch: dcp_to_torch_save), or name the file with the weights.";

/** How a file that is named outright is read. Throws MW4522 and MW4595. */
export function chooseFile(name: string, path: string): WeightsChoice {
  if (name.endsWith('.index.json')) {
    return { kind: 'sharded', format: indexFormat(name), index: name };
  }
  refuseTrainingFiles([name], path);
  refuseGguf([name], path);
  return { kind: 'single', format: torchFile.test(name) ? 'torch' : 'safetensors', name };
}

function indexFormat(name: string): WeightsFormat {
  return torchFile.test(name.slice(0, -'.index.json'.length)) ? 'torch' : 'safetensors';
}

/**
 * Chooses among the names in a folder: safetensors where there are any, else what PyTorch saved.
 * Throws MW4520 to MW4523, MW4595: none, several, a format that is not read, an adapter, a training's state.
 */
export function chooseWeights(names: readonly string[], folder: string): WeightsChoice {
  return chooseSafetensors(names, folder) ?? chooseTorch(names, folder) ?? refuse(names, folder);
}

function chooseSafetensors(names: readonly string[], folder: string): WeightsChoice | undefined {
  const own = chooseNamed(names, folder, {
    format: 'safetensors',
    single: singleName,
    index: indexName,
  });
  if (own !== undefined) return own;
  const others = names.filter((name) => name.endsWith('.safetensors'));
  const models = others.filter((name) => name !== 'adapter_model.safetensors');
  const hasTorch = names.includes(torchSingleName) || names.includes(torchIndexName);
  if (others.length === 0 || (models.length === 0 && hasTorch)) return undefined;
  return chooseOnly(others, folder, { format: 'safetensors', index: indexName });
}

function chooseTorch(names: readonly string[], folder: string): WeightsChoice | undefined {
  const own = chooseNamed(names, folder, {
    format: 'torch',
    single: torchSingleName,
    index: torchIndexName,
  });
  if (own !== undefined) return own;
  const others = names.filter((name) => torchFile.test(name) && trainingFile(name) === undefined);
  if (others.length === 0) return undefined;
  return chooseOnly(others, folder, { format: 'torch', index: torchIndexName });
}

interface NamedWeights {
  readonly format: WeightsFormat;
  readonly single: string;
  readonly index: string;
}

/** The names that every program looks for. */
function chooseNamed(
  names: readonly string[],
  folder: string,
  { format, single, index }: NamedWeights,
): WeightsChoice | undefined {
  const hasIndex = names.includes(index);
  if (!names.includes(single)) return hasIndex ? { kind: 'sharded', format, index } : undefined;
  if (hasIndex) raiseSeveral([single, index], folder);
  return { kind: 'single', format, name: single };
}

/** A file of another name, if it is the only one. */
function chooseOnly(
  others: readonly string[],
  folder: string,
  { format, index }: Omit<NamedWeights, 'single'>,
): WeightsChoice {
  const [only] = others;
  if (only === undefined || others.length > 1) {
    if (others.every((name) => /-\d{5}-of-\d{5}\.\w+$/.test(name))) {
      raise(noWeights, {
        file: folder,
        message: `${shownPlain(folder)} holds shards (${shownList(others)}) but no ${index}.`,
        help: `Copy or download ${index} from where the shards came from.`,
      });
    }
    return raiseSeveral(others, folder);
  }
  if (/^adapter_model\.(safetensors|bin)$/.test(only)) {
    raise(adapterNotModel, {
      file: join(folder, only),
      message: `${shownPlain(folder)} holds an adapter, not a model.`,
      help: 'Declare it with `adapter name = lora("…", on: base)`.',
    });
  }
  return { kind: 'single', format, name: only };
}

function refuse(names: readonly string[], folder: string): never {
  refuseGguf(names, folder);
  refuseTrainingFiles(names, folder);
  return raise(noWeights, {
    file: folder,
    message: `${shownPlain(folder)} holds no weights: neither ${singleName} nor ${indexName} nor another safetensors file, nor ${torchSingleName}.`,
    help: 'Name the folder that holds the weights, or the file itself.',
  });
}

function raiseSeveral(names: readonly string[], folder: string): never {
  return raise(severalWeights, {
    file: folder,
    message: `${shownPlain(folder)} holds several sets of weights: ${shownList(names)}.`,
    help: 'Name the file that is meant, or give each model a folder of its own.',
  });
}

function trainingFile(name: string): string | undefined {
  return trainingFiles.find(({ pattern }) => pattern.test(name))?.holds;
}

function refuseTrainingFiles(names: readonly string[], path: string): void {
  const name = names.find((one) => trainingFile(one) !== undefined);
  if (name === undefined) return;
  raise(trainingState, {
    file: path,
    message: `${shownPlain(name)} holds ${trainingFile(name)}, not the weights of a model.`,
    help: gathering,
  });
}

function refuseGguf(names: readonly string[], path: string): void {
  const name = names.find((one) => gguf.test(one));
  if (name === undefined) return;
  raise(unreadFormat, {
    file: path,
    message: `The weights of ${shownPlain(path)} are GGUF (${shownPlain(name)}), a format that is not read.`,
    help: 'Save the model as safetensors (in transformers: save_pretrained), or take a revision that has them.',
  });
}
