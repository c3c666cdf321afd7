/** State dicts as trainers save them, with the twists that a hostile writer would think of. */
import type { DType } from '../../grammar/places/signature.ts';
import { dictOf, type Written } from '../../engine/pickle/sample-pickles.ts';
import {
  rowMajor,
  type SampleStorage,
  type SampleTensor,
  stateDict,
  storageOf,
  torchLegacy,
  torchZip,
  type WordTensor,
} from '../../engine/torch/sample-torch.ts';
import { brinks, type Chance, randomBytes } from './mutate.ts';

export interface MadeTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface MadeTorchFile {
  readonly bytes: Buffer;
  readonly isLegacy: boolean;
  /** What must be read, where nothing was twisted. */
  readonly sound?: ReadonlyMap<string, MadeTensor>;
}

const types = [
  ['FloatStorage', 4, 'F32'],
  ['HalfStorage', 2, 'F16'],
  ['BFloat16Storage', 2, 'BF16'],
  ['LongStorage', 8, 'I64'],
  ['ByteStorage', 1, 'U8'],
  ['BoolStorage', 1, 'BOOL'],
] as const satisfies readonly (readonly [string, number, DType])[];

interface Piece {
  readonly tensor: SampleTensor;
  readonly made: MadeTensor;
}

export function makeTorchFile(choices: Chance): MadeTorchFile {
  const { below, oneIn, pick } = choices;
  const isLegacy = oneIn(3);
  const pieces = new Map<string, Piece>();
  const storages: Storage[] = [];
  for (let left = below(6); left >= 0; left -= 1) {
    if (storages.length === 0 || oneIn(2)) storages.push(makeStorage(choices));
    pieces.set(makeName(choices), makePiece(pick(storages), choices));
  }
  const isTwisted = oneIn(2);
  const tensors = Object.fromEntries(
    [...pieces].map(([name, { tensor }]) => [
      name,
      isTwisted && oneIn(2) ? twisted(tensor, choices) : tensor,
    ]),
  );
  const value = wrapping(tensors, { choices, isTwisted });
  const bytes = isLegacy ? torchLegacy(value) : torchZip(value);
  if (isTwisted) return { bytes, isLegacy };
  const sound = new Map([...pieces].map(([name, { made }]) => [name, made] as const));
  return { bytes, isLegacy, sound };
}

interface Storage {
  readonly sample: SampleStorage;
  readonly dtype: DType;
  readonly elements: number;
}

function makeStorage(choices: Chance): Storage {
  const [type, elementBytes, dtype] = choices.pick(types);
  const elements = choices.below(30);
  const bytes = randomBytes(choices, elements * elementBytes);
  return { sample: storageOf(type, elementBytes, bytes), dtype, elements };
}

function makePiece({ sample, dtype, elements }: Storage, { below, oneIn }: Chance): Piece {
  const offset = below(elements + 1);
  const columns = 1 + below(4);
  const rows = Math.floor(below(elements - offset + 1) / columns);
  const shape = oneIn(8) && offset < elements ? [] : [rows, columns];
  const count = shape.length === 0 ? 1 : rows * columns;
  const { elementBytes } = sample;
  const begin = offset * elementBytes;
  const bytes = sample.bytes.subarray(begin, begin + count * elementBytes);
  return { tensor: { storage: sample, shape, offset }, made: { dtype, shape, bytes } };
}

function makeName({ below, oneIn, pick }: Chance): string {
  if (oneIn(8))
    return String.fromCodePoint(pick([0x20, 0xe9, 0x2028, 0xe000, 0x1f600]), 0x61 + below(26));
  return `model.layers.${below(30)}.${pick(['weight', 'bias', 'q_proj.weight'])}`;
}

function twisted(tensor: SampleTensor, { below, pick }: Chance): SampleTensor {
  const brink = Number(pick(brinks));
  const { shape, storage } = tensor;
  const turns: readonly (() => Partial<SampleTensor>)[] = [
    () => ({ offset: brink }),
    () => ({ offset: -1 - below(9) }),
    () => ({ shape: [...shape, brink] }),
    () => ({ shape: shape.map(() => brink), strides: rowMajor(shape) }),
    () => ({ strides: shape.map(() => brink) }),
    () => ({ strides: [...rowMajor(shape), 1] }),
    () => ({ shape: Array<number>(below(100)).fill(1) }),
    () => ({ shape: Array<number>(below(60)).fill(brink), strides: Array<number>(60).fill(0) }),
    () => ({ dtype: pick(['float8_e4m3fn', 'float32', 'complex64', 'nothing']) }),
    () => ({ storage: { ...storage, type: ['torch', pick(['QInt8Storage', 'NoStorage'])] } }),
    () => ({ storage: { ...storage, type: ['torch.storage', 'UntypedStorage'], elementBytes: 1 } }),
    () => ({ storage: { ...storage, elementBytes: 1 } }),
  ];
  return { ...tensor, ...pick(turns)() };
}

/** The dict as it is, or in a trainer's, with settings beside and among it. */
function wrapping(
  tensors: Readonly<Record<string, SampleTensor>>,
  { choices, isTwisted }: { readonly choices: Chance; readonly isTwisted: boolean },
): (word: WordTensor) => Written {
  const { oneIn, pick } = choices;
  const isWrapped = oneIn(3);
  const inner = pick(['state_dict', 'model_state_dict', 'model', 'module']);
  const odd = isTwisted && oneIn(3) ? strange(choices) : undefined;
  return (word) => {
    const state = stateDict(tensors, word);
    if (odd !== undefined) return dictOf({ [isWrapped ? inner : 'w']: state, odd: odd(word) });
    return isWrapped ? dictOf({ epoch: 3, lr: { float: 0.1 }, [inner]: state, note: null }) : state;
  };
}

/** Values that no state dict has. */
function strange({ below, pick }: Chance): (word: WordTensor) => Written {
  const deep = (levels: number): Written => {
    let value: Written = null;
    for (let i = 0; i < levels; i += 1) value = { list: [value] };
    return value;
  };
  const lone: SampleTensor = {
    storage: storageOf('ByteStorage', 1, new Uint8Array(3)),
    shape: [3],
  };
  const values: readonly ((word: WordTensor) => Written)[] = [
    () => ({ call: { global: ['os', 'system'] }, args: ['true'] }),
    () => ({ call: { global: ['torch', 'Size'] }, args: [{ tuple: [below(9)] }] }),
    () => ({ call: { global: ['torch._utils', '_rebuild_tensor_v2'] }, args: [] }),
    () => ({ call: { global: ['torch._utils', '_rebuild_parameter'] }, args: [null] }),
    () => ({ outside: { tuple: ['module', 'x', 'y', 'z'] } }),
    () => ({ outside: 7 }),
    () => deep(below(300)),
    (word) => ({ list: [{ tuple: [word(lone)] }] }),
    (word) => ({ dict: [[below(5), word(lone)]] }),
    (word) => ({
      call: { global: ['torch._utils', '_rebuild_parameter'] },
      args: [word(lone), true, { ordered: [] }],
    }),
  ];
  return pick(values);
}
