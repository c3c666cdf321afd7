import { duplicateTensor } from '../faults/duplicate-tensor.ts';
import { raise } from '../faults/fault.ts';
import { malformedTorchFile } from '../faults/malformed-torch-file.ts';
import { notAStateDict } from '../faults/not-a-state-dict.ts';
import { shown, shownList, shownPlain } from '../faults/shown.ts';
import { stridedTensor } from '../faults/strided-tensor.ts';
import { trainingState } from '../faults/training-state.ts';
import { unknownDtype } from '../faults/unknown-dtype.ts';
import type { DType } from '../../grammar/places/signature.ts';
import { isKind, isObject } from '../pickle/kinds.ts';
import type { PickleObject } from '../pickle/kinds.ts';
import type { PickleCall, PickleDict, PickleValue } from '../pickle/value.ts';
import { readView, tensorCall } from './tensor-view.ts';
import type { Storage } from './storage.ts';

/** A tensor of a state dict, and which bytes of its storage it is. */
export interface StateTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly storage: Storage;
  /** Bytes from the storage's start. */
  readonly begin: number;
  readonly byteLength: number;
}

export interface StateDict {
  /** In the order written. Two may show the same bytes: tied weights have both their names. */
  readonly tensors: readonly StateTensor[];
  /** The key under which a trainer put them, where they are not the whole file. */
  readonly within?: string;
}

/** Where trainers put the weights, beside the state of their optimizer and their settings. */
const wrappers: readonly string[] = ['state_dict', 'model_state_dict', 'model', 'module'];

/** In UTF-16 units; the bound of safetensors headers. */
const longestName = 4096;

/** The tensors that a file's value holds, each proved to lie in its storage. Throws MW4509, MW4511, MW4591, MW4593 to MW4595. */
export function readStateDict(value: PickleValue, file: string): StateDict {
  const name = shownPlain(file);
  if (!isKind(value, 'dict')) {
    raise(notAStateDict, {
      file,
      message: `${name} holds ${tensorCall(value) === undefined ? 'something else than a dict' : 'one tensor without a name'}.`,
      help: 'Save the state dict of the model: torch.save(model.state_dict(), …), or better as safetensors.',
    });
  }
  if (value.values.some((item) => tensorCall(item) !== undefined)) {
    return { tensors: tensorsOf(value, file) };
  }
  const wrapped = wrappers.flatMap((key) => {
    const inner = value.values[value.keys.lastIndexOf(key)];
    return isKind(inner, 'dict') && holdsTensor(inner, new Set()) ? [{ key, inner }] : [];
  });
  const [first, second] = wrapped;
  if (first !== undefined && second !== undefined) {
    raise(notAStateDict, {
      file,
      message: `${name} holds tensors under ${shownList(wrapped.map(({ key }) => key))}, and does not say which are the model's.`,
      help: 'Save the ones that are meant in a file of their own, best as safetensors.',
    });
  }
  if (first !== undefined) return { tensors: tensorsOf(first.inner, file), within: first.key };
  if (value.keys.includes('param_groups') && value.keys.includes('state')) {
    raise(trainingState, {
      file,
      message: `${name} holds the state of an optimizer, not the weights of a model.`,
      help: 'Name the file with the weights; it lies beside this one as a rule.',
    });
  }
  return raise(notAStateDict, {
    file,
    message: `${name} holds no tensors at its top, nor under ${shownList(wrappers, wrappers.length)}${value.keys.length === 0 ? '' : `; its keys are ${shownList(value.keys.map(keyWord))}`}.`,
    help: 'Save the state dict of the model: torch.save(model.state_dict(), …), or better as safetensors.',
  });
}

function keyWord(key: PickleValue): string {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : '…';
}

function tensorsOf(dict: PickleDict, file: string): StateTensor[] {
  const tensors = new Map<string, StateTensor>();
  const clear = new Set<object>();
  for (const [i, key] of dict.keys.entries()) {
    const value = dict.values[i]!;
    const call = tensorCall(value);
    if (call === undefined) {
      refuseHidden(key, value, { clear, file });
      continue;
    }
    const where = `Tensor ${shown(keyWord(key))} in ${shownPlain(file)}`;
    const tensor = readTensor(key, call, { where, file });
    if (tensors.has(tensor.name)) {
      raise(duplicateTensor, { file, message: `${where} stands there twice.`, help: again });
    }
    tensors.set(tensor.name, tensor);
  }
  return [...tensors.values()];
}

const again = 'Download or copy the file again, or save the model anew as safetensors.';

function readTensor(
  key: PickleValue,
  call: PickleCall,
  { where, file }: { readonly where: string; readonly file: string },
): StateTensor {
  // In a safetensors header, `__metadata__` is no tensor.
  if (typeof key !== 'string' || key.length > longestName || key === '__metadata__') {
    raise(malformedTorchFile, {
      file,
      message: `${where} has a name that no tensor can have.`,
      help: 'Save the model anew with plain names, best as safetensors.',
    });
  }
  const view = readView(call);
  if (!('flaw' in view)) {
    const { elements, ...place } = view;
    const { dtype } = elements;
    if (typeof dtype === 'string') return { name: key, dtype, ...place };
    raise(unknownDtype, {
      file,
      message: `${where} has the type ${shown(dtype.unread)}, which is not read.`,
      help: 'Save the model in F32, F16 or BF16.',
    });
  }
  switch (view.flaw) {
    case 'strided':
      return raise(stridedTensor, {
        file,
        message: `${where} ${view.what}, so its elements do not lie one after the other.`,
        help: 'Save the model anew with contiguous tensors, best as safetensors (in transformers: save_pretrained).',
      });
    case 'malformed':
      return raise(malformedTorchFile, { file, message: `${where} ${view.what}.`, help: again });
    default:
      return view.flaw satisfies never;
  }
}

/** Numbers, texts and settings among the tensors are passed over; tensors inside of them would be lost. */
function refuseHidden(
  key: PickleValue,
  value: PickleValue,
  { clear, file }: { readonly clear: Set<object>; readonly file: string },
): void {
  if (!holdsTensor(value, clear)) return;
  raise(notAStateDict, {
    file,
    message: `${shown(keyWord(key))} in ${shownPlain(file)} is no tensor, but holds some.`,
    help: 'Save the model with one dict of all its tensors: torch.save(model.state_dict(), …).',
  });
}

/**
 * Whether there is a tensor or a storage somewhere in a value. What was seen is not walked again: many keys may share one value,
 * and a list may hold itself. The set is of no use after one was found.
 */
function holdsTensor(value: PickleValue, clear: Set<object>): boolean {
  const waiting: PickleValue[] = [value];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (!isObject(item) || clear.has(item)) continue;
    if (item.kind === 'persistent' || tensorCall(item) !== undefined) return true;
    clear.add(item);
    for (const parts of partsOf(item)) for (const part of parts) waiting.push(part);
  }
  return false;
}

function partsOf(value: PickleObject): readonly (readonly PickleValue[])[] {
  switch (value.kind) {
    case 'tuple':
    case 'list':
      return [value.items];
    case 'dict':
      return [value.keys, value.values];
    case 'call':
      return [value.args];
    case 'persistent':
    case 'global':
    case 'float':
      return [];
    default:
      return value satisfies never;
  }
}
