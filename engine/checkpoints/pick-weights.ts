import { join } from 'node:path';
import { adapterNotModel } from '../faults/adapter-not-model.ts';
import { raise } from '../faults/fault.ts';
import { noWeights } from '../faults/no-weights.ts';
import { severalWeights } from '../faults/several-weights.ts';
import { shownList, shownPlain } from '../faults/shown.ts';
import { unreadFormat } from '../faults/unread-format.ts';

/** Which files of a folder are the model's weights: one file, or an index of shards. */
export type WeightsChoice =
  | { readonly kind: 'single'; readonly name: string }
  | { readonly kind: 'sharded'; readonly index: string };

export const singleName = 'model.safetensors';
export const indexName = 'model.safetensors.index.json';

const pickled = /\.(bin|pt|pth|ckpt)$/i;
const gguf = /\.gguf$/i;

/** How a file that is named outright is read. Throws MW4522. */
export function chooseFile(name: string, path: string): WeightsChoice {
  if (name.endsWith('.index.json')) return { kind: 'sharded', index: name };
  refuseOtherFormat([name], path);
  return { kind: 'single', name };
}

/**
 * Chooses among the names in a folder. Throws MW4520 to MW4523: none, several, a format that is not read, an adapter.
 */
export function chooseWeights(names: readonly string[], folder: string): WeightsChoice {
  const hasSingle = names.includes(singleName);
  const hasIndex = names.includes(indexName);
  if (hasSingle && hasIndex) raiseSeveral([singleName, indexName], folder);
  if (hasSingle) return { kind: 'single', name: singleName };
  if (hasIndex) return { kind: 'sharded', index: indexName };
  const others = names.filter((name) => name.endsWith('.safetensors'));
  const [only] = others;
  if (only === undefined) {
    refuseOtherFormat(names, folder);
    raise(noWeights, {
      file: folder,
      message: `${shownPlain(folder)} holds no weights: neither ${singleName} nor ${indexName} nor another safetensors file.`,
      help: 'Name the folder that holds the weights, or the file itself.',
    });
  }
  if (others.length > 1) {
    if (others.every((name) => /-\d{5}-of-\d{5}\.safetensors$/.test(name))) {
      raise(noWeights, {
        file: folder,
        message: `${shownPlain(folder)} holds shards (${shownList(others)}) but no ${indexName}.`,
        help: `Copy or download ${indexName} from where the shards came from.`,
      });
    }
    raiseSeveral(others, folder);
  }
  if (only === 'adapter_model.safetensors') {
    raise(adapterNotModel, {
      file: join(folder, only),
      message: `${shownPlain(folder)} holds an adapter, not a model.`,
      help: 'Declare it with `adapter name = lora("…", on: base)`.',
    });
  }
  return { kind: 'single', name: only };
}

function raiseSeveral(names: readonly string[], folder: string): never {
  raise(severalWeights, {
    file: folder,
    message: `${shownPlain(folder)} holds several sets of weights: ${shownList(names)}.`,
    help: 'Name the file that is meant, or give each model a folder of its own.',
  });
}

function refuseOtherFormat(names: readonly string[], path: string): void {
  const other = names.find((name) => pickled.test(name) || gguf.test(name));
  if (other === undefined) return;
  const what = gguf.test(other) ? 'GGUF' : 'pickled';
  raise(unreadFormat, {
    file: path,
    message: `The weights of ${shownPlain(path)} are ${what} (${shownPlain(other)}), a format that is not read.`,
    help: 'Save the model as safetensors (in transformers: save_pretrained), or take a revision that has them.',
  });
}
