/** Where in a configuration something stands: the kind of map, by the keys that lead to it. */
import type { MapKind } from './keys.ts';

export type ConfigPlace =
  | { readonly kind: 'map'; readonly map: MapKind }
  /** Under `parameters`; `scope` tells whether a model's own are meant. */
  | { readonly kind: 'parameters'; readonly scope: 'model' | 'method' }
  | { readonly kind: 'unknown' };

const unknown: ConfigPlace = { kind: 'unknown' };
const map = (kind: MapKind): ConfigPlace => ({ kind: 'map', map: kind });

/** `keys` from the document down, without the marks of lists. */
export function placeOfKeys(keys: readonly string[], isMixture: boolean): ConfigPlace {
  const [first, ...rest] = keys;
  if (first === undefined) return map(isMixture ? 'mixture' : 'document');
  switch (first) {
    case 'parameters':
      return inParameters(rest, 'method');
    case 'models':
      return inEntry(rest, 'entry');
    case 'slices':
      return inSlices(rest);
    case 'modules':
      return inModules(rest);
    case 'tokenizer':
      return inTokenizer(rest);
    case 'experts':
    case 'shared_experts':
      return rest.length === 0 ? map('expert') : unknown;
    default:
      return unknown;
  }
}

function inParameters(keys: readonly string[], scope: 'model' | 'method'): ConfigPlace {
  if (keys.length === 0) return { kind: 'parameters', scope };
  return keys.length === 1 ? map('conditional') : unknown;
}

function inEntry([first, ...rest]: readonly string[], kind: 'entry' | 'source'): ConfigPlace {
  if (first === undefined) return map(kind);
  return first === 'parameters' ? inParameters(rest, 'model') : unknown;
}

function inSlices([first, ...rest]: readonly string[]): ConfigPlace {
  if (first === undefined) return map('slice');
  if (first === 'sources') return inEntry(rest, 'source');
  return first === 'parameters' ? inParameters(rest, 'method') : unknown;
}

function inModules([name, first, ...rest]: readonly string[]): ConfigPlace {
  if (name === undefined) return unknown;
  switch (first) {
    case undefined:
      return map('module');
    case 'models':
      return inEntry(rest, 'entry');
    case 'slices':
      return inSlices(rest);
    case 'parameters':
      return inParameters(rest, 'method');
    default:
      return unknown;
  }
}

function inTokenizer([first, token, source]: readonly string[]): ConfigPlace {
  if (first === undefined) return map('tokenizer');
  if (first !== 'tokens' || token === undefined) return unknown;
  return source === undefined ? map('token') : source === 'source' ? map('tokenSource') : unknown;
}
