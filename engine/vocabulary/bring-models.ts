/** Brings a recipe's models to the vocabulary that its outputs ask for: their embeddings get its rows when they are read. */
import type {
  Checked,
  Output,
  OutputVocabulary,
  TensorValue,
  TokenRow,
} from '../../grammar/check/checked.ts';
import { reachedBy } from '../../grammar/check/reached.ts';
import { tiedTo } from '../../grammar/check/signatures.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Signature, TensorHeader } from '../../grammar/places/signature.ts';
import type { Checkpoint, RebuiltTensor } from '../checkpoints/checkpoint.ts';
import { settle, type Fault } from '../faults/fault.ts';
import { donorOf } from '../plan/donor.ts';
import { rowRuns, type RowModel, type SettledRow } from './row-runs.ts';
import { targetVocabulary, type TargetVocabulary } from './target.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

export interface Brought {
  /** The models that are brought, as they are then. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  readonly target: TargetVocabulary;
}

export type Bringing =
  | { readonly kind: 'brought'; readonly brought: Brought }
  /** A source whose tokens are not known, and why. */
  | { readonly kind: 'fault'; readonly source: string; readonly fault: Fault };

/** Undefined where no output asks for a vocabulary, or a model is missing. */
export async function bringModels(
  { outputs }: Checked,
  checkpoints: ReadonlyMap<string, Checkpoint>,
): Promise<Bringing | undefined> {
  const first = outputs.find(({ vocabulary }) => vocabulary !== undefined);
  const wanted = first?.vocabulary;
  if (first === undefined || wanted === undefined) return undefined;
  const merged = modelsOf(outputs);
  const names = [...new Set([...merged, ...namedBy(wanted)])];
  const vocabularies = new Map<string, Vocabulary>();
  for (const name of names) {
    const checkpoint = checkpoints.get(name);
    if (checkpoint === undefined) return undefined;
    const read = await settle(() => readVocabulary(name, checkpoint));
    if (!read.ok) return { kind: 'fault', source: name, fault: read.fault };
    vocabularies.set(name, read.value);
  }
  const order = wanted.models.map((value) => donorOf(value)!);
  const target = targetVocabulary(
    order.map((name) => ({ name, vocabulary: vocabularies.get(name)! })),
    { named: wanted.tokens.keys(), padTo: wanted.padTo },
  );
  const givers: Givers = {
    names,
    base: donorOf(first.step.value),
    signatures: new Map(names.map((name) => [name, checkpoints.get(name)!.signature])),
    vocabularies,
    target,
    settings: new Map([...wanted.tokens].map(([token, row]) => [token, settledRow(row)])),
  };
  for (const name of merged) {
    const made = await settle(() => broughtTo(checkpoints.get(name)!, name, givers));
    if (!made.ok) return { kind: 'fault', source: name, fault: made.fault };
    checkpoints = new Map(checkpoints).set(name, made.value);
  }
  return { kind: 'brought', brought: { checkpoints, target } };
}

/** The models that flow into outputs, in the order in which they are met; what is no model has no vocabulary. */
export function modelsOf(outputs: readonly Output[]): readonly string[] {
  const sources = outputs.flatMap(({ step }) => [...reachedBy(step).sources]);
  return [...new Set(sources.filter(({ kind }) => kind === 'model').map(({ name }) => name))];
}

function namedBy({ models, tokens }: OutputVocabulary): readonly string[] {
  const values: TensorValue[] = [...models];
  for (const { from } of tokens.values()) if (from.kind !== 'zero') values.push(from.value);
  return values.map((value) => donorOf(value)!);
}

function settledRow(row: TokenRow): SettledRow {
  const { from, forced } = row;
  switch (from.kind) {
    case 'zero':
      return { from: 'zero', forced };
    case 'model':
      return { from: { model: donorOf(from.value)! }, forced };
    case 'row':
      return { from: { model: donorOf(from.value)!, token: from.token }, forced };
  }
}

interface Givers {
  readonly names: readonly string[];
  readonly base: string | undefined;
  /** As their files tell them. */
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
  readonly target: TargetVocabulary;
  readonly settings: ReadonlyMap<string, SettledRow>;
}

function broughtTo(checkpoint: Checkpoint, name: string, givers: Givers): Checkpoint {
  const { target } = givers;
  const rebuilt = new Map<string, RebuiltTensor>();
  for (const header of vocabularyTensors(checkpoint.signature)) {
    const tensor = rebuiltTensor(header, name, givers);
    if (!isAsItWas(tensor, header, name)) rebuilt.set(header.name, tensor);
  }
  const { height } = target;
  const shapeOf = ({ name: tensor, shape }: Pick<TensorHeader, 'name' | 'shape'>) =>
    rebuilt.has(tensor) ? [height, ...shape.slice(1)] : shape;
  const tensors = new Map(
    [...checkpoint.tensors].map(([tensor, entry]) => [
      tensor,
      { ...entry, shape: shapeOf({ name: tensor, shape: entry.shape }) },
    ]),
  );
  const signature = {
    ...checkpoint.signature,
    tensors: checkpoint.signature.tensors.map((header) => ({ ...header, shape: shapeOf(header) })),
  };
  return { ...checkpoint, tensors, signature, rebuilt, vocabularySize: height };
}

function rebuiltTensor(header: TensorHeader, name: string, givers: Givers): RebuiltTensor {
  const { names, base, signatures, vocabularies, target, settings } = givers;
  const found = names.flatMap((giver) => {
    const tensor = counterpart(header, signatures.get(giver)!);
    return tensor === undefined ? [] : [{ giver, tensor }];
  });
  const models = found.map(({ giver, tensor }): RowModel => ({
    name: giver,
    vocabulary: vocabularies.get(giver)!,
    rows: tensor.shape[0]!,
  }));
  const at = (giver: string | undefined): number => models.findIndex((one) => one.name === giver);
  return {
    ...rowRuns({ target, models, own: at(name), base: at(base), settings }),
    columns: header.shape.slice(1).reduce((product, size) => product * size, 1),
    from: found.map(({ giver, tensor }) => ({ source: giver, name: tensor.name })),
  };
}

/** The tensor of the same name, or the embedding that stands for a head. */
function counterpart(header: TensorHeader, signature: Signature): TensorHeader | undefined {
  const same = signature.tensors.find(({ name }) => name === header.name);
  if (same !== undefined) return same;
  return tiedTo(header, anatomyOf(signature).places.get(header.name)?.part ?? 'head', signature);
}

/** Embeddings of positions and the like are of no vocabulary. */
const otherEmbeddings = /position|wpe|token_type|patch|relative|time_emb/i;

/** The embedding of the tokens, and the head where it has as many rows. */
function vocabularyTensors(signature: Signature): readonly TensorHeader[] {
  const { places } = anatomyOf(signature);
  const embeddings = signature.tensors.filter(
    ({ name, shape }) =>
      places.get(name)?.part === 'embeddings' && shape.length === 2 && !otherEmbeddings.test(name),
  );
  const rows = new Set(embeddings.map(({ shape }) => shape[0]));
  const heads = signature.tensors.filter(
    ({ name, shape }) =>
      places.get(name)?.part === 'head' && (rows.size === 0 || rows.has(shape[0])),
  );
  return [...embeddings, ...heads];
}

/** All rows are its own, in their order. */
function isAsItWas({ runs, from }: RebuiltTensor, { shape }: TensorHeader, own: string): boolean {
  const [count, giver, first] = runs;
  return (
    runs.length === 3 &&
    count === shape[0] &&
    first === 0 &&
    giver !== undefined &&
    giver >= 0 &&
    from[giver]!.source === own
  );
}
