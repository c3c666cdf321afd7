/** The parser's own rules as diagrams and as EBNF, without what it reads only to say how it is written right. */
import { grammarProductions } from '../grammar/syntax/parser.ts';
import { TOKEN_ENTRIES } from '../grammar/syntax/tokens.ts';
import type { Diagram } from './docs-railroad.ts';

/** What Chevrotain keeps of a rule, as far as it is read here. */
interface Production {
  readonly name?: string;
  readonly nonTerminalName?: string;
  readonly terminalType?: { readonly name: string };
  readonly definition?: readonly Production[];
  readonly constructor: { readonly name: string };
}

const literals = new Map(
  TOKEN_ENTRIES.flatMap((entry): [string, string][] =>
    'literal' in entry && entry.literal !== undefined ? [[entry.name, entry.literal]] : [],
  ),
);

/** Rules that say no more than what they are made of stand where they are used. */
const inlined: ReadonlySet<string> = new Set([
  'declared',
  'typedName',
  'group',
  'key',
  'argument',
  'mergeBody',
  'outputBody',
]);

/** Read by mistake, with a fix: settings beside rules, and rules in rules. */
const lenient: Readonly<Record<string, readonly string[]>> = {
  mergeBody: ['action'],
  rule: ['rule'],
};

export interface GrammarRule {
  readonly name: string;
  readonly diagram: Diagram;
}

/** In reading order: the recipe, its statements, then expressions. */
export function grammarRules(): readonly GrammarRule[] {
  const productions = grammarProductions() as unknown as Readonly<Record<string, Production>>;
  const names = Object.keys(productions).filter((name) => !inlined.has(name));
  const statements = names.indexOf('statement');
  const ordered = [...names.slice(statements), ...names.slice(0, statements)];
  const rules = ordered.map((name) => ({
    name: titled(name),
    diagram: diagramOf(productions[name]!.definition ?? [], { productions, within: name }),
  }));
  const recipe: GrammarRule = {
    name: 'Recipe',
    diagram: { kind: 'many', item: { kind: 'rule', name: 'Statement' } },
  };
  return [recipe, ...rules];
}

interface Reading {
  readonly productions: Readonly<Record<string, Production>>;
  readonly within: string;
}

function diagramOf(items: readonly Production[], reading: Reading): Diagram {
  const read = items.flatMap((item) => {
    const diagram = itemOf(item, reading);
    if (diagram === undefined) return [];
    return diagram.kind === 'sequence' ? diagram.items : [diagram];
  });
  return read.length === 1 ? read[0]! : { kind: 'sequence', items: read };
}

/** Undefined: it is no part of a right text. */
function itemOf(item: Production, reading: Reading): Diagram | undefined {
  const { productions, within } = reading;
  const inner = (): Diagram => diagramOf(item.definition ?? [], reading);
  switch (item.constructor.name) {
    case 'Terminal':
      return terminal(item.terminalType?.name ?? '');
    case 'NonTerminal': {
      const name = item.nonTerminalName ?? '';
      if (lenient[within]?.includes(name) === true) return undefined;
      const rule = productions[name]!;
      if (inlined.has(name)) {
        return diagramOf(rule.definition ?? [], { productions, within: name });
      }
      return { kind: 'rule', name: titled(name) };
    }
    case 'Alternation': {
      const options = (item.definition ?? []).flatMap((option) => {
        const diagram = itemOf(option, reading);
        const isEmpty = diagram?.kind === 'sequence' && diagram.items.length === 0;
        return diagram === undefined || isEmpty ? [] : [diagram];
      });
      return options.length === 1 ? options[0] : { kind: 'choice', options };
    }
    case 'Alternative': {
      // Of an option that begins with what is read by mistake, the rest is no option either.
      const [first] = item.definition ?? [];
      if (first !== undefined && itemOf(first, reading) === undefined) return undefined;
      return inner();
    }
    case 'Option':
      return { kind: 'optional', item: inner() };
    case 'Repetition':
      return { kind: 'many', item: inner() };
    default:
      throw new Error(`The grammar has a production that is not drawn: ${item.constructor.name}`);
  }
}

function terminal(name: string): Diagram | undefined {
  if (name === 'MissingValue') return undefined;
  const literal = literals.get(name);
  return literal === undefined ? { kind: 'rule', name } : { kind: 'text', text: literal };
}

function titled(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** `"merge" Name "=" Expr [ "{" { Rule } "}" ]` */
export function ebnf(diagram: Diagram): string {
  switch (diagram.kind) {
    case 'text':
      return `"${diagram.text}"`;
    case 'rule':
      return diagram.name;
    case 'sequence':
      return diagram.items
        .map((item) => (item.kind === 'choice' ? `( ${ebnf(item)} )` : ebnf(item)))
        .join(' ');
    case 'choice':
      return diagram.options.map(ebnf).join(' | ');
    case 'optional':
      return `[ ${ebnf(diagram.item)} ]`;
    case 'many':
      return `{ ${ebnf(diagram.item)} }`;
  }
}
