/** Under which terms a model is given: the head of its card says it, or the name of a file. */
import { settle } from '../faults/fault.ts';
import { reading } from '../faults/system-fault.ts';
import { openRegular } from '../safetensors/open-regular.ts';
import type { Licence } from './checkpoint.ts';
import { fileInside, type FolderBounds } from './inside-folder.ts';
import { isJsonObject } from './read-json.ts';

const cardName = 'README.md';
/** A card may be long; what it says of itself stands in its first lines. */
const mostBytes = 64 << 10;

/** Files whose names tell whose text they hold. */
const namedFiles: readonly { readonly pattern: RegExp; readonly id: string }[] = [
  { pattern: /^LICEN[CS]E[-._](APACHE|APACHE-2\.0)(\.(txt|md))?$/i, id: 'apache-2.0' },
  { pattern: /^LICEN[CS]E[-._]MIT(\.(txt|md))?$/i, id: 'mit' },
  { pattern: /^LICEN[CS]E[-._]BSD(-3-CLAUSE)?(\.(txt|md))?$/i, id: 'bsd-3-clause' },
];

/**
 * What a folder says of its terms; undefined where it says nothing that can be read. A card is somebody's text: one that
 * cannot be read, leads elsewhere or is broken says nothing, and is no fault of the model.
 */
export async function readLicence(
  names: readonly string[],
  bounds: FolderBounds,
): Promise<Licence | undefined> {
  if (names.includes(cardName)) {
    const head = await settle(async () => headOf(await fileInside(cardName, bounds)));
    const licence = head.ok ? await licenceOfCard(head.value) : undefined;
    if (licence !== undefined) return licence;
  }
  const fitting = names.toSorted().flatMap((file) => {
    const named = namedFiles.find(({ pattern }) => pattern.test(file));
    return named === undefined ? [] : [{ id: named.id, file }];
  });
  // Two of them are a choice, which nobody has made here.
  return fitting.length === 1 ? fitting[0] : undefined;
}

function headOf(path: string): Promise<string> {
  return reading(path, async () => {
    await using handle = await openRegular(path);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  });
}

/** Reads `license`, `license_name` and `license_link` of the front matter. */
export async function licenceOfCard(text: string): Promise<Licence | undefined> {
  const matter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[1];
  if (matter === undefined || !/\blicense/.test(matter)) return undefined;
  const { parseFrontMatter } = await import('./front-matter.ts');
  const settings = parseFrontMatter(matter);
  if (!isJsonObject(settings)) return undefined;
  const id = oneWord(settings['license']);
  if (id === undefined) return undefined;
  const name = oneLine(settings['license_name'], 80);
  const link = oneLine(settings['license_link'], 300);
  return {
    id,
    ...(id !== 'other' || name === undefined ? {} : { name }),
    ...(id !== 'other' || link === undefined ? {} : { link }),
    file: cardName,
  };
}

/** One identifier; a list of several is a choice that the card leaves open. */
function oneWord(value: unknown): string | undefined {
  const [first, ...rest] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (typeof first !== 'string' || rest.length > 0) return undefined;
  const id = first.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9.+_-]{0,63}$/.test(id) && id !== 'unknown' ? id : undefined;
}

function oneLine(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value.trim();
  return line !== '' && line.length <= longest && /^[\x20-\x7e]+$/.test(line) ? line : undefined;
}
