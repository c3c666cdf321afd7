/** What stands around the placeholder: the call, the step, and whether a word is the placeholder itself. */
import type { MethodSignature } from '../../grammar/catalogue.ts';
import type { Call, MapLiteral, Name } from '../../grammar/syntax/tree.ts';
import { methodOf, outermostCall } from '../analysis/calls.ts';
import { entitiesOf } from '../analysis/entities.ts';
import { type Cursor, placeholder } from './cursor.ts';
import type { Slot } from './slot.ts';

export const isHere = (name: { readonly text: string } | undefined): boolean =>
  name?.text === placeholder;

/** What is wanted where the placeholder stands for a name: alone, or behind the word of an import. */
export function slotOfName(
  { analysis }: Cursor,
  [first, second]: readonly Name[],
  slot: () => Slot,
): Slot | undefined {
  if (isHere(first)) return slot();
  if (first === undefined || !isHere(second)) return undefined;
  const isImport = entitiesOf(analysis).get(first.text)?.kind === 'import';
  return isImport ? { kind: 'imported', word: first.text, within: slot() } : undefined;
}

/** The call around a place in the path, and its method. */
export function callAbove(
  { path, analysis }: Cursor,
  at: number,
): { readonly call: Call; readonly method: MethodSignature | undefined } | undefined {
  const call = path[at];
  if (call?.kind !== 'call') return undefined;
  return { call, method: methodOf(call, analysis.catalogue) };
}

/** The outermost call of the step at the cursor. */
export function stepOf({ path, analysis }: Cursor) {
  const statement = path[0];
  if (statement?.kind !== 'merge') return undefined;
  const call = outermostCall(statement.value);
  const method = call && methodOf(call, analysis.catalogue);
  return call === undefined || method === undefined ? undefined : { call, method };
}

export function keysOf({ entries }: MapLiteral): readonly string[] {
  return entries.flatMap((entry) =>
    entry.kind === 'entry' && entry.key.kind === 'path'
      ? [entry.key.parts.map(({ text }) => text).join('.')]
      : [],
  );
}
