/** The named arguments of a call, those of spread maps, and what is written at its experts. */
import type { MethodSignature, Parameter } from '../catalogue.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { inputs as inputsKind } from '../diagnostics/mw3008-inputs.ts';
import { notByModel } from '../diagnostics/mw3013-not-by-model.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Call, Expr, Name } from '../syntax/tree.ts';
import { argumentValue, type ExpertSlot, openedEntries } from './argument-value.ts';
import type { WrittenItem } from './call-inputs.ts';
import { type Checking, literalOf, quoted, report, reportUnknown } from './checking.ts';
import { reportUnknownParameter } from './other-tools.ts';
import { isRequired, parameterNamed, parametersOf } from './parameters.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { singleValue } from './single-value.ts';
import type { Value } from './value.ts';

interface Named {
  readonly name: Name | Span;
  readonly parameter: string;
  readonly value: Expr;
  /** From a spread map: what is named outranks it. */
  readonly isSpread: boolean;
}

interface WrittenArguments {
  readonly positional: readonly Expr[];
  readonly named: ReadonlyMap<string, Named>;
}

export function writtenArguments(
  checking: Checking,
  call: Call,
  method: MethodSignature,
): WrittenArguments {
  const positional: Expr[] = [];
  const named = new Map<string, Named>();
  for (const arg of call.args) {
    if (arg.kind === 'spread') {
      const literal = literalOf(checking, arg.value);
      if (literal.kind === 'list') {
        for (const item of literal.items) if (item.kind === 'item') positional.push(item.value);
      } else if (literal.kind === 'map') {
        for (const { key, name, value } of openedEntries(checking, literal)) {
          if (named.get(name)?.isSpread === false) continue;
          named.set(name, { name: key, parameter: name, value, isSpread: true });
        }
      } else {
        reportWrongType(checking, arg.value, 'a list or a map', quantityOf(checking, arg.value));
      }
      continue;
    }
    if (arg.name === undefined) {
      if (named.size > 0 && ![...named.values()].every(({ isSpread }) => isSpread)) {
        const message = `${quoted(checking, arg.value)} stands behind a named argument; inputs come first.`;
        report(checking, inputsKind, arg.value, message);
        continue;
      }
      positional.push(arg.value);
      continue;
    }
    const parameter = arg.name.text;
    if (named.get(parameter)?.isSpread === false) {
      const message = `\`${parameter}\` is given twice in this call of \`${method.name}\`.`;
      report(checking, givenTwice, arg.name, message);
      continue;
    }
    named.set(parameter, { name: arg.name, parameter, value: arg.value, isSpread: false });
  }
  return { positional, named };
}

export function boundArguments(
  checking: Checking,
  named: ReadonlyMap<string, Named>,
  method: MethodSignature,
  experts: readonly ExpertSlot[] | undefined,
): Map<string, Value> {
  const args = new Map<string, Value>();
  for (const { name, parameter: word, value: expr } of named.values()) {
    const parameter = parameterNamed(method, word);
    if (parameter === undefined) {
      reportUnknownParameter(checking, name, word, method, parametersOf(method));
      continue;
    }
    const value = argumentValue(checking, expr, parameter, experts);
    if (value !== undefined) args.set(word, value);
  }
  return args;
}

/** `[math { weight: 0.6 }]`: what stands in the braces behind an expert. */
export function ownValues(
  checking: Checking,
  item: WrittenItem,
  method: MethodSignature,
  expert: ExpertSlot | undefined,
  written: WrittenArguments,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  if (item.own === undefined) return values;
  for (const { key, name, value: expr } of openedEntries(checking, item.own)) {
    const parameter = parameterNamed(method, name);
    if (parameter === undefined || parameter.byModel !== true) {
      reportOwnParameter(checking, key, name, method, parameter);
      continue;
    }
    const outer = written.named.get(name);
    if (
      values.has(name) ||
      (outer?.isSpread === false && isNamedIn(checking, outer.value, expert))
    ) {
      const owner =
        expert?.name === undefined ? quoted(checking, item.value) : `\`${expert.name}\``;
      report(checking, givenTwice, key, `\`${name}\` of ${owner} is given twice.`, {
        related:
          outer === undefined
            ? []
            : [{ ...spanOf(outer.value), message: 'and here, in the call itself' }],
      });
      continue;
    }
    const value = singleValue(checking, expr, parameter);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** Whether an argument of the call gives this expert a value: a map only if it names it. */
function isNamedIn(checking: Checking, expr: Expr, expert: ExpertSlot | undefined): boolean {
  const literal = literalOf(checking, expr);
  if (literal.kind !== 'map') return true;
  return openedEntries(checking, literal).some(({ name }) => name === expert?.name);
}

function reportOwnParameter(
  checking: Checking,
  key: Span,
  name: string,
  method: MethodSignature,
  parameter: Parameter | undefined,
): void {
  if (parameter !== undefined) {
    const message = `\`${name}\` has one value for all experts: it stands in the call, \`${name}: …\`.`;
    report(checking, notByModel, key, message);
    return;
  }
  const byModel = parametersOf(method).filter((of) => of.byModel === true);
  const problem = `\`${method.name}\` has no parameter \`${name}\` by model`;
  reportUnknown(
    checking,
    unknownParameter,
    key,
    problem,
    byModel.map((of) => of.name),
  );
}

export function checkMissing(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  {
    args,
    written,
    own,
    experts,
  }: {
    readonly args: ReadonlyMap<string, Value>;
    readonly written: WrittenArguments;
    readonly own: readonly ReadonlyMap<string, Value>[] | undefined;
    readonly experts: readonly ExpertSlot[] | undefined;
  },
): void {
  // A misspelt parameter is most often the one that is missing.
  if ([...written.named.keys()].some((name) => parameterNamed(method, name) === undefined)) return;
  for (const parameter of parametersOf(method)) {
    const { name } = parameter;
    if (!isRequired(parameter)) continue;
    const given = args.get(name);
    if (parameter.byModel === true && experts !== undefined) {
      const isMap = given?.kind === 'map';
      if (written.named.has(name) && !isMap) continue;
      const without = experts.filter((expert, i) => {
        if (own?.[i]?.has(name) === true) return false;
        const inMap = isMap && expert.name !== undefined && given.entries.has(expert.name);
        return !inMap;
      });
      if (without.length === 0) continue;
      const whom = without.map((expert) => expert.name ?? 'an expert without a name').join(', ');
      report(
        checking,
        missingParameter,
        isMap ? given.span : call.callee,
        without.length === experts.length
          ? `\`${method.name}\` needs \`${name}\` for every expert.`
          : `\`${name}\` has no value for ${whom}.`,
      );
      continue;
    }
    if (written.named.has(name) || parameter.byModel === true) continue;
    report(
      checking,
      missingParameter,
      call.callee,
      `\`${method.name}\` needs \`${name}\`: ${parameter.meaning}`,
    );
  }
}
