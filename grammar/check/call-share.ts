/** Whether a call gives a Model or a Delta. */
import type { MethodSignature } from '../catalogue.ts';
import { modelsAndDeltas } from '../diagnostics/mw3006-models-and-deltas.ts';
import { modelWithoutBase } from '../diagnostics/mw3007-model-without-base.ts';
import type { Expert, TensorValue } from './checked.ts';
import { type Checking, quoted, report } from './checking.ts';
import { kindOf } from './share.ts';

/** The share of what the call gives; undefined, and reported, where its inputs don't go together. */
export function shareOfResult(
  checking: Checking,
  method: MethodSignature,
  base: TensorValue | undefined,
  experts: readonly Expert[],
): 0 | 1 | undefined {
  const kinds = experts.map(({ value }) => kindOf(value));
  const { inputs, name } = method;
  if (inputs.kind === 'one' && inputs.takes === 'delta' && kinds[0] === 'model') {
    const own = quoted(checking, experts[0]!.span);
    const message = `\`${name}\` takes a Delta, and ${own} is a Model: \`${own.slice(1, -1)} - base\`.`;
    report(checking, modelWithoutBase, experts[0]!.span, message);
    return undefined;
  }
  const takesDeltasAlone =
    inputs.kind === 'experts' &&
    base === undefined &&
    inputs.base !== 'none' &&
    method.later !== true;
  if (takesDeltasAlone) {
    const model = experts.find((_, i) => kinds[i] === 'model');
    if (model !== undefined) {
      const own = quoted(checking, model.span);
      const message = `Without a base \`${name}\` takes Deltas, and ${own} is a Model: \`${own.slice(1, -1)} - base\`, or a base before the list.`;
      report(checking, modelWithoutBase, model.span, message);
      return undefined;
    }
  } else if (base === undefined) {
    const odd = kinds.findIndex((kind) => (kind === 'delta') !== (kinds[0] === 'delta'));
    if (odd >= 0) {
      const [first, other] = [experts[0]!, experts[odd]!];
      const [a, b] = [quoted(checking, first.span), quoted(checking, other.span)];
      const [isA, isB] = kinds[0] === 'delta' ? ['a Delta', 'a Model'] : ['a Model', 'a Delta'];
      const message = `${b} is ${isB} and ${a} ${isA}: \`${name}\` takes the one or the other.`;
      report(checking, modelsAndDeltas, other.span, message, {
        related: [{ ...first.span, message: `${isA} stands here` }],
      });
      return undefined;
    }
  }
  switch (method.gives) {
    case 'model':
      return 1;
    case 'delta':
      return 0;
    case 'share':
    case 'experts':
      return base !== undefined || kinds[0] !== 'delta' ? 1 : 0;
  }
}
