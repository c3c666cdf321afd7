/** What an import in progress holds. */
import type { DiagnosticKind } from '../../diagnostics/diagnostic.ts';
import type { FindingDetails } from '../../diagnostics/finding.ts';
import type { Span } from '../../syntax/span.ts';
import type { DtypeWord, ModelReference } from '../config/config.ts';
import { keyOf } from '../config/config.ts';
import { type Reading, report } from '../config/reading.ts';
import { from, type Piece } from '../pieces.ts';
import type { CommentBook } from '../yaml/comments.ts';
import type { Row } from './rows.ts';
import { lined } from './rows.ts';
import { type NameBook, wishesFor } from './names.ts';
import { adapterArguments, sourceText, type Surroundings } from './source.ts';

/** A statement that declares a model, and the parts of the YAML whose comments belong to it. */
interface Declaration {
  readonly piece: Piece;
  readonly about: Span[];
}

export interface Importing {
  readonly reading: Reading;
  readonly comments: CommentBook;
  readonly names: NameBook;
  readonly surroundings: Surroundings;
  /** Names of documents, and of the steps they became. */
  readonly stages: ReadonlyMap<string, string>;
  /** Declarations of the document being written, in order; emptied with it. */
  declarations: Map<string, Declaration>;
  /** Models declared by documents above. */
  readonly declared: Set<string>;
  /** Text for a file beside the recipe. */
  readonly files: { readonly name: string; readonly text: string }[];
  /** How the recipe's own file is called, without its ending. */
  readonly title: string;
  readonly said: Set<string>;
  /** How many calls draw at random, so far. */
  randomCalls: number;
}

/** Reports once: slices share the settings above them. */
export function say(
  { reading, said }: Importing,
  kind: DiagnosticKind,
  span: Span,
  message: string,
  details: FindingDetails = {},
): undefined {
  const key = `${kind.code} ${span.start} ${span.end}`;
  if (said.has(key)) return undefined;
  said.add(key);
  return report(reading, kind, span, message, details);
}

/** A line that the recipe keeps, said once. */
export function remark({ comments, said }: Importing, about: number, text: string): void {
  const key = `${about} ${text}`;
  if (said.has(key)) return;
  said.add(key);
  comments.add(text, about);
}

/** The name by which the recipe knows a model; declared where it is met first. */
export function operandOf(
  importing: Importing,
  reference: ModelReference,
  options: { readonly about?: Span; readonly dtype?: DtypeWord } = {},
): string {
  if (reference.lora !== undefined) return withAdapter(importing, reference, options);
  const key = keyOf(reference);
  const stage = importing.stages.get(key);
  if (stage !== undefined) return stage;
  const name = importing.names.nameFor(key, wishesFor(reference.path));
  declare(importing, key, reference, options.about, () => [
    'model ',
    name,
    ' = ',
    from(reference, sourceText(reference, importing.surroundings).text),
  ]);
  return name;
}

/** An adapter is laid on its model in a step of its own, which mergekit stores, and so rounds. */
function withAdapter(
  importing: Importing,
  reference: ModelReference,
  options: { readonly about?: Span; readonly dtype?: DtypeWord },
): string {
  const { lora, ...model } = reference;
  if (lora === undefined) return operandOf(importing, reference, options);
  const on = operandOf(importing, model, options);
  const adapterKey = `+${keyOf({ ...lora, start: 0, end: 0 })} on ${on}`;
  const adapter = importing.names.nameFor(adapterKey, wishesFor(lora.path));
  declare(importing, adapterKey, reference, options.about, () => [
    'adapter ',
    adapter,
    ' = lora(',
    from(reference, adapterArguments(lora, importing.surroundings)),
    `, on: ${on})`,
  ]);
  const key = keyOf(reference);
  const both = `${on}_${adapter}`;
  const step = importing.names.nameFor(key, [both.length > 40 ? `${on}_tuned` : both]);
  const sum = `${on} + ${adapter}`;
  declare(importing, key, reference, options.about, () => [
    `merge ${step} = `,
    from(reference, options.dtype === undefined ? sum : `cast(${sum}, to: ${options.dtype})`),
  ]);
  return step;
}

function declare(
  importing: Importing,
  key: string,
  reference: ModelReference,
  about: Span | undefined,
  piece: () => Piece,
): void {
  const known = importing.declarations.get(key);
  if (known !== undefined) {
    if (about !== undefined) known.about.push(about);
    return;
  }
  if (importing.declared.has(key)) return;
  importing.declared.add(key);
  importing.declarations.set(key, {
    piece: from(reference, piece()),
    about: about === undefined ? [] : [about],
  });
}

/** The declarations of the document, with the comments that nothing else has taken; asked for once. */
export function writeDeclarations(importing: Importing): Piece {
  const rows = [...importing.declarations.values()].map(({ piece, about }): Row => ({
    piece,
    comments: about.flatMap((span) => importing.comments.take(span)),
  }));
  importing.declarations = new Map();
  return rows.map((row) => lined(row));
}

/** A name beside what `operandOf` gives, for a part of a step. */
export function freshName({ names }: Importing, wish: string): string {
  return names.fresh([wish]);
}
