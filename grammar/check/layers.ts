/** `m[…]` and `stack([…])`: layers cut out of a model, and set in a row. */
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { modelsAndDeltas } from '../diagnostics/mw3006-models-and-deltas.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import { layersCannotBeCut } from '../diagnostics/mw3029-layers-cannot-be-cut.ts';
import { shapesDiffer } from '../diagnostics/mw4104-shapes-differ.ts';
import { tensorsMissing } from '../diagnostics/mw4105-tensors-missing.ts';
import { cutLayers, type StackFault, stackLayers } from '../places/cut.ts';
import { layerNumbersIn } from '../places/evaluate.ts';
import { isBroken, type Place } from '../places/place.ts';
import type { Signature } from '../places/signature.ts';
import type { Call, Expr, Index } from '../syntax/tree.ts';
import { layersPlaceOf } from './bind-place.ts';
import type { TensorValue } from './checked.ts';
import { type Checking, literalOf, quoted, report, reportUnknown } from './checking.ts';
import { reportPlaceFaults } from './place-faults.ts';
import { type Quantity, tensorOf } from './quantity.ts';
import { kindOf, settled } from './share.ts';
import { shapeText } from './signatures.ts';
import { common } from './tensor-value.ts';

const broken: Quantity = { kind: 'broken' };

export function cutOf(checking: Checking, expr: Index): Quantity {
  const value = tensorOf(checking, expr.value);
  const place = layersPlaceOf(checking, expr.layers);
  if (value === undefined || isBroken(place)) return broken;
  const base = { ...common([value], expr, value.share), kind: 'layers' as const, value };
  const { signature } = value;
  if (signature === undefined) {
    return { kind: 'tensor', value: { ...base, layers: writtenLayers(place) } };
  }
  const { layers, tower, faults } = layerNumbersIn(place, signature);
  reportPlaceFaults(checking, faults, { of: expr.value });
  if (tower === undefined) return broken;
  if (tower.blocks !== undefined) {
    const message = `The blocks of ${quoted(checking, expr.value)} have names, not numbers: they can't be cut out and renumbered.`;
    report(checking, layersCannotBeCut, expr, message);
    return broken;
  }
  const cut = cutLayers(signature, tower, layers);
  return {
    kind: 'tensor',
    value: { ...base, layers, tower: tower.name, signature: cut.signature, origins: cut.origins },
  };
}

/** The numbers as written, where they can be read without a model. */
function writtenLayers(place: Place): readonly number[] {
  if (place.kind !== 'layers') return [];
  const { from, to, step } = place;
  if (typeof from !== 'number' || typeof to !== 'number' || from < 0 || to < from) return [];
  const count = Math.min(Math.floor((to - from) / step) + 1, 10_000);
  return Array.from({ length: count }, (_, i) => from + i * step);
}

export function stackOf(checking: Checking, call: Call): Quantity {
  const [list, ...others] = call.args;
  for (const other of others) {
    if (other.kind === 'argument' && other.name !== undefined) {
      const problem = `\`stack\` has no parameter \`${other.name.text}\``;
      reportUnknown(checking, unknownParameter, other.name, problem, []);
    } else {
      report(checking, inputs, other, '`stack` takes one list: `stack([a[0..7], b[8..15]])`.');
    }
  }
  const written = list?.kind === 'argument' ? literalOf(checking, list.value) : undefined;
  if (written?.kind !== 'list' || written.items.length === 0) {
    report(
      checking,
      inputs,
      list ?? call.callee,
      '`stack` takes a list of models: `stack([a[0..7], b[8..15]])`.',
    );
    return broken;
  }
  const parts: TensorValue[] = [];
  for (const item of listItems(checking, written.items)) {
    const value = tensorOf(checking, item);
    const whole = value && settled(checking, value);
    if (whole !== undefined) parts.push(whole);
  }
  if (parts.length < listItems(checking, written.items).length) return broken;
  const [first] = parts;
  if (first === undefined) return broken;
  const kind = kindOf(first);
  const odd = parts.find((part) => kindOf(part) !== kind);
  if (odd !== undefined) {
    const message = `${quoted(checking, odd.span)} and ${quoted(checking, first.span)} can't stand in one row: one is a Model, the other a Delta.`;
    report(checking, modelsAndDeltas, odd.span, message);
    return broken;
  }
  const base = { ...common(parts, call, first.share), kind: 'stack' as const, parts };
  const signatures = parts.flatMap(({ signature }): Signature[] =>
    signature === undefined ? [] : [signature],
  );
  if (signatures.length < parts.length) return { kind: 'tensor', value: base };
  const { rearranged, fault } = stackLayers(signatures);
  if (fault !== undefined) {
    reportStackFault(checking, fault, parts);
    return broken;
  }
  const { signature, origins } = rearranged;
  return { kind: 'tensor', value: { ...base, signature, origins } };
}

function reportStackFault(
  checking: Checking,
  fault: StackFault,
  parts: readonly TensorValue[],
): void {
  const { span } = parts[fault.part]!;
  const own = quoted(checking, span);
  const first = quoted(checking, parts[0]!.span);
  switch (fault.kind) {
    case 'no layers':
      report(checking, layersCannotBeCut, span, `${own} has no numbered layers to set in a row.`);
      return;
    case 'unlike tensors':
      report(
        checking,
        tensorsMissing,
        span,
        `\`${fault.name}\` of ${own} has no like in the layers of ${first}.`,
      );
      return;
    case 'unlike shapes':
      report(
        checking,
        shapesDiffer,
        span,
        `\`${fault.name}\` is ${shapeText(fault.shape)} in ${own}, and its like in ${first} is ${shapeText(fault.first)}.`,
      );
  }
}

/** The expressions of a list, spreads of other lists opened. */
function listItems(
  checking: Checking,
  items: readonly (
    | { readonly kind: 'item'; readonly value: Expr }
    | { readonly kind: 'spread'; readonly value: Expr }
  )[],
  depth = 0,
): readonly Expr[] {
  return items.flatMap((item): readonly Expr[] => {
    if (item.kind === 'item') return [item.value];
    const list = literalOf(checking, item.value);
    if (list.kind === 'list' && depth < 100) return listItems(checking, list.items, depth + 1);
    report(checking, wrongType, item.value, `${quoted(checking, item.value)} is not a list.`);
    return [];
  });
}
