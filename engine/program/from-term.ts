import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import type { DType } from '../../grammar/places/signature.ts';
import { isKernelType, negate, type KernelType } from '../formula/derived.ts';
import type { FNode } from '../formula/node.ts';
import { methods } from '../methods/catalogue.ts';
import type { Masked, Method, MethodCall } from '../methods/method.ts';
import { drawKey } from '../numeric/threefry.ts';
import { Composer, type Program } from './composer.ts';

/** What a program must know beside its term. */
export interface ProgramContext {
  /** Elements of the tensor. */
  readonly elements: number;
  /** Elements of all tensors that a call under `scope: whole` computes, by the call's name. */
  readonly wholeElements: ReadonlyMap<string, number>;
}

/** The program of one tensor. The same term gives the same program, and terms that differ in numbers alone the same kernels. */
export function programOf(term: TensorTerm, context: ProgramContext): Program {
  const composer = new Composer(context.elements);
  return composer.program(valueOf(composer, term, context));
}

/** The value of a term in the composer's graph. A term that is met again, as a step that two others read, is one value. */
export function valueOf(composer: Composer, term: TensorTerm, context: ProgramContext): FNode {
  return composer.once(term, () => builtValue(composer, term, context));
}

function builtValue(composer: Composer, term: TensorTerm, context: ProgramContext): FNode {
  const { graph } = composer;
  switch (term.kind) {
    case 'tensor':
      return composer.operand(term);
    case 'zero':
      return graph.constant(0);
    case 'step':
      return graph.border(valueOf(composer, term.term, context));
    case 'negated':
      return negate(graph, valueOf(composer, term.term, context));
    case 'scaled':
      return scaled(composer, term, valueOf(composer, term.term, context));
    case 'sum': {
      const [first, ...rest] = term.terms.map(({ negative, term: addend }) => ({
        negative,
        value: valueOf(composer, addend, context),
      }));
      const start = first!.negative ? negate(graph, first!.value) : first!.value;
      return rest.reduce(
        (sum, { negative, value }) => (negative ? graph.sub(sum, value) : graph.add(sum, value)),
        start,
      );
    }
    case 'call':
      return called(composer, term, context);
  }
}

/** `x / k` is a product with 1/k where k is a power of two, else one division. */
function scaled(composer: Composer, term: TensorTerm & { kind: 'scaled' }, value: FNode): FNode {
  const { graph } = composer;
  if (!term.divide) return graph.mul(composer.floatOf(term.by), value);
  if (isPowerOfTwo(term.by)) return graph.mul(composer.floatOf(1 / term.by), value);
  return graph.div(value, composer.floatOf(term.by));
}

function isPowerOfTwo(k: number): boolean {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, k);
  return (
    (view.getUint32(0) & 0xfffff) === 0 && view.getUint32(4) === 0 && k !== 0 && Number.isFinite(k)
  );
}

function called(composer: Composer, term: CallTerm, context: ProgramContext): FNode {
  return methodOf(term).build(composer, methodCall(composer, term, context));
}

/** What a call's masks keep of its inputs' changes; undefined where the method has none. */
export function callMasks(
  composer: Composer,
  term: CallTerm,
  context: ProgramContext,
): readonly Masked[] | undefined {
  return methodOf(term).masks?.(composer, methodCall(composer, term, context));
}

export function hasMasks(term: CallTerm): boolean {
  return methodOf(term).masks !== undefined;
}

function methodOf(term: CallTerm): Method {
  const method = methods.get(term.method);
  if (method === undefined) throw new Error(`no method is called ${term.method}`);
  return method;
}

function methodCall(composer: Composer, term: CallTerm, context: ProgramContext): MethodCall {
  const whole = term.settings.scope === 'whole';
  return {
    ...(term.base === undefined ? {} : { base: valueOf(composer, term.base, context) }),
    inputs: term.inputs.map((input) => valueOf(composer, input, context)),
    ...(term.areChanges === undefined ? {} : { areChanges: term.areChanges }),
    settings: term.settings,
    perInput: term.perInput,
    compat: term.compat,
    compute: computeType(term),
    elements: whole ? context.wholeElements.get(term.call)! : context.elements,
    ...(whole ? { group: term.call } : {}),
    drawKey: (input) =>
      drawKey({
        seed: Number(term.settings.seed),
        purpose: 'drop',
        slot: `${term.drawSlot!}.${input + 1}`,
        tensor: term.tensor,
      }),
  };
}

const named: Readonly<Record<string, KernelType>> = { f32: 'F32', bf16: 'BF16', f16: 'F16' };

/** The type that `compat: mergekit` computes in: as set, else the base's, else what all inputs promote to. */
function computeType(term: CallTerm): KernelType {
  const set = named[String(term.settings.compute)];
  if (set !== undefined) return set;
  if (term.base !== undefined) return computed(term.base.dtype);
  return term.inputs.map(({ dtype }) => computed(dtype)).reduce((a, b) => (a === b ? a : 'F32'));
}

function computed(dtype: DType): KernelType {
  return isKernelType(dtype) ? dtype : 'F32';
}
