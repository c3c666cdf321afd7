/** Two configurations, key by key. */
import { isJsonObject } from '../checkpoints/read-json.ts';

export interface ConfigDifference {
  /** Keys of nested objects with dots between: `text_config.num_hidden_layers`. */
  readonly key: string;
  /** Absent where that side has no such key. */
  readonly a?: unknown;
  readonly b?: unknown;
}

/** The keys that differ, in their order; objects are opened, lists are values. A side without configuration has no keys. */
export function differingKeys(a: unknown, b: unknown): readonly ConfigDifference[] {
  const left = keysOf(a);
  const right = keysOf(b);
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort();
  return keys.flatMap((key): readonly ConfigDifference[] => {
    const [x, y] = [left.get(key), right.get(key)];
    if (left.has(key) && right.has(key) && canonical(x) === canonical(y)) return [];
    return [{ key, ...(left.has(key) ? { a: x } : {}), ...(right.has(key) ? { b: y } : {}) }];
  });
}

function keysOf(json: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (!isJsonObject(value) || (Object.keys(value).length === 0 && path.length > 0)) {
      found.set(path.join('.'), value);
      return;
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  if (json !== undefined) visit(json, []);
  return found;
}

/** Values as a text in which the order of keys does not show. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}
