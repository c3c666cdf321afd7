/** The settings of an output that are of its vocabulary, its chat template and its metadata. */
import { unknownWord } from '../diagnostics/mw2004-unknown-word.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Expr } from '../syntax/tree.ts';
import { openedEntries } from './argument-value.ts';
import type { ChatTemplate, TensorValue, TokenRow } from './checked.ts';
import { bare, type Checking, literalOf, quoted, report, reportUnknown } from './checking.ts';
import { checkModel, type FormCall, formCall, listOf } from './form-call.ts';
import { templateWords } from './forms.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { declarationOf } from './scopes.ts';
import { singleValue } from './single-value.ts';

/** The models whose tokens the vocabulary has; undefined where one of them is none. */
export function tokenizerOf(checking: Checking, expr: Expr): readonly TensorValue[] | undefined {
  const at = bare(expr);
  if (at.kind !== 'call') return whole([checkModel(checking, expr)]);
  const list = formCall(checking, at, 'tokenizer')?.given.get('models');
  if (list === undefined) return undefined;
  return whole(listOf(checking, list, 'a list of models').map((item) => modelIn(checking, item)));
}

/** Whoever calls a form has told what is wrong in it. */
function modelIn(checking: Checking, expr: Expr): TensorValue | undefined {
  const quantity = quantityOf(checking, expr);
  return quantity.kind === 'tensor' ? quantity.value : undefined;
}

function whole<T>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const present = items.filter((item) => item !== undefined);
  return present.length === items.length && items.length > 0 ? present : undefined;
}

export function tokenRowsOf(checking: Checking, expr: Expr): ReadonlyMap<string, TokenRow> {
  const map = literalOf(checking, expr);
  if (map.kind !== 'map') {
    reportWrongType(checking, expr, 'a map of tokens', quantityOf(checking, expr));
    return new Map();
  }
  return new Map(
    openedEntries(checking, map).flatMap(({ name, value }) => {
      const row = tokenRow(checking, value);
      return row === undefined ? [] : [[name, row] as const];
    }),
  );
}

function tokenRow(checking: Checking, expr: Expr): TokenRow | undefined {
  const at = bare(expr);
  const span = spanOf(expr);
  if (isZero(checking, at)) return { ...span, from: { kind: 'zero' }, forced: false };
  if (at.kind !== 'call') return ofModel(checkModel(checking, expr), span);
  const call = formCall(checking, at, 'token row');
  if (call === undefined) return undefined;
  if (call.form.name === 'row') return ofToken(checking, call, span);
  const forced = call.given.get('row');
  const inner = forced && innerRow(checking, forced);
  return inner && { ...inner, ...span, forced: true };
}

/** What is forced: the call around it has told what is wrong in it. */
function innerRow(checking: Checking, expr: Expr): TokenRow | undefined {
  const at = bare(expr);
  const span = spanOf(expr);
  if (at.kind !== 'call') return ofModel(modelIn(checking, expr), span);
  const given = new Map(
    at.args.flatMap((arg, index) =>
      arg.kind === 'spread' ? [] : [[index === 0 ? 'model' : 'token', arg.value] as const],
    ),
  );
  return ofToken(checking, { given }, span);
}

function ofModel(value: TensorValue | undefined, span: Span): TokenRow | undefined {
  return value && { ...span, from: { kind: 'model', value }, forced: false };
}

function ofToken(
  checking: Checking,
  { given }: Pick<FormCall, 'given'>,
  span: Span,
): TokenRow | undefined {
  const model = given.get('model');
  const named = given.get('token');
  const value = model && modelIn(checking, model);
  const literal = named && literalOf(checking, named);
  if (value === undefined || literal === undefined) return undefined;
  if (literal.kind !== 'text' && literal.kind !== 'number') return undefined;
  return { ...span, from: { kind: 'row', value, token: literal.value }, forced: false };
}

function isZero(checking: Checking, at: Expr): boolean {
  return (
    at.kind === 'reference' &&
    at.path.parts[0]?.text === 'zero' &&
    declarationOf(checking, at.path) === undefined
  );
}

export function paddingOf(checking: Checking, expr: Expr): number | undefined {
  const value = singleValue(checking, expr, {
    name: 'pad_vocabulary_to',
    type: { kind: 'number', name: 'Count', min: 1 },
    meaning: '',
  });
  return value?.kind === 'number' ? value.value : undefined;
}

export function chatTemplateOf(checking: Checking, expr: Expr): ChatTemplate | undefined {
  const at = bare(expr);
  if (at.kind === 'call') {
    const path = formCall(checking, at, 'chat template')?.given.get('path');
    const literal = path && literalOf(checking, path);
    return literal?.kind === 'text' ? { kind: 'file', path: literal.value } : undefined;
  }
  if (at.kind === 'text') {
    const message = `${quoted(checking, expr)} is a text: a template lies in a file, \`file("./chat.jinja")\`.`;
    report(checking, wrongType, expr, message);
    return undefined;
  }
  const word = at.kind === 'reference' && at.path.parts.length === 1 ? at.path.parts[0] : undefined;
  if (word === undefined) {
    reportWrongType(checking, expr, 'a template such as `chatml`', quantityOf(checking, expr));
    return undefined;
  }
  const known = templateWords.find((one) => one === word.text);
  if (known !== undefined) return { kind: 'word', word: known };
  const problem = `no chat template is called \`${word.text}\``;
  reportUnknown(checking, unknownWord, word, problem, templateWords);
  return undefined;
}

/** A key that the loaders read, and the engine writes itself. */
const ownKey = 'format';

export function metadataOf(checking: Checking, expr: Expr): ReadonlyMap<string, string> {
  const map = literalOf(checking, expr);
  if (map.kind !== 'map') {
    reportWrongType(checking, expr, 'a map of texts', quantityOf(checking, expr));
    return new Map();
  }
  const metadata = new Map<string, string>();
  for (const { key, name, value } of openedEntries(checking, map)) {
    const quantity = quantityOf(checking, value);
    if (name === ownKey) {
      const message = '`format` is written by every run: give this another name.';
      report(checking, wrongType, key, message);
    } else if (
      quantity.kind === 'text' ||
      quantity.kind === 'boolean' ||
      (quantity.kind === 'number' && quantity.curve.kind === 'constant')
    ) {
      metadata.set(name, plainText(literalOf(checking, value)));
    } else {
      reportWrongType(checking, value, 'a text, a number or a flag', quantity);
    }
  }
  return metadata;
}

function plainText(literal: Expr): string {
  switch (literal.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return String(literal.value);
    default:
      return '';
  }
}
