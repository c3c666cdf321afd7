/** What headers tell of settings that are legal and most often not meant. */
import type { Parameter } from '../catalogue.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import { replacing } from '../diagnostics/finding.ts';
import { nothingKept } from '../diagnostics/mw4111-nothing-kept.ts';
import { roundedDifferences } from '../diagnostics/mw4115-rounded-differences.ts';
import { headersOf } from '../places/cut.ts';
import { floatTypes } from '../places/signature.ts';
import type { BoundRule, MethodCall, TensorValue } from './checked.ts';
import { type Checking, figure, quoted, report } from './checking.ts';
import { parameterNamed } from './parameters.ts';
import { type CallAt, settledSetting } from './settle.ts';

/** mergekit stops where `density` keeps less than one element of a tensor, and loses a change of which `gamma` drops none. */
export function lintKept(
  checking: Checking,
  value: TensorValue,
  call: MethodCall,
  rules: readonly BoundRule[],
): void {
  const { signature } = value;
  const density = parameterNamed(call.method, 'density');
  const gamma = parameterNamed(call.method, 'gamma');
  const isExact = call.method.name === 'ties' || gamma !== undefined;
  if (!isExact || call.compat !== 'mergekit') return;
  if (density === undefined || signature === undefined) return;
  const headers = headersOf(signature);
  for (const { name, dtype, shape } of headers.values()) {
    if (!floatTypes.has(dtype) || isTaken(rules, name)) continue;
    const size = shape.reduce((product, length) => product * length, 1);
    for (const [input, expert] of call.inputs.entries()) {
      const at = { call, signature, rules, tensor: name };
      const share = Number(settledSetting(at, density, input));
      if (!(share < 1) || size === 0) continue;
      if (gamma !== undefined && lintOutliers(checking, { ...at, value, input, size, gamma }))
        return;
      if (gamma !== undefined || Math.floor(size * share) > 0) continue;
      const whom = expert.name === undefined ? 'an expert' : `\`${expert.name}\``;
      const message = `A \`density\` of ${figure(share)} keeps none of the ${size === 1 ? 'one element' : `${size} elements`} of \`${name}\` in ${whom}: \`at "${name}" { density = 100% }\`.`;
      report(checking, nothingKept, call.args.get('density')?.span ?? value.span, message);
      return;
    }
  }
}

interface OutliersAt extends CallAt {
  readonly value: TensorValue;
  readonly input: number;
  readonly size: number;
  readonly gamma: Parameter;
}

/** Of a tensor with fewer elements than 1/γ none is dropped as an outlier, and that tool then keeps none at all. */
function lintOutliers(
  checking: Checking,
  { value, input, size, gamma, ...at }: OutliersAt,
): boolean {
  const outliers = Number(settledSetting(at, gamma, input));
  if (Math.floor(size * outliers) > 0) return false;
  const message = `A \`gamma\` of ${figure(outliers)} drops none of the ${size} elements of \`${at.tensor}\`, and mergekit then keeps none: \`at "${at.tensor}" { density = 100% }\`.`;
  report(checking, nothingKept, at.call.args.get('gamma')?.span ?? value.span, message);
  return true;
}

/** A difference of half-precision values that is rounded to half precision again keeps few of its digits. */
export function lintRounding(checking: Checking, value: TensorValue, call: MethodCall): void {
  const { signature } = value;
  if (call.compat !== 'mergekit' || call.base === undefined || signature === undefined) return;
  const compute = call.args.get('compute');
  if (compute?.kind === 'word' && compute.word !== 'storage' && compute.word !== 'bf16') return;
  const types = new Set(
    signature.tensors.map(({ dtype }) => dtype).filter((of) => floatTypes.has(of)),
  );
  if (types.size !== 1 || !types.has('BF16')) return;
  const compat = call.args.get('compat')?.span ?? value.span;
  const message = `mergekit rounds each difference from ${quoted(checking, call.base.span)} to bf16, which loses most small changes: \`compute: f32\` keeps them.`;
  report(checking, roundedDifferences, compat, message, {
    fixes:
      compute === undefined ? [inserted(compat.end, ', compute: f32', 'Add `compute: f32`')] : [],
  });
}

function inserted(at: number, text: string, title: string): Fix {
  return replacing({ start: at, end: at }, text, title);
}

export function isTaken(rules: readonly BoundRule[], tensor: string): boolean {
  return rules.some(
    (rule) =>
      rule.tensors?.has(tensor) === true && rule.actions.some(({ kind }) => kind === 'take'),
  );
}
