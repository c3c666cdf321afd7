/** Parameters of mergekit as values of a recipe: scopes become one chain, chains become arguments and rules. */
import { wrongShape } from '../../diagnostics/mw7003-wrong-shape.ts';
import { entryNeverReached } from '../../diagnostics/mw7103-entry-never-reached.ts';
import type {
  Conditional,
  Parameters,
  ParameterSetting,
  ParameterValue,
} from '../config/config.ts';
import type { ForeignParameter } from '../methods.ts';
import { from, joined, type Piece, textOfPiece } from '../pieces.ts';
import { type Importing, say } from './importing.ts';

/** What one parameter is for one model: entries with filters, the first that fits decides, and the value of all other tensors. */
export interface Chain {
  readonly filtered: readonly Conditional[];
  readonly fallback?: Conditional;
  /** Where it is written; empty where it is not. */
  readonly settings: readonly ParameterSetting[];
}

/** The scopes from the nearest to the widest; one without a value for a tensor leaves it to the next. */
export function chainOf(importing: Importing, name: string, scopes: readonly Parameters[]): Chain {
  const filtered: Conditional[] = [];
  const settings: ParameterSetting[] = [];
  for (const scope of scopes) {
    const setting = scope.find((one) => one.name.value === name);
    if (setting === undefined) continue;
    settings.push(setting);
    const last = setting.entries.findIndex(({ filter }) => filter === undefined);
    if (last < 0) {
      filtered.push(...setting.entries);
      continue;
    }
    for (const entry of setting.entries.slice(last + 1)) {
      const message = `This entry of \`${name}\` is never reached: the one above it has no filter, so it fits every tensor.`;
      say(importing, entryNeverReached, entry, message);
    }
    filtered.push(...setting.entries.slice(0, last));
    return simplified({ filtered, fallback: setting.entries[last]!, settings });
  }
  return { filtered, settings };
}

/** Filters that change nothing, and those an equal filter above them has answered, are left out. */
function simplified(chain: Chain & { readonly fallback: Conditional }): Chain {
  const same = (one: Conditional): boolean =>
    valueKey(one.value) === valueKey(chain.fallback.value);
  const isPlain = chain.filtered.every(same);
  return isPlain ? { ...chain, filtered: [] } : chain;
}

function valueKey(value: ParameterValue): string {
  return value.kind === 'number'
    ? String(value.value)
    : value.knots.map((knot) => knot.value).join(' ');
}

/** A value as the recipe writes it; undefined, and said, where it has none there. */
export function valuePiece(
  importing: Importing,
  { name, as }: ForeignParameter,
  value: ParameterValue,
): Piece | undefined {
  if (as === 'number') return numberPiece(value);
  const known = flagOf(name, value);
  if (known === undefined) {
    const message = `\`${name}\` is \`true\` or \`false\`, here and for all layers.`;
    return say(importing, wrongShape, value, message);
  }
  const word = as === 'flag' ? String(known) : known ? as.whenTrue : as.whenFalse;
  return from(value, word);
}

/** Of flags only `rescale` takes other numbers than 0 and 1. */
function flagOf(name: string, value: ParameterValue): boolean | undefined {
  const numbers = value.kind === 'number' ? [value.value] : value.knots.map((knot) => knot.value);
  const flags = new Set(numbers.map((number) => number !== 0));
  const isWhole = name === 'rescale' || numbers.every((number) => number === 0 || number === 1);
  return isWhole && flags.size === 1 ? [...flags][0] : undefined;
}

function numberPiece(value: ParameterValue): Piece {
  if (value.kind === 'number') return from(value, numberText(value.value));
  const [only, ...more] = value.knots;
  if (more.length === 0) return from(value, numberText(only!.value));
  const knots = value.knots.map((knot) => from(knot, numberText(knot.value)));
  return from(value, ['curve(', joined(knots, ', '), ')']);
}

export function numberText(value: number): string {
  // JavaScript writes large numbers with a plus that the language does not read.
  return String(value).replace('e+', 'e');
}

export function sameText(one: Piece, other: Piece): boolean {
  return textOfPiece(one) === textOfPiece(other);
}
