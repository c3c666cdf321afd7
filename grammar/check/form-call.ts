/** A call of a function outside the catalogue, held against the table of forms. */
import { unknownMethod } from '../diagnostics/mw2002-unknown-method.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import type { Call, Expr, Name } from '../syntax/tree.ts';
import type { TensorValue } from './checked.ts';
import {
  bare,
  type Checking,
  type Declaration,
  literalOf,
  quoted,
  report,
  reportUnknown,
} from './checking.ts';
import {
  type FormArgument,
  type FormFunction,
  type FormKind,
  formsOf,
  type FormType,
} from './forms.ts';
import { quantityOf, reportWrongType, tensorOf } from './quantity.ts';
import { resolvePath } from './scopes.ts';
import { checkScore } from './score.ts';
import { kindOf, settled } from './share.ts';
import { openedItems, singleValue } from './single-value.ts';

/** What each argument is written as, by its name. */
export interface FormCall {
  readonly form: FormFunction;
  readonly given: ReadonlyMap<string, Expr>;
}

/** Undefined: it calls no function of this kind, and that is reported. */
export function formCall(checking: Checking, call: Call, kind: FormKind): FormCall | undefined {
  const [callee] = call.callee.parts;
  if (callee === undefined) return undefined;
  const known = formsOf(kind);
  const form = call.callee.parts.length === 1 && known.find(({ name }) => name === callee.text);
  if (form === undefined || form === false) {
    const problem = `\`${callee.text}\` makes no ${kind}`;
    const names = known.map(({ name }) => name);
    reportUnknown(checking, unknownMethod, callee, problem, names);
    return undefined;
  }
  const given = new Map<string, Expr>();
  const positional = form.arguments.filter(({ isPositional }) => isPositional === true);
  let position = 0;
  for (const arg of call.args) {
    if (arg.kind === 'spread') {
      report(checking, wrongType, arg, `\`${form.name}\` takes its arguments one by one.`);
      continue;
    }
    const argument =
      arg.name === undefined ? positional[position++] : named(checking, form, arg.name);
    if (argument === undefined) {
      if (arg.name === undefined) {
        const surplus = `\`${form.name}\` takes ${written(form)}, and no more by position.`;
        report(checking, inputs, arg, surplus);
      }
      continue;
    }
    if (given.has(argument.name)) {
      report(checking, givenTwice, arg.name ?? arg, `\`${argument.name}\` is given twice.`);
      continue;
    }
    given.set(argument.name, arg.value);
    checkArgument(checking, arg.value, argument);
  }
  for (const { name, isRequired, isPositional, meaning } of form.arguments) {
    if (isRequired !== true || given.has(name)) continue;
    if (isPositional === true) {
      report(checking, inputs, call.callee, `\`${form.name}\` takes ${written(form)} first.`);
      break;
    }
    report(
      checking,
      missingParameter,
      call.callee,
      `\`${form.name}\` needs \`${name}\`: ${meaning}`,
    );
  }
  return { form, given };
}

function named(checking: Checking, form: FormFunction, name: Name): FormArgument | undefined {
  const known = form.arguments.filter(({ isPositional }) => isPositional !== true);
  const argument = known.find((of) => of.name === name.text);
  if (argument === undefined) {
    const problem = `\`${form.name}\` has no argument \`${name.text}\``;
    const names = known.map((of) => of.name);
    reportUnknown(checking, unknownParameter, name, problem, names);
  }
  return argument;
}

const inWords = {
  text: 'a text',
  texts: 'a list of texts',
  duration: 'a time such as `20 min`',
  count: 'a whole number',
  seed: 'a whole number',
  step: 'a step',
  model: 'a model',
  models: 'a list of models',
  token: 'a token, a text or its number',
  row: 'a model or `row(…)`',
  knobs: 'a list of knobs',
  score: 'a score such as `score.maths`',
  scores: 'a list of scores',
} as const satisfies Record<FormType, string>;

function written(form: FormFunction): string {
  const positional = form.arguments.filter(({ isPositional }) => isPositional === true);
  return positional.map(({ type }) => inWords[type]).join(' and ');
}

function checkArgument(checking: Checking, expr: Expr, argument: FormArgument): void {
  const { type, name, meaning } = argument;
  switch (type) {
    case 'text':
      singleValue(checking, expr, { name, type: { kind: 'text' }, meaning });
      return;
    case 'texts':
      singleValue(checking, expr, { name, type: { kind: 'texts' }, meaning });
      return;
    case 'count':
      singleValue(checking, expr, {
        name,
        type: { kind: 'number', name: 'Count', min: 1 },
        meaning,
      });
      return;
    case 'seed':
      singleValue(checking, expr, { name, type: { kind: 'number', name: 'Seed' }, meaning });
      return;
    case 'duration': {
      const quantity = quantityOf(checking, expr);
      if (quantity.kind !== 'duration') {
        reportWrongType(checking, expr, `\`${name}\`, ${inWords[type]}`, quantity);
      }
      return;
    }
    case 'token':
      checkToken(checking, expr, argument);
      return;
    case 'row': {
      const at = bare(expr);
      if (at.kind === 'call') formCall(checking, at, 'row to force');
      else checkModel(checking, expr);
      return;
    }
    case 'step':
    case 'model':
      checkModel(checking, expr);
      return;
    case 'models':
      for (const item of listOf(checking, expr, inWords[type])) checkModel(checking, item);
      return;
    case 'knobs':
      for (const item of listOf(checking, expr, inWords[type])) knobOf(checking, item);
      return;
    case 'score':
      checkScore(checking, expr);
      return;
    case 'scores':
      for (const item of listOf(checking, expr, inWords[type])) checkScore(checking, item);
      return;
  }
}

function checkToken(checking: Checking, expr: Expr, { name, meaning }: FormArgument): void {
  const quantity = quantityOf(checking, expr);
  if (quantity.kind === 'number') {
    const type = { kind: 'number', name: 'Count', min: 0 } as const;
    singleValue(checking, expr, { name, type, meaning });
  } else if (quantity.kind !== 'text') {
    reportWrongType(checking, expr, inWords.token, quantity);
  }
}

export function listOf(checking: Checking, expr: Expr, what: string): readonly Expr[] {
  const list = literalOf(checking, expr);
  if (list.kind === 'list') return openedItems(checking, list.items);
  reportWrongType(checking, expr, what, quantityOf(checking, expr));
  return [];
}

/** A whole Model; anything else is reported. */
export function checkModel(checking: Checking, expr: Expr): TensorValue | undefined {
  const value = tensorOf(checking, expr);
  const whole = value && settled(checking, value);
  if (whole === undefined || kindOf(whole) !== 'delta') return whole;
  report(checking, wrongType, expr, `${quoted(checking, expr)} is a Delta; here stands a Model.`);
  return undefined;
}

/** The declaration of a knob; anything else is reported. */
function knobOf(checking: Checking, expr: Expr): Declaration | undefined {
  const at = bare(expr);
  if (at.kind !== 'reference') {
    reportWrongType(checking, expr, 'a knob, the name of a `param`', quantityOf(checking, expr));
    return undefined;
  }
  const found = resolvePath(checking, at.path);
  if (found === undefined || found.declaration.meaning.kind === 'broken') return undefined;
  if (found.declaration.meaning.kind === 'param' && found.rest.length === 0) {
    return found.declaration;
  }
  const message = `${quoted(checking, expr)} is no knob: what a sweep or a search turns is declared by \`param\`.`;
  report(checking, wrongType, expr, message);
  return undefined;
}
