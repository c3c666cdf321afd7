/**
 * What is wanted at a cursor, read off the tree that holds a placeholder there: an input, an argument, a place, a setting.
 * One function a kind of node that may hold an expression, and so over the usual length: they call each other.
 */
import type { Inputs, MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import { type Measure, measures } from '../../grammar/check/measures.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import { endOf } from '../../grammar/syntax/lexer.ts';
import type {
  Argument,
  Call,
  Entry,
  Expr,
  Item,
  MapLiteral,
  MergeStatement,
  SearchStatement,
  Setting,
  SourceStatement,
} from '../../grammar/syntax/tree.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { methodOf, outermostCall } from '../analysis/calls.ts';
import { type Cursor, placeholder } from './cursor.ts';

export type Slot =
  /** Nothing can be named here. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'statement' }
  /** Behind a whole expression, where only a word may follow; `inPlace` allows `except`. */
  | { readonly kind: 'behind'; readonly inPlace: boolean }
  | { readonly kind: 'source'; readonly statement: SourceStatement | SearchStatement }
  /** A value that a `merge` makes. */
  | { readonly kind: 'step'; readonly isOperand: boolean }
  /** The base, an end or the operand of a call. */
  | {
      readonly kind: 'input';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly position: number;
      readonly isOperand: boolean;
    }
  /** An item of the list of experts. */
  | {
      readonly kind: 'expert';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly isOperand: boolean;
    }
  /** The name of an argument. */
  | { readonly kind: 'argument'; readonly call: Call; readonly method: MethodSignature }
  | {
      readonly kind: 'parameter value';
      readonly parameter: Parameter;
      readonly call: Call | undefined;
    }
  /** A key of the braces behind an expert. */
  | {
      readonly kind: 'own parameter';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly item: Item;
    }
  /** A key of a map by model, or what follows the dot of `weight.`. */
  | {
      readonly kind: 'expert name';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly parameter: Parameter;
      readonly map?: MapLiteral;
    }
  /** A key of a map of a method's arguments. */
  | { readonly kind: 'preset key'; readonly method: MethodSignature; readonly map: MapLiteral }
  | { readonly kind: 'place'; readonly statement: Node; readonly wanted: 'place' | 'layers' }
  | { readonly kind: 'cut'; readonly of: Expr }
  | {
      readonly kind: 'action';
      readonly statement: MergeStatement;
      readonly set: Setting | undefined;
    }
  | { readonly kind: 'take'; readonly statement: MergeStatement }
  | { readonly kind: 'stack' }
  | { readonly kind: 'curve'; readonly call: Call }
  | { readonly kind: 'range'; readonly type: string | undefined }
  | { readonly kind: 'type'; readonly of: 'param' | 'let' }
  | { readonly kind: 'value' }
  | { readonly kind: 'number' }
  | { readonly kind: 'condition' }
  | {
      readonly kind: 'measure input';
      readonly measure: Measure;
      readonly call: Call;
      readonly position: number;
    }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'model name' }
  | { readonly kind: 'metric'; readonly of: string }
  | { readonly kind: 'output' }
  | { readonly kind: 'output setting'; readonly given: readonly string[] }
  | { readonly kind: 'output value'; readonly setting: string };

const nothing: Slot = { kind: 'nothing' };

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

const isHere = (name: { readonly text: string } | undefined): boolean => name?.text === placeholder;

function slotOfLeaf(cursor: Cursor, leaf: Node): Slot | undefined {
  const { path } = cursor;
  switch (leaf.kind) {
    case 'reference':
    case 'call': {
      const parts = leaf.kind === 'call' ? leaf.callee.parts : leaf.path.parts;
      if (parts.length === 2 && isHere(parts[1])) return { kind: 'metric', of: parts[0]!.text };
      return isHere(parts[0]) ? slotOfExpr(cursor, path.length - 1) : undefined;
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
      return isHere(leaf.target?.parts[0]) ? { kind: 'output' } : undefined;
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

/** The call around a place in the path, and its method. */
function callAbove(
  { path, analysis }: Cursor,
  at: number,
): { readonly call: Call; readonly method: MethodSignature | undefined } | undefined {
  const call = path[at];
  if (call?.kind !== 'call') return undefined;
  return { call, method: methodOf(call, analysis.catalogue) };
}

function slotOfArgumentName(cursor: Cursor, at: number): Slot {
  const above = callAbove(cursor, at - 1);
  if (above?.method === undefined) return nothing;
  return { kind: 'argument', call: above.call, method: above.method };
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

function isList({ recipe }: Cursor, value: Expr): boolean {
  if (value.kind === 'list') return true;
  if (value.kind !== 'reference') return false;
  const name = value.path.parts[0]?.text;
  return recipe.statements.some(
    (of) => of.kind === 'let' && of.name?.text === name && of.value.kind === 'list',
  );
}

function slotOfOtherCall(
  cursor: Cursor,
  call: Call,
  argument: Argument,
  position: number,
  { wanted }: Held,
): Slot {
  const callee = call.callee.parts[0]?.text ?? '';
  const option = argument.name?.text;
  const measure = measures.get(callee);
  if (measure !== undefined) {
    if (option === 'at') return { kind: 'place', statement: cursor.path[0]!, wanted };
    if (option === 'base') return { kind: 'model name' };
    if (option !== undefined) return { kind: 'words', words: measure.options?.[option] ?? [] };
    return { kind: 'measure input', measure, call, position };
  }
  if (callee === 'curve') {
    if (option === 'ease') return { kind: 'words', words: ['linear', 'smooth', 'hold'] };
    if (option === 'outside') return { kind: 'words', words: ['ends'] };
    return { kind: 'curve', call };
  }
  if (option === 'on' || option === 'of') return { kind: 'model name' };
  if (['sqrt', 'abs', 'min', 'max'].includes(callee)) return { kind: 'number' };
  if (['grid', 'random', 'cma_es', 'union', 'force', 'row'].includes(callee)) {
    return { kind: 'model name' };
  }
  return nothing;
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
    return call.callee.parts[0]?.text === 'stack' ? { kind: 'stack' } : { kind: 'model name' };
  }
  if (holder.name === undefined) {
    return { kind: 'expert', call, method, isOperand: held.isOperand };
  }
  const parameter = parameterNamed(method, holder.name.text);
  return parameter === undefined ? nothing : { kind: 'parameter value', parameter, call };
}

function slotOfKey(cursor: Cursor, { key }: Entry, at: number): Slot | undefined {
  if (key.kind !== 'path' || !isHere(key.parts[0])) return undefined;
  const map = cursor.path[at - 1];
  return map?.kind === 'map' ? slotOfMap(cursor, map, at - 1) : nothing;
}

/** What the keys of a map are. */
function slotOfMap(cursor: Cursor, map: MapLiteral, at: number): Slot {
  const { path, analysis } = cursor;
  const holder = path[at - 1];
  switch (holder?.kind) {
    case 'item': {
      const above = callAbove(cursor, at - 4);
      if (holder.own !== map || above?.method === undefined) return nothing;
      return { kind: 'own parameter', call: above.call, method: above.method, item: holder };
    }
    case 'argument': {
      const above = callAbove(cursor, at - 2);
      const parameter = above?.method && parameterNamed(above.method, holder.name?.text ?? '');
      if (above?.method === undefined || parameter?.byModel !== true) return nothing;
      return { kind: 'expert name', call: above.call, method: above.method, parameter, map };
    }
    case 'spread': {
      const above = callAbove(cursor, at - 2);
      return above?.method === undefined
        ? nothing
        : { kind: 'preset key', method: above.method, map };
    }
    case 'setting': {
      const step = stepOf(cursor);
      const parameter = step && parameterNamed(step.method, holder.path.parts[0]?.text ?? '');
      if (step === undefined || parameter?.byModel !== true) return nothing;
      return { kind: 'expert name', ...step, parameter, map };
    }
    case 'let': {
      const type = holder.type?.text ?? '';
      const method = analysis.catalogue.get(type);
      if (method !== undefined) return { kind: 'preset key', method, map };
      return type === 'output' ? { kind: 'output setting', given: keysOf(map) } : nothing;
    }
    default:
      return nothing;
  }
}

export function keysOf({ entries }: MapLiteral): readonly string[] {
  return entries.flatMap((entry) =>
    entry.kind === 'entry' && entry.key.kind === 'path'
      ? [entry.key.parts.map(({ text }) => text).join('.')]
      : [],
  );
}

/** The outermost call of the step at the cursor. */
function stepOf({ path, analysis }: Cursor) {
  const statement = path[0];
  if (statement?.kind !== 'merge') return undefined;
  const call = outermostCall(statement.value);
  const method = call && methodOf(call, analysis.catalogue);
  return call === undefined || method === undefined ? undefined : { call, method };
}

function slotOfEntryValue(cursor: Cursor, entry: Entry, at: number): Slot {
  const map = cursor.path[at - 1];
  if (map?.kind !== 'map') return nothing;
  const key = entry.key.kind === 'path' ? (entry.key.parts[0]?.text ?? '') : '';
  const slot = slotOfMap(cursor, map, at - 1);
  switch (slot.kind) {
    case 'expert name':
      return { kind: 'parameter value', parameter: slot.parameter, call: slot.call };
    case 'own parameter':
    case 'preset key': {
      const parameter = parameterNamed(slot.method, key);
      const call = slot.kind === 'own parameter' ? slot.call : undefined;
      return parameter === undefined ? nothing : { kind: 'parameter value', parameter, call };
    }
    case 'output setting':
      return { kind: 'output value', setting: key };
    default: {
      const holder = cursor.path[at - 2];
      const isCurve = holder?.kind === 'argument' || holder?.kind === 'let';
      return isCurve ? { kind: 'number' } : { kind: 'model name' };
    }
  }
}

function slotOfSetting(cursor: Cursor, setting: Setting, at: number): Slot | undefined {
  const { path } = cursor;
  const [word, expert] = setting.path.parts;
  const statement = path[0];
  if (statement?.kind === 'output') {
    if (!isHere(word)) return undefined;
    const given = statement.settings.flatMap((of) =>
      of.kind === 'setting' ? [of.path.parts.map(({ text }) => text).join('.')] : [],
    );
    return { kind: 'output setting', given };
  }
  if (statement?.kind !== 'merge') return undefined;
  if (isHere(word)) {
    return path[at - 1]?.kind === 'rule' ? { kind: 'action', statement, set: setting } : nothing;
  }
  if (!isHere(expert)) return undefined;
  const step = stepOf(cursor);
  const parameter = step && parameterNamed(step.method, word?.text ?? '');
  if (step === undefined || parameter?.byModel !== true) return nothing;
  return { kind: 'expert name', ...step, parameter };
}

function slotOfSettingValue(cursor: Cursor, setting: Setting, at: number): Slot {
  const statement = cursor.path[0];
  const word = setting.path.parts[0]?.text ?? '';
  if (statement?.kind === 'output') return { kind: 'output value', setting: word };
  if (cursor.path[at - 1]?.kind !== 'rule') return nothing;
  const step = stepOf(cursor);
  const parameter = step && parameterNamed(step.method, word);
  return parameter === undefined
    ? nothing
    : { kind: 'parameter value', parameter, call: step?.call };
}
