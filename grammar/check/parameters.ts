/** The parameters of a method: its own, and those that every method has. */
import type { MethodSignature, Parameter, ParameterType, ParameterValue } from '../catalogue.ts';
import type { Compat } from './curve.ts';

const compatParameter: Parameter = {
  name: 'compat',
  type: {
    kind: 'choice',
    words: [
      { word: 'paper', meaning: 'what the paper’s own code does' },
      { word: 'mergekit', meaning: 'what mergekit does, rounding included' },
    ],
  },
  default: 'paper',
  meaning: 'Whose figures the method reproduces.',
};

const computeParameter: Parameter = {
  name: 'compute',
  type: {
    kind: 'choice',
    words: [
      { word: 'bf16', meaning: 'bfloat16' },
      { word: 'f16', meaning: 'half precision' },
      { word: 'f32', meaning: 'single precision' },
    ],
  },
  meaning:
    'Under `compat: mergekit`, the type it computes in; unless set, the storage type of the base, else of the first input.',
};

const seedParameter: Parameter = {
  name: 'seed',
  type: { kind: 'number', name: 'Seed', min: 0 },
  default: 0,
  meaning: 'What the draws are keyed by.',
};

const known = new WeakMap<MethodSignature, readonly Parameter[]>();

/**
 * Its own parameters, then `seed` of a random method, `compat` and `compute`, where the catalogue does not list them. Whose figures
 * are meant does not matter where nothing but files is made.
 */
export function parametersOf(method: MethodSignature): readonly Parameter[] {
  let parameters = known.get(method);
  if (parameters === undefined) {
    const own = new Set(method.parameters.map(({ name }) => name));
    const common = [
      ...(method.random === true ? [seedParameter] : []),
      ...(method.makes === undefined ? [compatParameter, computeParameter] : []),
    ];
    parameters = [...method.parameters, ...common.filter(({ name }) => !own.has(name))];
    known.set(method, parameters);
  }
  return parameters;
}

/** Whether it drops entries at random: a router that is drawn drops none. */
export function isDropping(method: MethodSignature): boolean {
  return method.random === true && parameterNamed(method, 'density') !== undefined;
}

export function parameterNamed(method: MethodSignature, name: string): Parameter | undefined {
  return parametersOf(method).find((parameter) => parameter.name === name);
}

/** Whether a call must give it. `compute` follows the storage type unless set. */
export function isRequired(parameter: Parameter): boolean {
  return parameter.default === undefined && parameter.name !== 'compute';
}

export function defaultOf(parameter: Parameter, compat: Compat): ParameterValue | undefined {
  const value = parameter.default;
  return typeof value === 'object' ? value[compat] : value;
}

/** A type in the words of a message: `a number from 0 to 1`. */
export function describeType(type: ParameterType): string {
  switch (type.kind) {
    case 'number':
      return type.name === 'Seed' ? 'a whole number' : describeRange(rangeOf(type));
    case 'boolean':
      return '`true` or `false`';
    case 'choice':
      return `one of ${type.words.map(({ word }) => `\`${word}\``).join(', ')}`;
    case 'dtype':
      return 'a type such as `bf16`';
    case 'stats':
      return 'statistics';
    case 'texts':
      return 'a list of texts';
    case 'text':
      return 'a text';
    case 'model':
      return 'a model';
  }
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly aboveMin: boolean;
  readonly whole: boolean;
}

type NumberType = Extract<ParameterType, { readonly kind: 'number' }>;

export function rangeOf(type: NumberType): NumberRange {
  const isRatio = type.name === 'Ratio';
  const whole = type.name === 'Count' || type.name === 'Seed';
  return {
    min: type.min ?? (isRatio || whole ? 0 : -Infinity),
    max: type.max ?? (isRatio ? 1 : type.name === 'Seed' ? Number.MAX_SAFE_INTEGER : Infinity),
    aboveMin: type.aboveMin ?? false,
    whole,
  };
}

export function describeRange({ min, max, aboveMin, whole }: NumberRange): string {
  const noun = whole ? 'a whole number' : 'a number';
  if (min === -Infinity && max === Infinity) return noun;
  if (max === Infinity) return aboveMin ? `${noun} above ${min}` : `${noun} of at least ${min}`;
  if (min === -Infinity) return `${noun} of at most ${max}`;
  return aboveMin ? `${noun} above ${min}, up to ${max}` : `${noun} from ${min} to ${max}`;
}

export function isInRange(value: number, range: NumberRange): boolean {
  if (!Number.isFinite(value) || value > range.max) return false;
  if (range.whole && !Number.isSafeInteger(value)) return false;
  return range.aboveMin ? value > range.min : value >= range.min;
}
