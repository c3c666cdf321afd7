/** Settings of vocabulary and metadata, which are checked now and run later. */
import { unknownWord } from '../diagnostics/mw2004-unknown-word.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import type { Expr } from '../syntax/tree.ts';
import { openedEntries } from './argument-value.ts';
import { bare, type Checking, literalOf, quoted, report, reportUnknown } from './checking.ts';
import { checkModel, formCall } from './form-call.ts';
import { templateWords } from './forms.ts';
import type { LaterSetting } from './output-setting-table.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { declarationOf } from './scopes.ts';
import { singleValue } from './single-value.ts';

export function checkLaterSetting(checking: Checking, name: LaterSetting, expr: Expr): void {
  switch (name) {
    case 'tokenizer':
      checkTokenizer(checking, expr);
      return;
    case 'tokens':
      checkTokens(checking, expr);
      return;
    case 'chat_template':
      checkTemplate(checking, expr);
      return;
    case 'pad_vocabulary_to':
      singleValue(checking, expr, {
        name,
        type: { kind: 'number', name: 'Count', min: 1 },
        meaning: '',
      });
      return;
    case 'metadata':
      checkMetadata(checking, expr);
      return;
  }
}

function checkTokenizer(checking: Checking, expr: Expr): void {
  const at = bare(expr);
  if (at.kind === 'call') formCall(checking, at, 'tokenizer');
  else checkModel(checking, expr);
}

function checkTokens(checking: Checking, expr: Expr): void {
  const map = literalOf(checking, expr);
  if (map.kind !== 'map') {
    reportWrongType(checking, expr, 'a map of tokens', quantityOf(checking, expr));
    return;
  }
  for (const { value } of openedEntries(checking, map)) {
    const at = bare(value);
    const isZero =
      at.kind === 'reference' &&
      at.path.parts[0]?.text === 'zero' &&
      declarationOf(checking, at.path) === undefined;
    if (isZero) continue;
    if (at.kind === 'call') formCall(checking, at, 'token row');
    else checkModel(checking, value);
  }
}

function checkTemplate(checking: Checking, expr: Expr): void {
  const at = bare(expr);
  if (at.kind === 'call') {
    formCall(checking, at, 'chat template');
    return;
  }
  if (at.kind === 'text') {
    const message = `${quoted(checking, expr)} is a text: a template lies in a file, \`file("./chat.jinja")\`.`;
    report(checking, wrongType, expr, message);
    return;
  }
  const word = at.kind === 'reference' && at.path.parts.length === 1 ? at.path.parts[0] : undefined;
  if (word === undefined) {
    reportWrongType(checking, expr, 'a template such as `chatml`', quantityOf(checking, expr));
    return;
  }
  const words: readonly string[] = templateWords;
  if (words.includes(word.text)) return;
  const problem = `no chat template is called \`${word.text}\``;
  reportUnknown(checking, unknownWord, word, problem, words);
}

function checkMetadata(checking: Checking, expr: Expr): void {
  const map = literalOf(checking, expr);
  if (map.kind !== 'map') {
    reportWrongType(checking, expr, 'a map of texts', quantityOf(checking, expr));
    return;
  }
  for (const { value } of openedEntries(checking, map)) {
    const quantity = quantityOf(checking, value);
    const isPlain =
      quantity.kind === 'text' ||
      quantity.kind === 'boolean' ||
      (quantity.kind === 'number' && quantity.curve.kind === 'constant');
    if (!isPlain) reportWrongType(checking, value, 'a text, a number or a flag', quantity);
  }
}
