/** Names in scope at a cursor, and those among them that an input takes. */
import type { MethodSignature } from '../../grammar/catalogue.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { headersOf, sameShape } from '../../grammar/places/cut.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Call, Expr, Item, MapLiteral } from '../../grammar/syntax/tree.ts';
import { type Entity, entitiesAbove, entitiesOf } from '../analysis/entities.ts';
import { type Cursor, placeholder } from './cursor.ts';

export function namesInScope({ analysis, path, word }: Cursor): readonly Entity[] {
  const statement = path[0];
  return entitiesAbove(analysis, statement?.start ?? word.start);
}

export function isTensors({ kind }: Entity): boolean {
  return kind === 'model' || kind === 'delta' || kind === 'adapter';
}

/** Whether two models may meet, as far as their headers tell; vocabularies may differ in rows. */
export function mayMeet(one: Signature | undefined, other: Signature | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return true;
  const headers = headersOf(other);
  const { places } = anatomyOf(one);
  return one.tensors.every(({ name, shape }) => {
    const part = places.get(name)?.part;
    const found = headers.get(name);
    if (found === undefined) return part === 'head';
    if (part === 'embeddings' || part === 'head')
      return sameShape(shape.slice(1), found.shape.slice(1));
    return sameShape(shape, found.shape);
  });
}

/** The name an expression is, where it is one alone; behind an import both words, `common.math`. */
export function nameOf(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'parenthesised') return nameOf(expr.inner);
  if (expr?.kind !== 'reference' || expr.path.parts.length > 2) return undefined;
  const words = expr.path.parts.map(({ text }) => text);
  return words.includes(placeholder) ? undefined : words.join('.');
}

export interface WrittenExpert {
  readonly name: string | undefined;
  readonly own?: MapLiteral;
}

/** The experts a call lists, through `let` names and spreads; ends and operands where it has no list. */
export function expertsOf(cursor: Cursor, call: Call): readonly WrittenExpert[] {
  const positional = positionalOf(call);
  const list = positional
    .map((value) => listOf(cursor, value))
    .find((items) => items !== undefined);
  if (list === undefined) return positional.map((value) => ({ name: nameOf(value) }));
  return list.map(({ value, own }) => ({
    name: nameOf(value),
    ...(own === undefined ? {} : { own }),
  }));
}

export function positionalOf(call: Call): readonly Expr[] {
  return call.args.flatMap((arg) =>
    arg.kind === 'argument' && arg.name === undefined ? [arg.value] : [],
  );
}

function listOf(cursor: Cursor, value: Expr, depth = 0): readonly Item[] | undefined {
  if (value.kind === 'list') {
    return value.items.flatMap((item) =>
      item.kind === 'item' ? [item] : (listOf(cursor, item.value, depth + 1) ?? []),
    );
  }
  const name = nameOf(value);
  const statement =
    name === undefined ? undefined : entitiesOf(cursor.analysis).get(name)?.statement;
  if (statement?.kind !== 'let' || depth > 100) return undefined;
  return listOf(cursor, statement.value, depth + 1);
}

/** The base a call is given: what stands before its list. */
export function baseOf(
  cursor: Cursor,
  call: Call,
  { inputs }: MethodSignature,
): Entity | undefined {
  if (inputs.kind !== 'experts' || inputs.base === 'none') return undefined;
  const name = nameOf(positionalOf(call)[0]);
  return name === undefined ? undefined : entitiesOf(cursor.analysis).get(name);
}

/** The signature a call's inputs are held against: of its base, else of the first input that has one. */
export function signatureOfCall(
  cursor: Cursor,
  call: Call,
  method: MethodSignature,
): Signature | undefined {
  const base = baseOf(cursor, call, method)?.signature;
  if (base !== undefined) return base;
  for (const { name } of expertsOf(cursor, call)) {
    const signature =
      name === undefined ? undefined : entitiesOf(cursor.analysis).get(name)?.signature;
    if (signature !== undefined) return signature;
  }
  return undefined;
}
