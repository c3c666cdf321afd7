/** A call of the catalogue: its inputs, its arguments, and what it gives. */
import type { MethodSignature, Parameter } from '../catalogue.ts';
import { edit } from '../diagnostics/finding.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { modelsAndDeltas } from '../diagnostics/mw3006-models-and-deltas.ts';
import { modelWithoutBase } from '../diagnostics/mw3007-model-without-base.ts';
import { inputs as inputsKind } from '../diagnostics/mw3008-inputs.ts';
import { expertTwice } from '../diagnostics/mw3009-expert-twice.ts';
import { notByModel } from '../diagnostics/mw3013-not-by-model.ts';
import { wholeScope } from '../diagnostics/mw3023-whole-scope.ts';
import type { Span } from '../syntax/span.ts';
import type { Call, Expr, Item, ListLiteral, MapLiteral, Name, Spread } from '../syntax/tree.ts';
import { argumentValue, type ExpertSlot, openedEntries, singleValue } from './argument-value.ts';
import type { Expert, MethodCall, TensorValue } from './checked.ts';
import { bare, type Checking, literalOf, quoted, report, reportLater, reportUnknown } from './checking.ts';
import { checkOverDepth, type OverDepth } from './depth-check.ts';
import { isRequired, parameterNamed, parametersOf } from './parameters.ts';
import { common, quantityOf, reportWrongType, signatureOf, spanOf, tensorOf } from './quantity.ts';
import { depthsOf, kindOf, settled } from './share.ts';
import { meetAll } from './signatures.ts';
import type { Value } from './value.ts';

/** Undefined: something in it is broken, and reported. */
export function callOf(
  checking: Checking,
  call: Call,
  method: MethodSignature,
): TensorValue | undefined {
  if (method.later === true) {
    reportLater(checking, call.callee, `\`${method.name}\` is`);
  }
  const written = writtenArguments(checking, call, method);
  const input = writtenInputs(checking, call, method, written.positional);
  const base = input?.base === undefined ? undefined : baseOf(checking, input.base, method);
  const experts = input?.items.map((item) => expertOf(checking, item));
  const args = boundArguments(checking, written.named, method, experts);
  const own = input?.items.map((item, i) => ownValues(checking, item, method, experts?.[i], written));
  checkMissing(checking, call, method, { args, written, own, experts });
  if (experts !== undefined) checkTwice(checking, experts, method);
  if (input === undefined || experts === undefined) return undefined;
  if (input.base !== undefined && base === undefined) return undefined;

  const whole = experts.flatMap((expert, i): Expert[] => {
    if (expert.value === undefined) return [];
    const values = own?.[i];
    return [
      {
        value: expert.value,
        span: expert.span,
        ...(expert.name === undefined ? {} : { name: expert.name }),
        ...(values === undefined || values.size === 0 ? {} : { own: values }),
      },
    ];
  });
  if (whole.length < experts.length || whole.length === 0) return undefined;
  const share = shareOfResult(checking, method, base, whole);
  if (share === undefined) return undefined;
  const operands = whole.map(({ value }) => value);
  const reference = base ?? operands[0];
  meetAll(checking, reference, operands);

  const compat = args.get('compat');
  const bound: MethodCall = {
    id: nextId(checking),
    method,
    ...(base === undefined ? {} : { base }),
    inputs: whole,
    args,
    compat: compat?.kind === 'word' && compat.word === 'mergekit' ? 'mergekit' : 'paper',
    ...drawSlotOf(checking, call, method, args),
  };
  const value: TensorValue = {
    ...common(base === undefined ? operands : [base, ...operands], call, share),
    ...(method.later === true ? { later: `\`${method.name}\`` } : {}),
    ...signatureOf(reference),
    kind: 'call',
    call: bound,
  };
  checkDepths(checking, bound, value, call.callee);
  checkWholeScope(checking, bound, call);
  return value;
}

/** `expert.1`, `expert.2`: in reading order within a statement, inner calls first. */
function nextId(checking: Checking): string {
  checking.callCount += 1;
  const { statement } = checking;
  const name = statement !== undefined && 'name' in statement ? statement.name?.text : undefined;
  return `${name ?? statement?.start ?? ''}.${checking.callCount}`;
}

function drawSlotOf(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  args: ReadonlyMap<string, Value>,
): { readonly drawSlot?: number } {
  if (method.random !== true) return {};
  checking.randomCallCount += 1;
  const seed = args.get('seed');
  if (checking.statement !== undefined) {
    checking.randomCalls.push({
      statement: checking.statement,
      method: method.name,
      seed: seed?.kind === 'number' ? seed.value : 0,
      span: spanOf(seed?.span ?? call.callee),
    });
  }
  return { drawSlot: checking.randomCallCount };
}

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

function writtenArguments(
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

interface WrittenInputs {
  readonly base?: Expr;
  readonly items: readonly WrittenItem[];
}

interface WrittenItem {
  readonly value: Expr;
  readonly own?: MapLiteral;
}

function writtenInputs(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  positional: readonly Expr[],
): WrittenInputs | undefined {
  const { inputs, name } = method;
  switch (inputs.kind) {
    case 'ends': {
      if (positional.length === inputs.names.length) {
        return { items: positional.map((value) => ({ value })) };
      }
      const form = `\`${name}(${inputs.names.join(', ')}, …)\``;
      return refuse(checking, call, positional, `${counted(inputs.names.length, 'model')}: ${form}`, method);
    }
    case 'one':
      if (positional.length === 1) return { items: positional.map((value) => ({ value })) };
      return refuse(checking, call, positional, `one operand: \`${name}(${inputs.name})\``, method);
    case 'experts':
      return expertInputs(checking, call, method, positional, inputs);
  }
}

function refuse(
  checking: Checking,
  call: Call,
  positional: readonly Expr[],
  takes: string,
  { name }: MethodSignature,
): undefined {
  // An empty place for a value is a fault of the syntax, said already.
  if (positional.some(({ kind }) => kind === 'missing')) return;
  const surplus = positional.length === 0 ? call.callee : call;
  report(checking, inputsKind, surplus, `\`${name}\` takes ${takes}.`);
}

function expertInputs(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  positional: readonly Expr[],
  inputs: Extract<MethodSignature['inputs'], { readonly kind: 'experts' }>,
): WrittenInputs | undefined {
  const { name } = method;
  const lists = positional.map((expr) => literalOf(checking, expr));
  const listAt = lists.findIndex(({ kind }) => kind === 'list');
  const list = lists[listAt];
  if (list?.kind !== 'list') {
    if (positional.some(({ kind }) => kind === 'missing')) return undefined;
    const first = positional[0];
    const form =
      inputs.base === 'required' ? `\`${name}(base, [a, b])\`` : `\`${name}([a, b])\``;
    const canWrap = inputs.base === 'none' && first !== undefined;
    report(
      checking,
      inputsKind,
      positional.length === 0
        ? call.callee
        : { start: first!.start, end: positional.at(-1)!.end },
      `\`${name}\` takes its models as one list: ${form}.`,
      {
        fixes: canWrap
          ? [
              {
                title: 'Put brackets around the models',
                edits: [
                  edit({ start: first.start, end: first.start }, '['),
                  edit({ start: positional.at(-1)!.end, end: positional.at(-1)!.end }, ']'),
                ],
              },
            ]
          : [],
      },
    );
    return undefined;
  }
  const before = positional.slice(0, listAt);
  const after = positional.slice(listAt + 1);
  if (after.length > 0 || before.length > 1 || (inputs.base === 'none' && before.length > 0)) {
    const form =
      inputs.base === 'none' ? `\`${name}([a, b])\`` : `\`${name}(base, [a, b])\``;
    const odd = after[0] ?? before.at(-1) ?? call.callee;
    report(checking, inputsKind, odd, `\`${name}\` takes its models as ${form}, and no more.`);
    return undefined;
  }
  if (inputs.base === 'required' && before.length === 0) {
    const message = `\`${name}\` needs a base before its experts: \`${name}(base, [a, b])\`.`;
    report(checking, inputsKind, positional[0]!, message);
    return undefined;
  }
  const items = openedExperts(checking, list);
  const isTooFew = items.length < inputs.atLeast;
  if (isTooFew || items.length > (inputs.atMost ?? Infinity)) {
    const bound = isTooFew ? `at least ${inputs.atLeast}` : `at most ${inputs.atMost}`;
    report(
      checking,
      inputsKind,
      list,
      `\`${name}\` takes ${bound} ${inputs.atLeast === 1 && isTooFew ? 'expert' : 'experts'}, and here ${items.length === 1 ? 'is one' : `are ${items.length}`}.`,
    );
    return undefined;
  }
  const [base] = before;
  return { ...(base === undefined ? {} : { base }), items };
}

function openedExperts(checking: Checking, list: ListLiteral, depth = 0): readonly WrittenItem[] {
  return list.items.flatMap((item: Item | Spread): readonly WrittenItem[] => {
    if (item.kind === 'item') return [item];
    const inner = literalOf(checking, item.value);
    if (inner.kind === 'list' && depth < 100) return openedExperts(checking, inner, depth + 1);
    reportWrongType(checking, item.value, 'a list of models', quantityOf(checking, item.value));
    return [];
  });
}

function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

function baseOf(
  checking: Checking,
  expr: Expr,
  { name }: MethodSignature,
): TensorValue | undefined {
  const value = tensorOf(checking, expr);
  const whole = value && settled(checking, value);
  if (whole === undefined) return undefined;
  if (kindOf(whole) !== 'delta') return whole;
  const message = `The base of \`${name}\` is a Model, and ${quoted(checking, expr)} is a Delta.`;
  report(checking, wrongType, expr, message);
  return undefined;
}

interface ReadExpert extends ExpertSlot {
  readonly value: TensorValue | undefined;
  readonly span: Span;
}

function expertOf(checking: Checking, item: WrittenItem): ReadExpert {
  const at = bare(item.value);
  const name =
    at.kind === 'reference' && at.path.parts.length === 1 ? at.path.parts[0]!.text : undefined;
  const value = tensorOf(checking, item.value);
  return {
    value: value && settled(checking, value),
    span: spanOf(item.value),
    ...(name === undefined ? {} : { name }),
  };
}

function boundArguments(
  checking: Checking,
  named: ReadonlyMap<string, Named>,
  method: MethodSignature,
  experts: readonly ExpertSlot[] | undefined,
): Map<string, Value> {
  const args = new Map<string, Value>();
  for (const { name, parameter: word, value: expr } of named.values()) {
    const parameter = parameterNamed(method, word);
    if (parameter === undefined) {
      const problem = `\`${method.name}\` has no parameter \`${word}\``;
      reportUnknown(checking, unknownParameter, name, problem, parametersOf(method).map((of) => of.name));
      continue;
    }
    const value = argumentValue(checking, expr, parameter, experts);
    if (value !== undefined) args.set(word, value);
  }
  return args;
}

/** `[math { weight: 0.6 }]`: what stands in the braces behind an expert. */
function ownValues(
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
    if (values.has(name) || (outer?.isSpread === false && names(checking, outer.value, expert))) {
      const owner = expert?.name === undefined ? quoted(checking, item.value) : `\`${expert.name}\``;
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
function names(checking: Checking, expr: Expr, expert: ExpertSlot | undefined): boolean {
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
  reportUnknown(checking, unknownParameter, key, problem, byModel.map((of) => of.name));
}

function checkMissing(
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
        const inMap =
          isMap && expert.name !== undefined && given.entries.has(expert.name);
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
    report(checking, missingParameter, call.callee, `\`${method.name}\` needs \`${name}\`: ${parameter.meaning}`);
  }
}

function checkTwice(
  checking: Checking,
  experts: readonly ReadExpert[],
  method: MethodSignature,
): void {
  // Copies of one model are what a mixture of experts may be made of.
  if (method.later === true || method.inputs.kind !== 'experts') return;
  const seen = new Map<string, ReadExpert>();
  for (const expert of experts) {
    if (expert.name === undefined) continue;
    const first = seen.get(expert.name);
    if (first !== undefined) {
      const message = `\`${expert.name}\` is an expert of this \`${method.name}\` twice; a weight says that more of it is meant.`;
      report(checking, expertTwice, expert.span, message, {
        related: [{ ...first.span, message: 'first here' }],
      });
    } else seen.set(expert.name, expert);
  }
}

/** The share of what the call gives; undefined, and reported, where its inputs don't go together. */
function shareOfResult(
  checking: Checking,
  method: MethodSignature,
  base: TensorValue | undefined,
  experts: readonly Expert[],
): 0 | 1 | undefined {
  const kinds = experts.map(({ value }) => kindOf(value));
  const { inputs, name } = method;
  if (inputs.kind === 'one' && inputs.takes === 'delta' && kinds[0] === 'model') {
    const own = quoted(checking, experts[0]!.span);
    const message = `\`${name}\` takes a Delta, and ${own} is a Model: \`${own.slice(1, -1)} - base\`.`;
    report(checking, modelWithoutBase, experts[0]!.span, message);
    return undefined;
  }
  const takesDeltasAlone =
    inputs.kind === 'experts' &&
    base === undefined &&
    inputs.base !== 'none' &&
    method.later !== true;
  if (takesDeltasAlone) {
    const model = experts.find((_, i) => kinds[i] === 'model');
    if (model !== undefined) {
      const own = quoted(checking, model.span);
      const message = `Without a base \`${name}\` takes Deltas, and ${own} is a Model: \`${own.slice(1, -1)} - base\`, or a base before the list.`;
      report(checking, modelWithoutBase, model.span, message);
      return undefined;
    }
  } else if (base === undefined) {
    const odd = kinds.findIndex((kind) => (kind === 'delta') !== (kinds[0] === 'delta'));
    if (odd >= 0) {
      const [first, other] = [experts[0]!, experts[odd]!];
      const [a, b] = [quoted(checking, first.span), quoted(checking, other.span)];
      const [isA, isB] = kinds[0] === 'delta' ? ['a Delta', 'a Model'] : ['a Model', 'a Delta'];
      const message = `${b} is ${isB} and ${a} ${isA}: \`${name}\` takes the one or the other.`;
      report(checking, modelsAndDeltas, other.span, message, {
        related: [{ ...first.span, message: `${isA} stands here` }],
      });
      return undefined;
    }
  }
  switch (method.gives) {
    case 'model':
      return 1;
    case 'delta':
      return 0;
    case 'share':
    case 'experts':
      return base !== undefined || kinds[0] !== 'delta' ? 1 : 0;
  }
}

/** Ranges hold at every layer of the call's own result. */
function checkDepths(
  checking: Checking,
  call: MethodCall,
  { signature }: TensorValue,
  owner: Span,
): void {
  const over: OverDepth | undefined =
    signature === undefined
      ? undefined
      : { signature, depths: depthsOf(signature), compat: call.compat, owner };
  for (const [name, value] of call.args) {
    checkOverDepth(checking, value, parameterNamed(call.method, name)!, over);
  }
  for (const { own } of call.inputs) {
    for (const [name, value] of own ?? []) {
      checkOverDepth(checking, value, parameterNamed(call.method, name)!, over);
    }
  }
}

/** Over the whole model there is one threshold: no curve, and not with that tool's rules, which has no such scope. */
function checkWholeScope(checking: Checking, call: MethodCall, written: Call): void {
  const scope = call.args.get('scope');
  if (scope?.kind !== 'word' || scope.word !== 'whole') return;
  if (call.compat === 'mergekit') {
    const message = `\`compat: mergekit\` has no \`scope: whole\`: that tool trims tensor by tensor.`;
    report(checking, wholeScope, scope.span, message);
    return;
  }
  const density = call.args.get('density');
  const densities = [
    ...(density === undefined ? [] : partsOf(density)),
    ...call.inputs.flatMap(({ own }) => {
      const value = own?.get('density');
      return value === undefined ? [] : [value];
    }),
  ];
  const curve = densities.find(({ kind }) => kind === 'curve');
  if (curve === undefined) return;
  const message = `Under \`scope: whole\` a density holds for the whole step, and ${quoted(checking, curve.span)} varies over its layers.`;
  report(checking, wholeScope, curve.span, message, {
    related: [{ ...spanOf(written.callee), message: 'in this call' }],
  });
}

function partsOf(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items;
  return value.kind === 'map' ? [...value.entries.values()] : [value];
}
