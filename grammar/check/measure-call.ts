/** One measure of an expectation: its step, its models, their base and its options. */
import type { ParameterValue } from '../catalogue.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { unknownWord } from '../diagnostics/mw2004-unknown-word.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { inputs as inputsKind } from '../diagnostics/mw3008-inputs.ts';
import { baseRequired } from '../diagnostics/mw3022-base-required.ts';
import { emptyPlace } from '../diagnostics/mw4102-empty-place.ts';
import { tensorsIn } from '../places/evaluate.ts';
import { isBroken } from '../places/place.ts';
import type { Call, Expr } from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import { adapterCall, refuseAdapter } from './adapters.ts';
import { type BaseAnswer, baseFor } from './base-rule.ts';
import { placeOf } from './bind-place.ts';
import type { Expert, MeasureCall, Step, TensorValue } from './checked.ts';
import {
  bare,
  type Checking,
  quoted,
  report,
  reportLater,
  reportUnknown,
  textAt,
  wordOf,
} from './checking.ts';
import type { Measure } from './measures.ts';
import { reportPlaceFaults } from './place-faults.ts';
import { quantityOf, reportWrongType, tensorOf } from './quantity.ts';
import { laterOfStep } from './reference.ts';
import { kindOf, settled } from './share.ts';
import { writtenName } from './scopes.ts';

export function measureOf(
  checking: Checking,
  call: Call,
  measure: Measure,
): MeasureCall | undefined {
  const { name } = measure;
  const positional = call.args.flatMap((arg) =>
    arg.kind === 'argument' && arg.name === undefined ? [arg.value] : [],
  );
  const spread = call.args.find((arg) => arg.kind === 'spread');
  if (spread !== undefined) {
    report(checking, wrongType, spread, `\`${name}\` takes its models one by one.`);
    return undefined;
  }
  const [first, ...others] = positional;
  const step = first === undefined ? undefined : stepArgument(checking, first);
  const models = others.map((expr) => modelArgument(checking, expr));
  const options = optionsOf(checking, call, measure, step);
  if (measure.later === true) {
    reportLater(checking, call.callee, `The measure \`${name}\` is`);
    return undefined;
  }
  const [atLeast, atMost] = measure.models;
  if (first === undefined || others.length < atLeast || others.length > atMost) {
    const form =
      name === 'finite'
        ? 'finite(step)'
        : `${name}(step, ${['a', 'b'].slice(0, atLeast).join(', ')})`;
    report(
      checking,
      inputsKind,
      call,
      `\`${name}\` takes the step first, then models: \`${form}\`.`,
    );
    return undefined;
  }
  const known = models.flatMap((model) => (model === undefined ? [] : [model]));
  if (step === undefined || options === undefined || known.length < models.length) return undefined;
  const base = options.base ?? baseOfModels(checking, call, measure, step, known);
  if (base === 'missing') return undefined;
  return {
    ...spanOf(call),
    measure: name,
    step,
    models: known,
    ...(base === undefined ? {} : { base }),
    ...(options.tensors === undefined ? {} : { tensors: options.tensors }),
    options: options.words,
  };
}

function stepArgument(checking: Checking, expr: Expr): Step | undefined {
  const quantity = quantityOf(checking, expr);
  if (quantity.kind !== 'tensor') {
    reportWrongType(checking, expr, 'a step', quantity);
    return undefined;
  }
  const { value } = quantity;
  if (adapterCall(value) !== undefined) {
    refuseAdapter(checking, spanOf(expr));
    return undefined;
  }
  if (value.kind === 'step') return laterOfStep(value.step) === undefined ? value.step : undefined;
  if (value.kind === 'source' && value.later === undefined) {
    const { source } = value;
    const statement = checking.sourceStatements.get(source.name);
    if (statement === undefined) return undefined;
    return { name: source.name, statement, value, rules: [], ...spanOf(statement) };
  }
  if (value.later !== undefined) return undefined;
  report(
    checking,
    wrongType,
    expr,
    `${quoted(checking, expr)} has no name: a measure takes a step.`,
  );
  return undefined;
}

function modelArgument(checking: Checking, expr: Expr): Expert | undefined {
  const written = tensorOf(checking, expr);
  const value = written && settled(checking, written);
  if (value === undefined || value.later !== undefined) return undefined;
  if (adapterCall(value) !== undefined) {
    refuseAdapter(checking, spanOf(expr));
    return undefined;
  }
  const at = bare(expr);
  const name = at.kind === 'reference' ? writtenName(checking, at.path) : undefined;
  return { value, span: spanOf(expr), ...(name === undefined ? {} : { name }) };
}

interface Options {
  readonly base?: TensorValue;
  readonly tensors?: ReadonlySet<string>;
  readonly words: Readonly<Record<string, ParameterValue>>;
}

/** Undefined: reported. */
function optionsOf(
  checking: Checking,
  call: Call,
  measure: Measure,
  step: Step | undefined,
): Options | undefined {
  let base: TensorValue | undefined;
  let tensors: ReadonlySet<string> | undefined;
  let isWhole = true;
  const words: Record<string, ParameterValue> = {};
  for (const arg of call.args) {
    if (arg.kind !== 'argument' || arg.name === undefined) continue;
    const { name } = arg;
    const choices = measure.options?.[name.text];
    if (name.text === 'at') {
      tensors = tensorsAt(checking, arg.value, step);
    } else if (name.text === 'base') {
      base = modelArgument(checking, arg.value)?.value;
      if (base === undefined) isWhole = false;
    } else if (choices === undefined) {
      const problem = `\`${measure.name}\` has no argument \`${name.text}\``;
      const known = ['at', 'base', ...Object.keys(measure.options ?? {})];
      reportUnknown(checking, unknownParameter, name, problem, known);
      isWhole = false;
    } else {
      const word = wordOf(arg.value);
      if (word !== undefined && choices.includes(word)) words[name.text] = word;
      else {
        const problem = `\`${name.text}\` is one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
        reportUnknown(checking, unknownWord, arg.value, problem, choices);
        isWhole = false;
      }
    }
  }
  if (!isWhole) return undefined;
  return {
    ...(base === undefined ? {} : { base }),
    ...(tensors === undefined ? {} : { tensors }),
    words,
  };
}

function tensorsAt(
  checking: Checking,
  expr: Expr,
  step: Step | undefined,
): ReadonlySet<string> | undefined {
  const place = placeOf(checking, expr);
  const signature = step?.value.signature;
  if (signature === undefined || isBroken(place)) return undefined;
  const { tensors, faults } = tensorsIn(place, signature);
  reportPlaceFaults(checking, faults, { of: nameSpan(step!) });
  if (tensors.size === 0 && faults.length === 0) {
    report(
      checking,
      emptyPlace,
      expr,
      `No tensor of \`${step!.name}\` lies in ${quoted(checking, expr)}.`,
    );
  }
  return tensors;
}

function nameSpan({ statement }: Step): { readonly start: number; readonly end: number } {
  return 'name' in statement && statement.name !== undefined ? statement.name : statement.word;
}

/** The bases in question by their text; where there is none, a model of that very name. */
function basesToChoose(checking: Checking, answer: BaseAnswer): readonly string[] {
  if (answer.kind === 'several') {
    return answer.bases.map(({ span }) => textAt(checking, span));
  }
  return checking.scope.declared.get('base')?.meaning.kind === 'model' ? ['base'] : [];
}

/** One base for all the models of a measure; `missing` is reported. */
function baseOfModels(
  checking: Checking,
  call: Call,
  measure: Measure,
  step: Step,
  models: readonly Expert[],
): TensorValue | undefined | 'missing' {
  if (!measure.needsBase) return undefined;
  let agreed: TensorValue | undefined;
  for (const model of models) {
    // A Delta is a change already; where a distance to a whole model is asked for, it needs a base to stand on.
    const isChange = kindOf(model.value) === 'delta';
    const answer = baseFor(step, model);
    if (answer.kind === 'base') {
      agreed ??= answer.base;
      continue;
    }
    if (isChange && measure.name !== 'gap' && measure.name !== 'distance') continue;
    const own = quoted(checking, model.span);
    const message =
      answer.kind === 'several'
        ? `${own} is an input of steps with different bases, ${answer.bases.map(({ span }) => quoted(checking, span)).join(' and ')}: \`base:\` says which is meant.`
        : `No step of \`${step.name}\` takes ${own} from a base: \`base:\` says which is meant.`;
    report(checking, baseRequired, model.span, message, {
      fixes: basesToChoose(checking, answer).map((base) => ({
        title: `Add \`base: ${base}\``,
        edits: [{ start: call.end - 1, end: call.end - 1, text: `, base: ${base}` }],
      })),
    });
    return 'missing';
  }
  return agreed;
}
