/** The plan of an output that is an adapter: which modules it has, and what the factors of each are made of. */
import { adapterCall } from '../../grammar/check/adapters.ts';
import type { Checked, Output } from '../../grammar/check/checked.ts';
import { reachedBy } from '../../grammar/check/reached.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { DType, Signature, TensorHeader } from '../../grammar/places/signature.ts';
import type { LaidFactors } from '../adapters/adapter.ts';
import { configName } from '../adapters/peft-config.ts';
import { writtenConfig, type WrittenBase } from '../adapters/written-config.ts';
import { moduleOfTensor, writtenNames } from '../adapters/written-names.ts';
import { cardFacts, seedsOf } from '../card/card-facts.ts';
import { adapterEmpty } from '../faults/adapter-empty.ts';
import { rankTooLarge } from '../faults/rank-too-large.ts';
import { raise, valueOf } from '../faults/fault.ts';
import { isComputed, type ComputedType } from '../formula/derived.ts';
import { hasRoomFor } from './factor-memory.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { layoutShards } from '../safetensors/layout.ts';
import type { Checkpoints, SourceTensor } from './donor.ts';
import { summandsOf } from './factor-sum.ts';
import type { Files } from './files.ts';
import { factorHeaders, formOf, type FormedModule } from './module-form.ts';
import type { LoraOperand } from './operand.ts';
import type { PlannedOutput, PlannedTensor, WorkItem } from './plan.ts';
import type { FactorWork, PlannedAdapter } from './planned-adapter.ts';
import { standsOn } from './stands-on.ts';
import { withoutZeros } from './without-zeros.ts';
import type { WorkItems } from './work-items.ts';

export interface AdapterPlanning {
  readonly checked: Checked;
  readonly checkpoints: Checkpoints;
  readonly files: Files;
  readonly items: WorkItems;
}

/** Whether an output is an adapter, and no model. */
export function isAdapter({ step }: Output): boolean {
  return adapterCall(step.value) !== undefined;
}

/** Throws MW4527 where nothing is left to write, MW4528 where a rank is too large, and MW4560. */
export function planAdapter(
  output: Output,
  folder: string,
  planning: AdapterPlanning,
): Omit<PlannedOutput, 'hash'> {
  const { step } = output;
  const signature = step.value.signature!;
  const { modules, leftOut } = partsOf(output, signature, planning);
  if (modules.length === 0) {
    raise(adapterEmpty, {
      message: `${step.name} changes no matrix that an adapter could hold.`,
      help: 'Make it of a Delta that changes weights of linear layers, embeddings or convolutions.',
    });
  }
  const nameOf = writtenNames(modules);
  const headers = modules.flatMap((module) => factorHeaders(module, nameOf(module.path)));
  const { metadata } = output;
  const layout = valueOf(
    layoutShards(headers, {
      stem: 'adapter_model',
      ...(metadata === undefined ? {} : { metadata }),
    }),
  );
  const tensors = [...layout.tensors].map(([name, placed]): PlannedTensor => {
    const { dtype, shape, file, offset, byteLength } = placed;
    const elements = elementCount(shape)!;
    const work = { kind: 'factor' } as const;
    return { name, dtype, shape, elements, byteLength, work, place: { file, offset } };
  });
  const places = new Map(tensors.map(({ name }, place) => [name, place]));
  const adapter: PlannedAdapter = {
    modules: modules.map((module) => {
      const name = nameOf(module.path);
      const [down, up] = factorHeaders(module, name).map((header) => places.get(header.name)!);
      return { name, work: module.work, down: down!, up: up! };
    }),
    leftOut,
  };
  const base = baseOf(output, planning);
  const text = writtenConfig({
    modules: modules.map(({ path, work }) => ({ name: nameOf(path), rank: work.rank })),
    ofModel: signature.tensors.flatMap(({ name }) => {
      const path = moduleOfTensor(name);
      return path === undefined ? [] : [nameOf(path)];
    }),
    fanInFanOut: modules.some(({ work, isEmbedding }) => work.isTurned && !isEmbedding),
    ...(base === undefined ? {} : { base: base.written }),
  });
  const notes = notesOf(modules, { base, signature });
  const seeds = seedsOf(reachedBy(step).calls);
  const card = output.card
    ? {
        ...cardFacts({ output, checkpoints: planning.checkpoints, tensors, notes }),
        library: 'peft' as const,
        adapter: base?.hub === undefined ? {} : { base: base.hub },
      }
    : undefined;
  return {
    step: step.name,
    folder,
    files: layout.files,
    tensors,
    adapter,
    carried: [],
    written: [{ name: configName, text }],
    ...(notes.length === 0 ? {} : { notes }),
    ...(seeds.length === 0 ? {} : { seeds }),
    ...(card === undefined ? {} : { card }),
    bytes: layout.files.reduce((sum, { size }) => sum + size, 0) + Buffer.byteLength(text),
  };
}

/** A module before it has a name. */
interface MadeModule extends FormedModule {
  readonly path: string;
  readonly told: readonly string[];
}

function partsOf(
  { step, dtype }: Output,
  signature: Signature,
  planning: AdapterPlanning,
): Pick<PlannedAdapter, 'leftOut'> & { readonly modules: readonly MadeModule[] } {
  const { places } = anatomyOf(signature);
  const modules: MadeModule[] = [];
  const leftOut: { name: string; item: WorkItem }[] = [];
  const sorted = [...signature.tensors].sort((a, b) => byteOrder(a.name, b.name));
  for (const header of sorted) {
    const call = callIn(termFor(step, header.name));
    const delta = withoutZeros(call.inputs[0]!);
    if (delta.kind === 'zero' || elementCount(header.shape) === 0) continue;
    const made = factorsOf(delta, header, { rank: Number(call.settings['rank']), dtype, planning });
    if (made === undefined) continue;
    const path = moduleOfTensor(header.name);
    const form = formOf(header, made.laid, {
      part: places.get(header.name)?.part,
      modelType: signature.config?.modelType,
    });
    if (path === undefined || form === undefined) {
      leftOut.push({
        name: header.name,
        item: planning.items.of(delta, elementCount(header.shape)!),
      });
      continue;
    }
    const told = made.laid.flatMap(({ module }) => (module === undefined ? [] : [module]));
    const { shape } = header;
    const { isEmbedding, isTurned } = form;
    const work = { ...made.work, isTurned };
    if (!hasRoomFor(work)) {
      raise(rankTooLarge, {
        message: `${header.name} of [${shape.join(', ')}] cannot be cut to a rank of ${work.rank}: that takes more memory than WebAssembly has.`,
        help: 'Give `to_lora` a smaller rank.',
      });
    }
    modules.push({ path, told, isEmbedding, shape, work });
  }
  return { modules, leftOut };
}

/** The call that makes the adapter, through names of steps. */
function callIn(term: TensorTerm): CallTerm {
  if (term.kind === 'step') return callIn(term.term);
  if (term.kind !== 'call') throw new Error(`an adapter was made of a ${term.kind}`);
  return term;
}

interface Made {
  readonly work: Omit<FactorWork, 'isTurned'>;
  /** The factors of adapters that go into it. */
  readonly laid: readonly LaidFactors[];
}

interface Making {
  /** 0: all that there are. */
  readonly rank: number;
  readonly dtype: DType | undefined;
  readonly planning: AdapterPlanning;
}

/** Undefined where nothing is left of the change. */
function factorsOf(delta: TensorTerm, header: TensorHeader, making: Making): Made | undefined {
  const { rank, dtype, planning } = making;
  const { checkpoints, files } = planning;
  const [rows = 1, ...rest] = header.shape;
  const columns = rest.reduce((product, length) => product * length, 1);
  const laidOf = ({ source, name }: SourceTensor): LaidFactors | undefined =>
    checkpoints.get(source)?.factors?.get(name);
  const summands = summandsOf(delta)?.map((summand) => ({
    ...summand,
    laid: laidOf(summand.tensor),
  }));
  if (summands?.every(({ laid }) => laid !== undefined) === true) {
    if (summands.length === 0) return undefined;
    const terms = summands.map(({ tensor, coefficient }) => ({
      operand: files.operand(tensor) as LoraOperand,
      coefficient,
    }));
    const whole = terms.reduce((sum, { operand }) => sum + operand.rank, 0);
    const isCut = rank > 0 && whole > rank;
    const type = dtype ?? typeOfFactors(terms.map(({ operand }) => operand));
    return {
      work: {
        ...{ rows, columns, rank: isCut ? Math.min(rank, rows, columns) : whole },
        dtype: computed(type),
        of: { kind: 'factors', terms, isCut },
      },
      laid: summands.map(({ laid }) => laid!),
    };
  }
  if (rank === 0) throw new Error(`${header.name} has no factors, and no rank`);
  const item = planning.items.of(delta, elementCount(header.shape)!);
  return {
    work: {
      ...{ rows, columns, rank: Math.min(rank, rows, columns) },
      dtype: computed(dtype ?? wide(header.dtype)),
      of: { kind: 'matrix', item },
    },
    laid: (item.sources ?? []).flatMap((source) => laidOf(source) ?? []),
  };
}

/** That of all factors, or else one that holds any of them. */
function typeOfFactors(operands: readonly LoraOperand[]): ComputedType {
  const types = new Set(operands.flatMap(({ left, right }) => [left.dtype, right.dtype]));
  const [only] = types;
  return types.size === 1 ? only! : types.has('F64') ? 'F64' : 'F32';
}

/** Of a model in eight bits a change is kept in sixteen: factors are multiplied, and their errors with them. */
function wide(dtype: DType): DType {
  return dtype === 'F8_E4M3' || dtype === 'F8_E5M2' ? 'BF16' : dtype;
}

function computed(dtype: DType): ComputedType {
  if (!isComputed(dtype)) throw new Error(`no factor is stored as ${dtype}`);
  return dtype;
}

interface Base {
  readonly written: WrittenBase;
  /** Its id on the hub. */
  readonly hub?: string;
}

function baseOf({ step }: Output, { checked, checkpoints }: AdapterPlanning): Base | undefined {
  const source = standsOn(step.value, checked.sources);
  const checkpoint = source && checkpoints.get(source.name);
  if (source === undefined || checkpoint === undefined) return undefined;
  const { folder, revision, configJson } = checkpoint;
  const { reference } = source;
  const isHub = reference.kind === 'hub';
  return {
    written: {
      name: isHub ? reference.id : folder,
      ...(isHub && revision !== undefined ? { revision } : {}),
      ...(configJson === undefined ? {} : { configJson }),
    },
    ...(isHub ? { hub: reference.id } : {}),
  };
}

function notesOf(
  modules: readonly MadeModule[],
  { base, signature }: { readonly base: Base | undefined; readonly signature: Signature },
): readonly string[] {
  const isTied = signature.config?.tiedEmbeddings === true;
  const embedding = modules.find(({ isEmbedding }) => isEmbedding);
  return [
    ...(base === undefined
      ? [`${configName} names no model: the Delta is a change of none that the recipe declares`]
      : []),
    ...(isTied && embedding !== undefined
      ? [
          `the head is tied to ${embedding.path}: most loaders change the embedding alone, and the head stays as it was`,
        ]
      : []),
  ];
}
