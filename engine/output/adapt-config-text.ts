import { quoteNonFinite, restoreNonFinite } from '../checkpoints/read-json.ts';
import { adaptConfig } from './adapt-config.ts';
import type { ConfigChange } from './adapt-config.ts';

/**
 * `adaptConfig` over the text of a `config.json` that was read and proved before. Numbers keep their spelling: Python tells
 * `10000.0` from `10000`, and strict readers refuse the one for the other. Keys keep their order.
 */
export function adaptConfigText(
  configText: string,
  change: ConfigChange,
): { readonly text: string; readonly notes: readonly string[] } {
  const { config, notes } = adaptConfig(parseKeepingNumbers(configText), change);
  return { text: restoreNonFinite(`${JSON.stringify(config, null, 2)}\n`), notes };
}

/** Parts of JSON that TypeScript's library does not name yet. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const json = JSON as unknown as JsonWithSource;

/** A number whose own spelling differs from JavaScript's becomes a value that prints as it was spelled. */
function parseKeepingNumbers(text: string): unknown {
  return json.parse(quoteNonFinite(text), (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? json.rawJSON(source)
      : value,
  );
}
