/** An adapter laid on a model: which tensor of it each module changes, and how. */
import type { Signature, TensorHeader } from '../../grammar/places/signature.ts';
import { adapterUnmatched } from '../faults/adapter-unmatched.ts';
import { raise, settleNow, type Result } from '../faults/fault.ts';
import { shown, shownList } from '../faults/shown.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import type { Adapter, AdapterModule, LaidFactors } from './adapter.ts';
import { isTurnedLayer } from './turned-layers.ts';

export interface LaidAdapter {
  /** The changes as a Delta: the tensors that it changes, of the model's shapes, in f32. */
  readonly signature: Signature;
  /** By the model's tensors. */
  readonly factors: ReadonlyMap<string, LaidFactors>;
}

/** Faults: MW4526 where a module has no tensor in the model, or one of another shape. */
export function layOn(adapter: Adapter, base: Signature): Result<LaidAdapter> {
  return settleNow(() => {
    const headers = new Map(base.tensors.map((header) => [header.name, header]));
    const factors = new Map<string, LaidFactors>();
    const by = new Map<string, AdapterModule>();
    for (const [module, name] of matched(adapter, headers)) {
      const other = by.get(name);
      if (other !== undefined) {
        raise(adapterUnmatched, {
          message: `${shown(other.key)} and ${shown(module.key)} of the adapter are both ${shown(name)} of the model.`,
          help: 'Save each adapter into a file of its own.',
        });
      }
      by.set(name, module);
      factors.set(
        name,
        laid(module, headers.get(name)!, { adapter, modelType: base.config?.modelType }),
      );
    }
    const tensors = [...factors.keys()]
      .sort(byteOrder)
      .map((name): TensorHeader => ({ name, dtype: 'F32', shape: headers.get(name)!.shape }));
    return {
      signature: { tensors, ...(base.config === undefined ? {} : { config: base.config }) },
      factors,
    };
  });
}

type Headers = ReadonlyMap<string, TensorHeader>;

/** Each module with the tensor that it changes. All modules of one network have their names changed in one way. */
function matched(
  adapter: Adapter,
  headers: Headers,
): readonly (readonly [AdapterModule, string])[] {
  const groups = new Map<string, AdapterModule[]>();
  for (const module of adapter.modules) {
    const group = `${module.naming} ${module.network ?? ''}`;
    groups.set(group, [...(groups.get(group) ?? []), module]);
  }
  const unmatched: AdapterModule[] = [];
  const pairs = [...groups.values()].flatMap((modules) => {
    const ways = waysOf(modules[0]!, headers).map((way) =>
      modules.map((module) => [module, way(module.path)] as const),
    );
    const missing = ways.map((pairs) => pairs.filter(([, name]) => name === undefined));
    const best = missing.reduce(
      (least, of, way) => (of.length < missing[least]!.length ? way : least),
      0,
    );
    unmatched.push(...missing[best]!.map(([module]) => module));
    return ways[best]!.flatMap(([module, name]) =>
      name === undefined ? [] : [[module, name] as const],
    );
  });
  if (unmatched.length > 0) raiseUnmatched(adapter, unmatched, headers);
  return pairs;
}

function raiseUnmatched(
  adapter: Adapter,
  unmatched: readonly AdapterModule[],
  headers: Headers,
): never {
  const { length } = adapter.modules;
  const names = unmatched.map(({ key }) => key);
  const [first] = headers.keys();
  const like = first === undefined ? '' : ` The model’s are named like ${shown(first)}.`;
  raise(adapterUnmatched, {
    message: `${unmatched.length} of the ${length} modules of the adapter match no tensor of the model: ${shownList(names)}.${like}`,
    help: 'Name the model that the adapter was trained on after `on:`.',
  });
}

/** A way from a module's path to a tensor's name; undefined where the model has none of that name. */
type Way = (path: string) => string | undefined;

/** Words that stand before a module's name on one side and not on the other. */
const dropped = [
  '',
  'model.',
  'unet.',
  'transformer.',
  'diffusion_model.',
  'text_encoder.',
  'text_encoder_2.',
];
const added = [
  '',
  'model.',
  'language_model.',
  'model.language_model.',
  'diffusion_model.',
  'model.diffusion_model.',
  'transformer.',
];

const networks: Readonly<Record<string, readonly string[]>> = {
  unet: ['', 'model.diffusion_model.', 'diffusion_model.', 'unet.', 'transformer.'],
  transformer: ['', 'model.diffusion_model.', 'diffusion_model.', 'transformer.'],
  te: ['', 'cond_stage_model.transformer.', 'text_encoder.'],
  te1: [
    '',
    'conditioner.embedders.0.transformer.',
    'text_encoder.',
    'text_encoders.clip_l.transformer.',
  ],
  te2: ['', 'conditioner.embedders.1.', 'text_encoder_2.', 'text_encoders.clip_g.transformer.'],
  te3: ['', 'text_encoder_3.', 'text_encoders.t5xxl.transformer.'],
};

function waysOf({ naming, network }: AdapterModule, headers: Headers): readonly Way[] {
  if (naming === 'dotted') {
    return dropped.flatMap((word) =>
      added.map((front): Way => {
        return (path) => {
          if (!path.startsWith(word)) return undefined;
          const name = `${front}${path.slice(word.length)}.weight`;
          return headers.has(name) ? name : undefined;
        };
      }),
    );
  }
  const byUnderscores = underscoredNames(headers);
  return (networks[network!] ?? ['']).map((front): Way => {
    const start = front.replaceAll('.', '_');
    return (path) => byUnderscores.get(start + path);
  });
}

/** What is ambiguous, because a dot and an underscore become one, is no name. */
function underscoredNames(headers: Headers): ReadonlyMap<string, string> {
  const names = new Map<string, string | undefined>();
  for (const name of headers.keys()) {
    if (!name.endsWith('.weight')) continue;
    const word = name.slice(0, -'.weight'.length).replaceAll('.', '_');
    names.set(word, names.has(word) ? undefined : name);
  }
  return new Map([...names].flatMap(([word, name]) => (name === undefined ? [] : [[word, name]])));
}

function laid(
  module: AdapterModule,
  { name, shape }: TensorHeader,
  { adapter, modelType }: { readonly adapter: Adapter; readonly modelType: string | undefined },
): LaidFactors {
  const { up, down, rank, scale, isEmbedding } = module;
  const rows = up.shape[0]!;
  const rest = down.shape.slice(1);
  const columns = rest.reduce((product, length) => product * length, 1);
  const isStraight = isSameShape(shape, [rows, ...rest]);
  const isTurned = rest.length === 1 && isSameShape(shape, [columns, rows]);
  const turns = isEmbedding || (adapter.fanInFanOut && (isTurnedLayer(name, modelType) ?? true));
  if (isEmbedding ? !isTurned : !isStraight && !isTurned) {
    const made = isEmbedding ? [columns, rows] : [rows, ...rest];
    raise(adapterUnmatched, {
      message: `${shown(module.key)} of the adapter makes a change of [${made.join(', ')}], and ${shown(name)} of the model is [${shape.join(', ')}].`,
      help: 'Name the model that the adapter was trained on after `on:`.',
    });
  }
  return {
    up: up.tensor,
    down: down.tensor,
    rank,
    rows,
    columns,
    scale,
    isTransposed: isTurned && (turns || !isStraight),
    isEmbedding,
    ...(module.naming === 'dotted' ? { module: module.path } : {}),
  };
}

/** A convolution of one place is a matrix: ones at the end do not count. */
function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  const [bare, other] = [a, b].map((shape) => shape.slice(0, lastAbove1(shape)));
  return bare!.length === other!.length && bare!.every((length, axis) => length === other![axis]);
}

function lastAbove1(shape: readonly number[]): number {
  let { length } = shape;
  while (length > 0 && shape[length - 1] === 1) length--;
  return length;
}
