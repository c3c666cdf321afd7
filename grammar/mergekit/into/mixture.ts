/** A mixture of experts: one call of `moe`. */
import { keyOf, type Located, type MixtureDocument, type MixtureExpert } from '../config/config.ts';
import { from, joined, type Piece } from '../pieces.ts';
import { type Importing, operandOf, writeDeclarations } from './importing.ts';
import { bracketed, commentText, lined, type Row } from './rows.ts';
import { quote } from './source.ts';
import { numberText } from './values.ts';

export function mixtureStage(
  importing: Importing,
  document: MixtureDocument,
  { name }: { readonly name: string },
): Piece {
  const head = importing.comments.take({ start: document.start, end: document.start + 1 });
  const base = from(document.base, operandOf(importing, document.base));
  const copies = copiesOf(document.experts);
  const listed = copies === undefined ? document.experts : document.experts.slice(0, 1);
  const experts = listed.map((expert): Row => {
    const operand = from(expert.model, operandOf(importing, expert.model, { about: expert.model }));
    const own = ownValues(expert);
    return {
      piece:
        own.length === 0
          ? operand
          : [operand, bracketed(' { ', own, ' }', { isBroken: own.length > 1 })],
      comments: importing.comments.take(expert),
    };
  });
  const args = [
    ...(copies === undefined ? [] : [`copies: ${copies}`]),
    ...word(document.gate, 'gate'),
    ...number(document.perToken, 'experts_per_token'),
    ...sharedArguments(importing, document.shared),
    ...word(document.architecture, 'architecture'),
  ].map((piece): Row => ({ piece }));
  const call: Piece = [
    'moe',
    bracketed('(', [{ piece: base }, { piece: bracketed('[', experts, ']') }, ...args], ')'),
  ];
  const declarations = writeDeclarations(importing);
  const { dtype } = document;
  const output: Piece = [
    'output ',
    name,
    ' to ',
    quote(`./out/${importing.title}`),
    dtype === undefined ? '' : from(dtype, ` { dtype = ${dtype.value} }`),
  ];
  return [
    head.map((comment) => [commentText(comment), '\n']),
    head.length > 0 ? '\n' : '',
    declarations,
    '\n',
    lined({
      piece: from(document, ['merge ', name, ' = ', call]),
      comments: importing.comments.take(document),
    }),
    '\n',
    output,
    '\n',
  ];
}

/** One model over and over, nothing else said of it, is a count. */
function copiesOf(experts: readonly MixtureExpert[]): number | undefined {
  const [first] = experts;
  if (first === undefined || experts.length < 2) return undefined;
  const isBare = experts.every(
    (expert) => keyOf(expert.model) === keyOf(first.model) && ownValues(expert).length === 0,
  );
  return isBare ? experts.length : undefined;
}

function ownValues(expert: MixtureExpert): readonly Row[] {
  return [
    ...texts(expert.prompts, 'prompts'),
    ...texts(expert.avoid, 'avoid'),
    ...number(expert.noise, 'noise'),
    ...number(expert.residualScale, 'residual_scale'),
  ].map((piece) => ({ piece }));
}

function sharedArguments(
  importing: Importing,
  shared: MixtureExpert | undefined,
): readonly Piece[] {
  if (shared === undefined) return [];
  return [
    from(shared.model, `shared: ${operandOf(importing, shared.model, { about: shared.model })}`),
    ...texts(shared.prompts, 'shared_prompts'),
    ...texts(shared.avoid, 'shared_avoid'),
    ...number(shared.noise, 'shared_noise'),
    ...number(shared.residualScale, 'shared_scale'),
  ];
}

function texts(list: readonly Located<string>[], name: string): readonly Piece[] {
  if (list.length === 0) return [];
  return [
    [
      name,
      ': [',
      joined(
        list.map((text) => from(text, quote(text.value))),
        ', ',
      ),
      ']',
    ],
  ];
}

function number(value: Located<number> | undefined, name: string): readonly Piece[] {
  return value === undefined ? [] : [from(value, `${name}: ${numberText(value.value)}`)];
}

function word(value: Located<string> | undefined, name: string): readonly Piece[] {
  return value === undefined ? [] : [from(value, `${name}: ${value.value}`)];
}
