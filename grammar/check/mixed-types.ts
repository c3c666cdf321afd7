/** Whether the models of a step are stored in unlike types, so that one of them decides the result's. */
import { mixedTypes } from '../diagnostics/mw4108-mixed-types.ts';
import { headersOf } from '../places/cut.ts';
import { floatTypes, type DType, type Signature } from '../places/signature.ts';
import type { OutputStatement } from '../syntax/tree.ts';
import type { Output, Step, TensorValue } from './checked.ts';
import { type Checking, quoted, report } from './checking.ts';
import { wordOfDtype } from './dtypes.ts';
import { operandsOf, valuesOf } from './operands.ts';

/** Warns of an output without `dtype` whose models disagree. */
export function lintTypes(checking: Checking, output: Output, statement: OutputStatement): void {
  if (output.dtype !== undefined) return;
  const found = new Map<DType, { readonly name: string; readonly span: TensorValue['span'] }>();
  gather(output.step, found, new Set());
  const [first, second] = [...found];
  if (first === undefined || second === undefined || statement.target === undefined) return;
  const [a, b] = [first, second].map(([dtype, { name }]) => `\`${name}\` in ${wordOfDtype(dtype)}`);
  const message = `${a} and ${b} meet in ${quoted(checking, statement.target)}: \`dtype\` says which its files have.`;
  report(checking, mixedTypes, statement.target, message);
}

type Found = Map<DType, { readonly name: string; readonly span: TensorValue['span'] }>;

function gather(step: Step, found: Found, seen: Set<Step>): void {
  const waiting: Step[] = [step];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const value of valuesOf(at)) gatherValue(value, found, waiting);
  }
}

function gatherValue(value: TensorValue, found: Found, steps: Step[]): void {
  switch (value.kind) {
    case 'source': {
      const { source, signature } = value;
      if (signature === undefined) return;
      const dtype = mainType(signature);
      if (dtype !== undefined && !found.has(dtype)) {
        found.set(dtype, { name: source.name, span: value.span });
      }
      return;
    }
    case 'step':
      steps.push(value.step);
      return;
    case 'call':
    case 'sum':
    case 'scaled':
    case 'negated':
    case 'layers':
    case 'stack':
    case 'broken':
      for (const operand of operandsOf(value)) gatherValue(operand, found, steps);
  }
}

const mainTypes = new WeakMap<Signature, DType>();

/** The type that most weights of a model have: norms in f32 beside bf16 matrices are how some models are stored. */
function mainType(signature: Signature): DType | undefined {
  const known = mainTypes.get(signature);
  if (known !== undefined) return known;
  const sizes = new Map<DType, number>();
  for (const { dtype, shape } of headersOf(signature).values()) {
    if (!floatTypes.has(dtype)) continue;
    const size = shape.reduce((product, length) => product * length, 1);
    sizes.set(dtype, (sizes.get(dtype) ?? 0) + size);
  }
  const [largest] = [...sizes].sort((a, b) => b[1] - a[1]);
  if (largest === undefined) return undefined;
  mainTypes.set(signature, largest[0]);
  return largest[0];
}
