import type { DType } from '../../grammar/places/signature.ts';
import type { GlobalRole, PickleVocabulary } from '../pickle/value.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';

/** What a storage's elements are: a type that is read, or one that has no counterpart here. */
export interface ElementType {
  /** A type of this engine, or PyTorch's word for one that it does not read. */
  readonly dtype: DType | { readonly unread: string };
  /** Bytes of one element. */
  readonly bytes: number;
}

function read(dtype: DType): ElementType {
  return { dtype, bytes: dtypeBytes[dtype] };
}

function unread(word: string, bytes: number): ElementType {
  return { dtype: { unread: word }, bytes };
}

/** Classes of storages: each has elements of one type. */
export const storageTypes: ReadonlyMap<string, ElementType> = new Map([
  ['torch.DoubleStorage', read('F64')],
  ['torch.FloatStorage', read('F32')],
  ['torch.HalfStorage', read('F16')],
  ['torch.BFloat16Storage', read('BF16')],
  ['torch.LongStorage', read('I64')],
  ['torch.IntStorage', read('I32')],
  ['torch.ShortStorage', read('I16')],
  ['torch.CharStorage', read('I8')],
  ['torch.ByteStorage', read('U8')],
  ['torch.BoolStorage', read('BOOL')],
  ['torch.UntypedStorage', read('U8')],
  ['torch.storage.UntypedStorage', read('U8')],
  ['torch.ComplexFloatStorage', unread('complex64', 8)],
  ['torch.ComplexDoubleStorage', unread('complex128', 16)],
  ['torch.QInt8Storage', unread('qint8', 1)],
  ['torch.QUInt8Storage', unread('quint8', 1)],
  ['torch.QInt32Storage', unread('qint32', 4)],
]);

/** Storages of bytes, whose tensors say their type themselves. */
export const untypedStorages: ReadonlySet<string> = new Set([
  'torch.UntypedStorage',
  'torch.storage.UntypedStorage',
]);

/** Types as tensors name them. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ['torch.float64', read('F64')],
  ['torch.float32', read('F32')],
  ['torch.float16', read('F16')],
  ['torch.bfloat16', read('BF16')],
  ['torch.float8_e4m3fn', read('F8_E4M3')],
  ['torch.float8_e5m2', read('F8_E5M2')],
  ['torch.int64', read('I64')],
  ['torch.int32', read('I32')],
  ['torch.int16', read('I16')],
  ['torch.int8', read('I8')],
  ['torch.uint64', read('U64')],
  ['torch.uint32', read('U32')],
  ['torch.uint16', read('U16')],
  ['torch.uint8', read('U8')],
  ['torch.bool', read('BOOL')],
  ['torch.float8_e4m3fnuz', unread('float8_e4m3fnuz', 1)],
  ['torch.float8_e5m2fnuz', unread('float8_e5m2fnuz', 1)],
  ['torch.float8_e8m0fnu', unread('float8_e8m0fnu', 1)],
  ['torch.complex64', unread('complex64', 8)],
  ['torch.complex128', unread('complex128', 16)],
]);

/** Functions that make a tensor of a storage. Their arguments begin with storage, offset, sizes, strides. */
export const tensorMakers: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_tensor',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_tensor_v3',
]);

/** Functions that make a parameter of a tensor, their first argument. */
export const parameterMakers: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
]);

function roleOf(role: GlobalRole, names: Iterable<string>): [string, GlobalRole][] {
  return [...names].map((name) => [name, role]);
}

/** All that a PyTorch file may name. */
export const torchVocabulary: PickleVocabulary = new Map([
  ...roleOf('ordered-dict', ['collections.OrderedDict']),
  ...roleOf('callable', [...tensorMakers, ...parameterMakers, 'torch.Size', 'torch.device']),
  ...roleOf('name', [...storageTypes.keys(), ...elementTypes.keys()]),
]);
