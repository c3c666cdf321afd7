/** The output of a document: its type, its tokenizer, its chat template. */
import { wrongShape } from '../../diagnostics/mw7003-wrong-shape.ts';
import { keyMissing } from '../../diagnostics/mw7004-key-missing.ts';
import { stageTokenizer } from '../../diagnostics/mw7106-stage-tokenizer.ts';
import { writtenOtherwise } from '../../diagnostics/mw7108-written-otherwise.ts';
import { mergekitStops } from '../../diagnostics/mw7110-mergekit-stops.ts';
import { type Span, spanOf } from '../../syntax/span.ts';
import {
  keyOf,
  type MergeDocument,
  type ModelReference,
  type TokenizerSetting,
  type TokenSetting,
} from '../config/config.ts';
import { keyNamed } from '../config/keys.ts';
import type { ForeignMethod } from '../methods.ts';
import { from, joined, type Piece } from '../pieces.ts';
import { type Importing, operandOf, say } from './importing.ts';
import { bracketed, lined, type Row } from './rows.ts';
import { quote } from './source.ts';
import { numberText } from './values.ts';

export interface OutputOptions {
  readonly name: string;
  readonly isIntermediate: boolean;
  readonly method: ForeignMethod;
}

/** An `output` statement; nothing for a stage that others use, unless it has a tokenizer of its own. Undefined: refused. */
export function outputOf(
  importing: Importing,
  document: MergeDocument,
  { name, isIntermediate, method }: OutputOptions,
): Piece | undefined {
  const { tokenizer, chatTemplate } = document;
  if (isIntermediate && tokenizer === undefined && chatTemplate === undefined) return '';
  if (isIntermediate) {
    const at = tokenizer ?? chatTemplate!;
    const message = `A tokenizer belongs to an output: \`${name}\` is written out as well, and its rows are brought to the last tokenizer’s at once.`;
    say(importing, stageTokenizer, at, message);
  }
  const stored = document.outDtype ?? document.dtype;
  if (document.outDtype === undefined && document.dtype !== undefined) {
    noteWidened(importing, method, document.dtype);
  }
  const rows: Row[] = [];
  const setting = (about: Span, piece: Piece): void => {
    rows.push({ piece: from(about, piece), comments: importing.comments.take(spanOf(about)) });
  };
  if (stored !== undefined) setting(stored, `dtype = ${stored.value}`);
  if (tokenizer !== undefined) {
    const source = tokenizerPiece(importing, document, tokenizer);
    if (source === undefined) return undefined;
    setting(tokenizer.source, ['tokenizer = ', source]);
    if (tokenizer.tokens.length > 0) {
      rows.push({ piece: tokensPiece(importing, document, tokenizer.tokens) });
    }
    if (tokenizer.padTo !== undefined) {
      setting(tokenizer.padTo, `pad_vocabulary_to = ${numberText(tokenizer.padTo.value)}`);
    }
  }
  if (chatTemplate !== undefined) {
    const template = templatePiece(importing, chatTemplate.value, chatTemplate, name);
    if (template === undefined) return undefined;
    setting(chatTemplate, ['chat_template = ', template]);
  }
  const folder = isIntermediate ? `./out/${name}` : `./out/${importing.title}`;
  const head = ['output ', name, ' to ', quote(folder)];
  if (rows.length === 0) return head;
  const isShort = rows.length === 1 && (rows[0]!.comments ?? []).length === 0;
  const piece: Piece = isShort
    ? [head, ' { ', rows[0]!.piece, ' }']
    : [head, ' {\n', rows.map((row) => lined(row)), '}'];
  return from(tokenizer ?? stored ?? chatTemplate!, piece);
}

/** Some methods of that tool promote what they store. */
function noteWidened(
  importing: Importing,
  { name, storesF32 }: ForeignMethod,
  dtype: Span & { readonly value: string },
): void {
  if (storesF32 !== true || dtype.value === 'f32') return;
  const message = `mergekit stores f32 for \`${name}\` unless \`out_dtype\` says otherwise, while its config.json says ${dtype.value}; the recipe stores ${dtype.value}.`;
  say(importing, writtenOtherwise, dtype, message);
}

function tokenizerPiece(
  importing: Importing,
  document: MergeDocument,
  { source }: TokenizerSetting,
): Piece | undefined {
  if (!('value' in source)) return from(source, tokenDonor(importing, document, source));
  const { base } = document;
  if (source.value === 'base') {
    if (base === undefined) {
      const message = 'The tokenizer is the base’s, and there is no `base_model`.';
      return say(importing, keyMissing, source, message);
    }
    return from(source, tokenDonor(importing, document, base));
  }
  const models = modelsOf(document).filter(
    (model) => base === undefined || keyOf(model) !== keyOf(base),
  );
  const names = [...(base === undefined ? [] : [base]), ...models].map((model) =>
    tokenDonor(importing, document, model),
  );
  return from(source, [
    'union(',
    bracketed(
      '[',
      [...new Set(names)].map((piece) => ({ piece })),
      ']',
    ),
    ')',
  ]);
}

function tokenDonor(importing: Importing, { dtype }: MergeDocument, model: ModelReference): string {
  return operandOf(importing, model, dtype === undefined ? {} : { dtype: dtype.value });
}

function modelsOf({ modules }: MergeDocument): readonly ModelReference[] {
  const models = new Map<string, ModelReference>();
  for (const { layout } of modules) {
    const entries =
      layout.kind === 'models' ? layout.models : layout.slices.flatMap(({ sources }) => sources);
    for (const { model } of entries) if (!models.has(keyOf(model))) models.set(keyOf(model), model);
  }
  return [...models.values()];
}

function tokensPiece(
  importing: Importing,
  document: MergeDocument,
  tokens: readonly TokenSetting[],
): Piece {
  const rows = tokens.flatMap((token): readonly Row[] => {
    const source = tokenSourcePiece(importing, document, token);
    if (source === undefined) return [];
    const piece = token.force ? ['force(', source, ')'] : source;
    return [
      {
        piece: from(token, [quote(token.token), ': ', piece]),
        comments: importing.comments.take(token),
      },
    ];
  });
  const isBroken = rows.length > 1;
  return ['tokens = ', bracketed('{ ', rows, ' }', { isBroken })];
}

/** A token without a source is left to the tokenizer’s own rule. */
function tokenSourcePiece(
  importing: Importing,
  document: MergeDocument,
  { source }: TokenSetting,
): Piece | undefined {
  if (source === undefined) return undefined;
  switch (source.kind) {
    case 'zero':
      say(
        importing,
        mergekitStops,
        source,
        'mergekit stops at a token of kind `zero`, by a fault of its own; the recipe’s is zero.',
      );
      return from(source, 'zero');
    case 'model':
      return from(source, tokenDonor(importing, document, source.model));
    case 'row': {
      const model = tokenDonor(importing, document, source.model);
      const { token } = source;
      return from(source, `row(${model}, ${typeof token === 'number' ? token : quote(token)})`);
    }
  }
}

function templatePiece(
  importing: Importing,
  template: string,
  about: Span,
  name: string,
): Piece | undefined {
  if (template === 'auto') return 'majority';
  const known = keyNamed('document', 'chat_template')?.words ?? [];
  if (known.includes(template)) return template;
  if (template.length < 20 || !template.includes('{')) {
    const words = joined(
      known.map((word) => `\`${word}\``),
      ', ',
    );
    const message = `No chat template is called \`${template}\`: there are ${(words as readonly string[]).join('')}, and templates in full.`;
    return say(importing, wrongShape, about, message);
  }
  const file = `${importing.title === '' ? name : importing.title}.jinja`;
  importing.files.push({ name: file, text: template });
  return `file(${quote(`./${file}`)})`;
}
