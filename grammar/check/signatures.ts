/** Whether tensor values meet: the same names and shapes, but for the differences that are handled. */
import { layerCountsDiffer } from '../diagnostics/mw4106-layer-counts-differ.ts';
import { headOverTiedBase } from '../diagnostics/mw4107-head-over-tied-base.ts';
import { shapesDiffer } from '../diagnostics/mw4104-shapes-differ.ts';
import { tensorsMissing } from '../diagnostics/mw4105-tensors-missing.ts';
import { architecturesDiffer } from '../diagnostics/mw4114-architectures-differ.ts';
import { positionsDiffer } from '../diagnostics/mw4116-positions-differ.ts';
import { vocabulariesDiffer } from '../diagnostics/mw4110-vocabularies-differ.ts';
import { type Anatomy, anatomyOf } from '../places/anatomy.ts';
import { headersOf, sameShape } from '../places/cut.ts';
import { floatTypes, type Signature, type TensorHeader } from '../places/signature.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { TensorValue } from './checked.ts';
import { type Checking, quoted, report } from './checking.ts';
import { kindOf } from './share.ts';

/**
 * The operand whose names, types, config and tokenizer the result has:
 * the first with a share of 1 in reading order, looking through factors; else the first.
 */
export function referenceAmong(operands: readonly TensorValue[]): TensorValue | undefined {
  for (const operand of operands) {
    const model = modelWithin(operand);
    if (model !== undefined) return model;
  }
  return operands[0];
}

function modelWithin(value: TensorValue): TensorValue | undefined {
  switch (value.kind) {
    case 'scaled':
    case 'negated':
      return modelWithin(value.value);
    case 'sum': {
      const kind = kindOf(value);
      if (kind === 'model') return value;
      if (kind === 'delta') return undefined;
      return referenceAmong(value.terms.map((term) => term.value));
    }
    case 'source':
    case 'step':
    case 'call':
    case 'layers':
    case 'stack':
    case 'broken':
      return kindOf(value) === 'model' ? value : undefined;
  }
}

/** Reports every operand that does not meet the reference: one finding an operand, a pair of signatures once. */
export function meetAll(
  checking: Checking,
  reference: TensorValue | undefined,
  operands: readonly TensorValue[],
): void {
  if (reference?.signature === undefined) return;
  for (const operand of operands) {
    if (operand.signature === undefined || operand.signature === reference.signature) continue;
    const isDelta = kindOf(operand) === 'delta';
    meet(checking, reference.signature, operand.signature, {
      isDelta,
      span: operand.span,
      referenceSpan: reference.span,
    });
  }
}

interface Meeting {
  readonly isDelta: boolean;
  readonly span: Span;
  readonly referenceSpan: Span;
}

function meet(
  checking: Checking,
  reference: Signature,
  other: Signature,
  { isDelta, span, referenceSpan }: Meeting,
): void {
  const pair = `${identityOf(reference)} ${identityOf(other)}`;
  if (checking.unmet.has(pair)) return;
  const [base, own] = [quoted(checking, referenceSpan), quoted(checking, span)];
  const { bringsRows } = checking;
  const fault = faultBetween(reference, other, { base, own, isDelta, bringsRows });
  if (fault === undefined) {
    lintArchitectures(checking, reference, other, { base, own, span });
    lintPositions(checking, reference, other, { base, own, span });
    return;
  }
  checking.unmet.add(pair);
  report(checking, fault.kind, span, fault.message, {
    related: [{ ...spanOf(referenceSpan), message: `${base} stands here` }],
  });
}

/** Like names and shapes under unlike names of architectures. */
function lintArchitectures(
  checking: Checking,
  reference: Signature,
  other: Signature,
  { base, own, span }: { readonly base: string; readonly own: string; readonly span: Span },
): void {
  const [ours, theirs] = [reference.config?.modelType, other.config?.modelType];
  if (ours === undefined || theirs === undefined || ours === theirs) return;
  const message = `${own} is a \`${theirs}\` and ${base} a \`${ours}\`: the same tensors may be used in another way.`;
  report(checking, architecturesDiffer, span, message);
}

/** What a configuration that does not say otherwise means. */
const plainPositions = 'rope_theta 10000';

/** Attention is trained for one way of encoding positions; an architecture that has none tells none on either side. */
function lintPositions(
  checking: Checking,
  reference: Signature,
  other: Signature,
  { base, own, span }: { readonly base: string; readonly own: string; readonly span: Span },
): void {
  const [ours, theirs] = [reference.config, other.config];
  if (ours === undefined || theirs === undefined || ours.modelType !== theirs.modelType) return;
  const positions = ours.positions ?? plainPositions;
  const otherPositions = theirs.positions ?? plainPositions;
  if (positions === otherPositions) return;
  const message = `${own} encodes positions by ${otherPositions} and ${base} by ${positions}: attention was trained for one of them.`;
  report(checking, positionsDiffer, span, message);
}

interface Names {
  /** The author's words for the two, in backquotes. */
  readonly base: string;
  readonly own: string;
  readonly isDelta: boolean;
  readonly bringsRows: boolean;
}

function faultBetween(
  reference: Signature,
  other: Signature,
  { base, own, isDelta, bringsRows }: Names,
): { readonly kind: Parameters<typeof report>[1]; readonly message: string } | undefined {
  const [anatomy, otherAnatomy] = [anatomyOf(reference), anatomyOf(other)];
  const depths = unlikeDepths(anatomy, otherAnatomy);
  if (depths !== undefined) {
    const message = `${own} has ${depths.other} layers and ${base} ${depths.reference}: cut the deeper one, as in \`m[0..${Math.min(depths.other, depths.reference) - 1}]\`.`;
    return { kind: layerCountsDiffer, message };
  }
  const [headers, otherHeaders] = [headersOf(reference), headersOf(other)];
  for (const header of reference.tensors) {
    if (!floatTypes.has(header.dtype)) continue;
    const part = anatomy.places.get(header.name)?.part;
    const found = otherHeaders.get(header.name) ?? tiedTo(header, part, other);
    if (found === undefined) {
      if (isDelta) continue;
      return {
        kind: tensorsMissing,
        message: `\`${header.name}\` is in ${base}, and not in ${own}: merge models with the same tensors.`,
      };
    }
    if (sameShape(header.shape, found.shape)) continue;
    const shapes = `\`${header.name}\` is ${shapeText(header.shape)} in ${base} and ${shapeText(found.shape)} in ${own}`;
    if ((part === 'embeddings' || part === 'head') && differOnlyInRows(header.shape, found.shape)) {
      if (bringsRows) continue;
      const message = `${shapes}: vocabularies of unlike size need a \`tokenizer\` in the output, such as \`tokenizer = union([${plainName(base)}, ${plainName(own)}])\`.`;
      return { kind: vocabulariesDiffer, message };
    }
    return {
      kind: shapesDiffer,
      message: `${shapes}: merge models of one architecture and size.`,
    };
  }
  for (const header of other.tensors) {
    if (!floatTypes.has(header.dtype) || headers.has(header.name)) continue;
    if (otherAnatomy.places.get(header.name)?.part === 'head') {
      const message = `${own} has a head of its own, \`${header.name}\`, and ${base} ties its head to its embedding.`;
      return { kind: headOverTiedBase, message };
    }
    const message = `\`${header.name}\` is in ${own}, and not in ${base}: merge models with the same tensors.`;
    return { kind: tensorsMissing, message };
  }
  return undefined;
}

function plainName(quotedText: string): string {
  const name = quotedText.replaceAll('`', '');
  return /^[A-Za-z_]\w*$/.test(name) ? name : 'a';
}

function unlikeDepths(
  one: Anatomy,
  other: Anatomy,
): { readonly reference: number; readonly other: number } | undefined {
  for (const tower of one.towers) {
    const same = other.towers.find(({ name }) => name === tower.name);
    if (same !== undefined && same.layerCount !== tower.layerCount) {
      return { reference: tower.layerCount, other: same.layerCount };
    }
  }
  return undefined;
}

/** A head that a model leaves out is its embedding: the tensor that stands for it. */
export function tiedTo(
  header: { readonly name: string; readonly shape: readonly number[] },
  part: string | undefined,
  model: Signature,
): TensorHeader | undefined {
  if (part !== 'head' || model.config?.tiedEmbeddings === false) return undefined;
  const { places } = anatomyOf(model);
  const embeddings = model.tensors.filter(
    ({ name, shape, dtype }) =>
      shape.length === header.shape.length &&
      floatTypes.has(dtype) &&
      places.get(name)?.part === 'embeddings',
  );
  // Position embeddings have the same width; the vocabulary's is the one of the head's shape, or the first.
  return embeddings.find(({ shape }) => sameShape(shape, header.shape)) ?? embeddings[0];
}

function differOnlyInRows(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.slice(1).every((size, i) => size === other[i + 1]);
}

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

const identities = new WeakMap<Signature, number>();
let identityCount = 0;

/** Signatures are handed on whole, so that the same models are told by the same object. */
function identityOf(signature: Signature): number {
  let identity = identities.get(signature);
  if (identity === undefined) identities.set(signature, (identity = ++identityCount));
  return identity;
}
