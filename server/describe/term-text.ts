/** One tensor's term as an author would write it. */
import { parameterNamed } from '../../grammar/check/parameters.ts';
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import type { Catalogue, MethodSignature, ParameterValue } from '../../grammar/catalogue.ts';
import { figure } from '../../grammar/check/checking.ts';
import { valueText } from './values.ts';

export interface TermOptions {
  /** Whose tensors go without a name: those of this name. Absent: each is named. */
  readonly tensor?: string;
  /** A step by its name, or with its own term in braces. */
  readonly steps: 'named' | 'opened';
  /** With it calls have their settings. */
  readonly catalogue?: Catalogue;
}

export function termText(term: TensorTerm, options: TermOptions): string {
  switch (term.kind) {
    case 'tensor':
      return term.name === options.tensor ? term.source : `${term.source}:${term.name}`;
    case 'zero':
      return '0';
    case 'step':
      return options.steps === 'named'
        ? term.step
        : `${term.step} { ${termText(term.term, options)} }`;
    case 'negated':
      return `-(${termText(term.term, options)})`;
    case 'scaled': {
      const inner = termText(term.term, options);
      const operand = term.term.kind === 'sum' || options.steps === 'opened' ? `(${inner})` : inner;
      const by = options.steps === 'opened' ? String(term.by) : figure(term.by);
      return term.divide ? `${operand} / ${by}` : `${by} * ${operand}`;
    }
    case 'sum':
      return term.terms
        .map(({ negative, term: addend }, index) => {
          const sign = negative ? '- ' : index > 0 ? '+ ' : '';
          const inner = termText(addend, options);
          return addend.kind === 'sum' ? `${sign}(${inner})` : `${sign}${inner}`;
        })
        .join(' ');
    case 'call':
      return callText(term, options);
    default:
      return term satisfies never;
  }
}

function callText(term: CallTerm, options: TermOptions): string {
  const inputs = term.inputs.map((input) => termText(input, options));
  const base = term.base === undefined ? [] : [termText(term.base, options)];
  const method = options.catalogue?.get(term.method);
  if (method === undefined) return `${term.method}(${[...base, ...inputs].join(', ')})`;
  const written = method.inputs.kind === 'experts' ? [`[${inputs.join(', ')}]`] : inputs;
  return `${term.method}(${[...base, ...written, ...settingsOf(term, method)].join(', ')})`;
}

/** `density: [20%, 50%]`, or one value where all are the same; what only says whose rounding holds is left out. */
function settingsOf({ settings, perInput }: CallTerm, method: MethodSignature): readonly string[] {
  const shown = (name: string, value: ParameterValue): string =>
    valueText(value, parameterNamed(method, name)?.type);
  const single = Object.entries(settings).flatMap(([name, value]) =>
    rounding.has(name) && value !== 'mergekit' ? [] : [`${name}: ${shown(name, value)}`],
  );
  const listed = Object.entries(perInput).map(([name, values]) => {
    const texts = values.map((value) => shown(name, value));
    const isOne = new Set(texts).size === 1;
    return `${name}: ${isOne ? texts[0]! : `[${texts.join(', ')}]`}`;
  });
  return [...listed, ...single];
}

const rounding: ReadonlySet<string> = new Set(['compat', 'compute']);
