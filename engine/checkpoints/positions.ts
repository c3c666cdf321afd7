/** How a model turns positions into angles, in one spelling for the older keys and the newer. */
import { isJsonObject } from './read-json.ts';

type Section = Readonly<Record<string, unknown>>;

/** Under `rope_theta`, and what the first architectures called it. */
const baseKeys = ['rope_theta', 'rotary_emb_base'];
/** The share of each head that is turned. */
const shareKeys = ['partial_rotary_factor', 'rotary_pct'];

/**
 * Equal texts mean equal settings, such as `rope_theta 500000, rope_scaling {"factor":8,"rope_type":"llama3"}`. Undefined
 * where nothing is said, or where each kind of layer has settings of its own, of which there are several spellings.
 */
export function readPositions(sections: readonly Section[]): string | undefined {
  const parameters = valueOf(sections, 'rope_parameters');
  const joined = isJsonObject(parameters) ? [parameters, ...sections] : sections;
  if (isJsonObject(parameters) && Object.values(parameters).some(isJsonObject)) return undefined;
  const base = baseKeys.map((key) => valueOf(joined, key)).find(isNumber);
  const share = shareKeys.map((key) => valueOf(joined, key)).find(isNumber);
  const scaling = scalingOf(
    isJsonObject(parameters) ? parameters : valueOf(sections, 'rope_scaling'),
  );
  if (base === undefined && scaling === undefined) return undefined;
  return [
    `rope_theta ${base ?? 10_000}`,
    ...(share === undefined || share === 1 ? [] : [`partial_rotary_factor ${share}`]),
    ...(scaling === undefined ? [] : [`rope_scaling ${scaling}`]),
  ].join(', ');
}

function valueOf(sections: readonly Section[], key: string): unknown {
  return sections.map((section) => section[key]).find((value) => value !== undefined);
}

/** Settings in the order of their names; the plain kind is the same as none. */
function scalingOf(value: unknown): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, rope_type: kind = type, ...rest } = value;
  if (kind === undefined || kind === 'default') return undefined;
  const elsewhere = new Set([...baseKeys, ...shareKeys]);
  const settings = Object.entries({ ...rest, rope_type: kind })
    .filter(([key]) => !elsewhere.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(settings)).slice(0, 2000);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
