/** Parameters of the method as a whole: arguments, and the filters on them. */
import { wrongShape } from '../../diagnostics/mw7003-wrong-shape.ts';
import type { Span } from '../../syntax/span.ts';
import type { ForeignParameter } from '../methods.ts';
import { from } from '../pieces.ts';
import type { CallInput } from './call.ts';
import { type Importing, say } from './importing.ts';
import type { Row } from './rows.ts';
import type { Filtered } from './rules.ts';
import { type Chain, sameText, valuePiece } from './values.ts';

export function globalValues(
  importing: Importing,
  { method, entries: models, isCut, offset }: CallInput,
  global: ReadonlyMap<ForeignParameter, Chain>,
): { readonly args: readonly Row[]; readonly filtered: readonly Filtered[] } | undefined {
  const args: Row[] = [];
  const filtered: Filtered[] = [];
  if (method.name === 'nuslerp') return vectorsOf(importing, global);
  for (const [parameter, { fallback, filtered: entries, settings }] of global) {
    const { ours } = parameter;
    if (ours === undefined) continue;
    const value = fallback && valuePiece(importing, parameter, fallback.value);
    if (fallback !== undefined && value === undefined) return undefined;
    if (value !== undefined) {
      const last = settings.at(-1)?.entries;
      const comments =
        last === undefined
          ? []
          : importing.comments.take(last.length === 1 ? settings.at(-1)! : fallback!);
      args.push({ piece: [ours, ': ', value], comments });
    }
    if (entries.length > 0) {
      // Filters of the method's parameters are held against the names of the result.
      const range = isCut ? models[0]?.range : undefined;
      const count = range && range.behind - range.first;
      const numbering = { shift: offset, count };
      filtered.push({ target: ours, parameter, entries, numbering });
    }
  }
  return { args, filtered };
}

/** Two flags there are one word here. */
function vectorsOf(
  importing: Importing,
  global: ReadonlyMap<ForeignParameter, Chain>,
): { readonly args: readonly Row[]; readonly filtered: readonly Filtered[] } | undefined {
  const flags = new Map<string, boolean>();
  let about: Span | undefined;
  for (const [parameter, { fallback, filtered }] of global) {
    const [entry] = filtered;
    if (entry !== undefined) {
      const message = `\`${parameter.name}\` holds for the whole merge; filters on it are not carried over.`;
      return say(importing, wrongShape, entry, message);
    }
    if (fallback === undefined) continue;
    const value = valuePiece(importing, parameter, fallback.value);
    if (value === undefined) return undefined;
    flags.set(parameter.name, sameText(value, 'true'));
    about ??= fallback;
  }
  if (about === undefined) return { args: [], filtered: [] };
  const isFlat = flags.get('nuslerp_flatten') ?? true;
  const word = isFlat ? 'tensor' : flags.get('nuslerp_row_wise') === true ? 'columns' : 'rows';
  return { args: [{ piece: from(about, `vectors: ${word}`) }], filtered: [] };
}
