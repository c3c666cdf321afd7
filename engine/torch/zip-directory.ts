/** A file in a zip archive, as the archive's directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0: the bytes lie there as they are. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Bytes in the archive. */
  readonly size: number;
  /** Where the entry's own header begins, in bytes from the start of the file. */
  readonly headerAt: number;
  /** Where the next entry or the directory begins: header and bytes lie before. */
  readonly limit: number;
}

/** Where the directory of an archive is. */
export interface ZipDirectoryPlace {
  readonly at: number;
  readonly byteLength: number;
  readonly entries: number;
}

/** The end of a sentence that begins with the file's name. */
export interface ZipFlaw {
  readonly flaw: string;
}

/** The longest that can lie behind the directory: the end record, a comment, and two records for large files. */
export const longestTail = 22 + 0xffff + 20 + 56;

/** The directory of 350 000 files takes so much. */
export const mostDirectoryBytes = 16_000_000;

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

/**
 * Finds the directory from the last bytes of a file. It must end where the records behind it begin, and the last of these where
 * the file does, so that all readers find the same one. Undefined where there is none: the file was cut off.
 */
export function findDirectory(
  tail: Uint8Array,
  fileSize: number,
): ZipDirectoryPlace | ZipFlaw | undefined {
  const view = viewOf(tail);
  const tailAt = fileSize - tail.length;
  const end = findEnd(view);
  if (end === undefined) return undefined;
  let entries = view.getUint16(end + 10, true);
  let byteLength = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  let behind = tailAt + end;
  if (end >= 20 && view.getUint32(end - 20, true) === locatorSignature) {
    const record = Number(view.getBigUint64(end - 12, true)) - tailAt;
    if (!(record >= 0 && record + 56 === end - 20)) return unfitting;
    if (view.getUint32(record, true) !== end64Signature) return unfitting;
    entries = Number(view.getBigUint64(record + 32, true));
    byteLength = Number(view.getBigUint64(record + 40, true));
    at = Number(view.getBigUint64(record + 48, true));
    behind = tailAt + record;
  }
  if (at + byteLength !== behind || entries * 46 > byteLength) return unfitting;
  if (byteLength > mostDirectoryBytes) {
    return { flaw: `has a zip directory of more than ${mostDirectoryBytes / 1e6} MB` };
  }
  return { at, byteLength, entries };
}

const unfitting: ZipFlaw = { flaw: 'has a zip directory that does not lie where it is said to' };

/** Where the end record begins whose comment fills the rest of the file. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== endSignature) continue;
    if (view.getUint16(at + 20, true) === view.byteLength - at - 22) return at;
  }
  return undefined;
}

/** The entries of a directory, proved to lie one behind the other before it; each name stands there once. */
export function readDirectory(
  bytes: Uint8Array,
  place: ZipDirectoryPlace,
): ReadonlyMap<string, ZipEntry> | ZipFlaw {
  const view = viewOf(bytes);
  const found: Omit<ZipEntry, 'limit'>[] = [];
  let at = 0;
  for (let i = 0; i < place.entries; i += 1) {
    const read = readEntry(view, at);
    if (read === undefined) return { flaw: 'has a damaged zip directory' };
    found.push(read.entry);
    at = read.end;
  }
  if (at !== bytes.length) return { flaw: 'has a damaged zip directory' };
  found.sort((a, b) => a.headerAt - b.headerAt);
  const entries = new Map<string, ZipEntry>();
  for (const [i, entry] of found.entries()) {
    const limit = found[i + 1]?.headerAt ?? place.at;
    if (entry.headerAt + 30 + entry.size > limit) {
      return { flaw: 'has a zip directory whose entries overlap' };
    }
    if (entries.has(entry.name))
      return { flaw: 'has two entries of one name in its zip directory' };
    entries.set(entry.name, { ...entry, limit });
  }
  return entries;
}

interface EntryRead {
  readonly entry: Omit<ZipEntry, 'limit'>;
  /** Where the next entry begins. */
  readonly end: number;
}

function readEntry(view: DataView, at: number): EntryRead | undefined {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== entrySignature) return undefined;
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const extraAt = at + 46 + nameLength;
  const end = extraAt + extraLength + view.getUint16(at + 32, true);
  if (end > view.byteLength) return undefined;
  const name = decodeName(view, at + 46, nameLength);
  const large = largeFields(view, extraAt, extraLength);
  // In the order in which they stand in the field for large files, if they do not fit here.
  const size = large(view.getUint32(at + 24, true));
  const stored = large(view.getUint32(at + 20, true));
  const headerAt = large(view.getUint32(at + 42, true));
  if (name === undefined || size === undefined) return undefined;
  if (stored === undefined || headerAt === undefined) return undefined;
  const method = view.getUint16(at + 10, true);
  if (method === 0 && stored !== size) return undefined;
  const isEncrypted = (view.getUint16(at + 8, true) & 0x2041) !== 0;
  return { entry: { name, method, isEncrypted, size: stored, headerAt }, end };
}

/** Gives each number that is said to be too large for its place from the extra field, one after the other. */
function largeFields(
  view: DataView,
  start: number,
  length: number,
): (small: number) => number | undefined {
  let at = start;
  let end = start;
  for (let field = start; field + 4 <= start + length;) {
    const fieldEnd = field + 4 + view.getUint16(field + 2, true);
    if (fieldEnd > start + length) break;
    if (view.getUint16(field, true) === 1) [at, end] = [field + 4, fieldEnd];
    field = fieldEnd;
  }
  return (small) => {
    if (small !== 0xffff_ffff) return small;
    if (at + 8 > end) return undefined;
    const value = Number(view.getBigUint64(at, true));
    at += 8;
    return value;
  };
}

/** How much of an entry's own header is read first. */
export const localHeaderBytes = 30;

/** Where an entry's bytes begin, from the first bytes of its own header. */
export function contentAt(header: Uint8Array, entry: ZipEntry): number | ZipFlaw {
  const view = viewOf(header);
  if (view.getUint32(0, true) !== localSignature || view.getUint16(8, true) !== entry.method) {
    return { flaw: 'has a zip directory that contradicts the entries' };
  }
  const at = entry.headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (at + entry.size > entry.limit) return { flaw: 'has a zip directory whose entries overlap' };
  return at;
}

function decodeName(view: DataView, at: number, length: number): string | undefined {
  try {
    return utf8.decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
