/**
 * Reads what is wanted at a cursor off the tree that holds a placeholder there.
 * One function a kind of node that may hold an expression.
 */
import type { Inputs } from '../../grammar/catalogue.ts';
import { measures } from '../../grammar/check/measures.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import { endOf } from '../../grammar/syntax/lexer.ts';
import type { Argument, Call, Expr, Item } from '../../grammar/syntax/tree.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import { entitiesOf } from '../analysis/entities.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import type { Cursor } from './cursor.ts';
import { argumentAt, argumentsOf } from './other-calls.ts';
import { wantedInList } from './propose-call-arguments.ts';
import { nothing, type Slot } from './slot.ts';
import { callAbove, isHere, slotOfName } from './slot-context.ts';
import { nameOf } from './tensor-names.ts';
import { slotOfEntryValue, slotOfKey, slotOfSetting, slotOfSettingValue } from './slot-of-map.ts';

export function slotAt(cursor: Cursor): Slot {
  const { path, ways, before } = cursor;
  if (cursor.beginsLine && (ways.mayEnd || before === undefined)) return { kind: 'statement' };
  if (before === undefined) return { kind: 'statement' };
  const leaf = path.at(-1);
  return (leaf && slotOfLeaf(cursor, leaf)) ?? behind(cursor, endOf(before));
}

/** The placeholder was no part of what came before it. */
function behind({ recipe }: Cursor, offset: number): Slot {
  const nodes = nodesAt(recipe, offset);
  const [holder] = nodes.filter(({ kind }) => kind === 'rule' || kind === 'tensors').slice(-1);
  const inPlace = holder?.kind === 'rule' ? offset <= holder.place.end : holder?.kind === 'tensors';
  return { kind: 'behind', inPlace };
}

function slotOfLeaf(cursor: Cursor, leaf: Node): Slot | undefined {
  const { path } = cursor;
  switch (leaf.kind) {
    case 'reference':
    case 'call': {
      const parts = leaf.kind === 'call' ? leaf.callee.parts : leaf.path.parts;
      const named = slotOfName(cursor, parts, () => slotOfExpr(cursor, path.length - 1));
      if (named !== undefined || !isHere(parts.at(-1))) return named;
      const of = parts.slice(0, -1).map(({ text }) => text);
      return { kind: 'metric', of: of.join('.') };
    }
    case 'argument':
      return isHere(leaf.name) ? slotOfArgumentName(cursor, path.length - 1) : undefined;
    case 'entry':
      return slotOfKey(cursor, leaf, path.length - 1);
    case 'setting':
      return slotOfSetting(cursor, leaf, path.length - 1);
    case 'param':
    case 'let':
      return isHere(leaf.type)
        ? { kind: 'type', of: leaf.kind }
        : isHere(leaf.name)
          ? nothing
          : undefined;
    case 'output':
      return slotOfName(cursor, leaf.target?.parts ?? [], () => ({ kind: 'output' }));
    case 'model':
    case 'adapter':
    case 'stats':
    case 'layers':
    case 'tensors':
    case 'merge':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return isHere(leaf.name) ? nothing : undefined;
    case 'use':
      return isHere(leaf.alias) ? nothing : undefined;
    default:
      return undefined;
  }
}

/** Climbs from the placeholder's expression to what holds it. */
function slotOfExpr(cursor: Cursor, from: number): Slot {
  const { path } = cursor;
  let isOperand = false;
  let wanted: 'place' | 'layers' = 'place';
  for (let at = from; at > 0; at -= 1) {
    const node = path[at] as Expr;
    const holder = path[at - 1]!;
    switch (holder.kind) {
      case 'parenthesised':
        continue;
      case 'binary':
      case 'negation':
        isOperand = true;
        continue;
      case 'range':
      case 'layersOf':
        wanted = 'layers';
        continue;
      case 'index':
        if (holder.layers === node) return { kind: 'cut', of: holder.value };
        isOperand = true;
        continue;
      default:
        return slotIn(cursor, holder, { at: at - 1, node, isOperand, wanted });
    }
  }
  return nothing;
}

interface Held {
  /** Where the holder stands in the path, and the expression it holds. */
  readonly at: number;
  readonly node: Expr;
  readonly isOperand: boolean;
  readonly wanted: 'place' | 'layers';
}

function slotIn(cursor: Cursor, holder: Node, held: Held): Slot {
  const { isOperand, node, wanted } = held;
  switch (holder.kind) {
    case 'model':
    case 'adapter':
    case 'stats':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return isOperand ? nothing : { kind: 'source', statement: holder };
    case 'param':
      return node === holder.range || wanted === 'layers'
        ? { kind: 'range', type: holder.type?.text }
        : { kind: 'number' };
    case 'let':
      return { kind: 'value' };
    case 'layers':
      return { kind: 'place', statement: holder, wanted: 'layers' };
    case 'tensors':
      return { kind: 'place', statement: holder, wanted };
    case 'merge':
      return { kind: 'step', isOperand };
    case 'expect':
      return { kind: 'condition' };
    case 'rule':
      return { kind: 'place', statement: cursor.path[0]!, wanted };
    case 'take':
      return cursor.path[0]?.kind === 'merge'
        ? { kind: 'take', statement: cursor.path[0] }
        : nothing;
    case 'setting':
      return slotOfSettingValue(cursor, holder, held.at);
    case 'argument':
      return slotOfArgument(cursor, holder, held);
    case 'item':
      return slotOfItem(cursor, holder, held);
    case 'entry':
      return slotOfEntryValue(cursor, holder, held.at);
    case 'spread':
      return { kind: 'value' };
    default:
      return nothing;
  }
}

function slotOfArgumentName(cursor: Cursor, at: number): Slot {
  const above = callAbove(cursor, at - 1);
  if (above === undefined) return nothing;
  const { call, method } = above;
  if (method !== undefined) return { kind: 'argument', call, method };
  const known = argumentsOf(cursor, call);
  return known === undefined ? nothing : { kind: 'call argument', call, named: known.named };
}

function slotOfArgument(cursor: Cursor, argument: Argument, held: Held): Slot {
  const above = callAbove(cursor, held.at - 1);
  if (above === undefined) return nothing;
  const { call, method } = above;
  const { isOperand } = held;
  const position = call.args
    .filter((arg) => arg.kind === 'argument' && arg.name === undefined)
    .indexOf(argument);
  if (method === undefined) return slotOfOtherCall(cursor, call, argument, position, held);
  if (argument.name !== undefined) {
    const parameter = parameterNamed(method, argument.name.text);
    return parameter === undefined ? nothing : { kind: 'parameter value', parameter, call };
  }
  const isFull = hasInputs(cursor, call, method.inputs, argument);
  if (!isFull) return { kind: 'input', call, method, position, isOperand };
  return isOperand ? nothing : { kind: 'argument', call, method };
}

/** Whether all inputs stand before an argument, so that only named ones may follow. */
function hasInputs(cursor: Cursor, call: Call, inputs: Inputs, argument: Argument): boolean {
  const before = call.args.slice(0, call.args.indexOf(argument));
  if (before.some((arg) => arg.kind === 'argument' && arg.name !== undefined)) return true;
  const positional = before.flatMap((arg) => (arg.kind === 'argument' ? [arg.value] : []));
  switch (inputs.kind) {
    case 'ends':
      return positional.length >= inputs.names.length;
    case 'one':
      return positional.length >= 1;
    case 'experts':
      return positional.some((value) => isList(cursor, value));
    default:
      return inputs satisfies never;
  }
}

function isList({ recipe, analysis }: Cursor, value: Expr): boolean {
  if (value.kind === 'list') return true;
  if (value.kind !== 'reference') return false;
  const name = nameOf(value);
  if (name === undefined) return false;
  const isOwn = recipe.statements.some(
    (of) => of.kind === 'let' && of.name?.text === name && of.value.kind === 'list',
  );
  const entity = entitiesOf(analysis).get(name);
  return isOwn || (entity?.imported !== undefined && entity.kind === 'list');
}

function slotOfOtherCall(
  cursor: Cursor,
  call: Call,
  argument: Argument,
  position: number,
  { isOperand, wanted }: Held,
): Slot {
  const callee = call.callee.parts[0]?.text ?? '';
  if (['sqrt', 'abs', 'min', 'max'].includes(callee)) return { kind: 'number' };
  const known = argumentsOf(cursor, call);
  if (known === undefined) return nothing;
  const here = argumentAt(known, call, argument);
  if (here?.wanted.kind === 'place') return { kind: 'place', statement: cursor.path[0]!, wanted };
  if (here !== undefined) return { kind: 'call value', wanted: here.wanted };
  if (argument.name !== undefined) return nothing;
  const measure = measures.get(callee);
  if (measure !== undefined) return { kind: 'measure input', measure, call, position };
  if (callee === 'curve') return { kind: 'curve', call };
  return isOperand ? nothing : { kind: 'call argument', call, named: known.named };
}

/** A list stands in a call's inputs, in `stack`, or is the value of a parameter. */
function slotOfItem(cursor: Cursor, item: Item, held: Held): Slot {
  const { path } = cursor;
  const holder = path[held.at - 2];
  if (path[held.at - 1]?.kind !== 'list' || item.own === held.node) return nothing;
  if (holder?.kind === 'let') return { kind: 'value' };
  if (holder?.kind === 'param') return { kind: 'number' };
  if (holder?.kind !== 'argument') return nothing;
  const above = callAbove(cursor, held.at - 3);
  if (above === undefined) return nothing;
  const { call, method } = above;
  if (method === undefined) {
    if (call.callee.parts[0]?.text === 'stack') return { kind: 'stack' };
    const known = argumentsOf(cursor, call);
    const list = known && argumentAt(known, call, holder);
    const wanted = list && wantedInList(list.wanted);
    if (wanted === 'knob') return { kind: 'knob' };
    return wanted === undefined ? nothing : { kind: 'call value', wanted };
  }
  if (holder.name === undefined) {
    return { kind: 'expert', call, method, isOperand: held.isOperand };
  }
  const parameter = parameterNamed(method, holder.name.text);
  return parameter === undefined ? nothing : { kind: 'parameter value', parameter, call };
}
