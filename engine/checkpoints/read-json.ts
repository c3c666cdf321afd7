import { shownBytes, shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { openRegular, readExactly } from '../safetensors/open-regular.ts';

/** JSON files beside weights are hostile too: they have a largest size and a deepest nesting. */
export interface JsonBounds {
  readonly mostBytes: number;
  readonly deepest: number;
}

export const configBounds: JsonBounds = { mostBytes: 8_000_000, deepest: 64 };
export const indexBounds: JsonBounds = { mostBytes: 100_000_000, deepest: 8 };

export type JsonFile =
  | { readonly ok: true; readonly text: string; readonly json: unknown }
  /** The end of a sentence that begins with the file's name. */
  | { readonly ok: false; readonly what: string };

/** Reads a JSON file inside its bounds. Errors of the system are thrown as faults. */
export async function readJsonFile(path: string, bounds: JsonBounds): Promise<JsonFile> {
  const text = await reading(path, () => readBoundedText(path, bounds.mostBytes));
  if (typeof text !== 'string') return { ok: false, what: text.what };
  return parseJson(text, bounds);
}

export function parseJson(text: string, { deepest }: Pick<JsonBounds, 'deepest'>): JsonFile {
  if (nestsDeeper(text, deepest))
    return { ok: false, what: `is nested deeper than ${deepest} levels` };
  try {
    return { ok: true, text, json: JSON.parse(quoteNonFinite(text)) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The parser tells a piece of the text, whatever characters that has.
    return { ok: false, what: `is not JSON (${shownPlain(reason)})` };
  }
}

/** The text of a regular file of at most so many bytes. */
export async function readBoundedText(
  path: string,
  mostBytes: number,
): Promise<string | { readonly what: string }> {
  const handle = await openRegular(path);
  try {
    const status = await handle.stat();
    if (status.size > mostBytes) {
      return {
        what: `has ${shownBytes(status.size)}, more than the ${shownBytes(mostBytes)} that are read`,
      };
    }
    const bytes = Buffer.alloc(status.size);
    await readExactly(handle, bytes, { at: 0, path });
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { what: 'is not UTF-8 text' };
    throw error;
  } finally {
    await handle.close();
  }
}

/** Counts brackets outside of texts before the parser sees them: it would keep a frame for each. */
function nestsDeeper(text: string, deepest: number): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (inText) {
      if (unit === 0x5c) i += 1;
      else if (unit === 0x22) inText = false;
    } else if (unit === 0x22) {
      inText = true;
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

/**
 * Python writes `Infinity` and `NaN` into configurations, which JSON does not have. They are read as texts of these names
 * with a mark, which `restoreNonFinite` takes off again.
 */
export const nonFiniteMark = '\u{f8ff}non-finite:';

export function quoteNonFinite(text: string): string {
  if (!/Infinity|NaN/.test(text)) return text;
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const start = textStart(text, at);
    const outside = text.slice(at, start);
    parts.push(outside.replace(/-?\bInfinity\b|\bNaN\b/g, `"${nonFiniteMark}$&"`));
    at = textEnd(text, start);
    parts.push(text.slice(start, at));
  }
  return parts.join('');
}

/** Where the next text in quotation marks begins, or where all ends. */
function textStart(text: string, from: number): number {
  const quote = text.indexOf('"', from);
  return quote < 0 ? text.length : quote;
}

/** Behind the mark that closes a text; where none does, all the rest is of it. Each character is looked at once. */
function textEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 0x5c) i += 1;
    else if (unit === 0x22) return i + 1;
  }
  return text.length;
}

export function restoreNonFinite(text: string): string {
  return text.replaceAll(new RegExp(`"${nonFiniteMark}(-?Infinity|NaN)"`, 'gu'), '$1');
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
