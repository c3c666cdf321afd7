/**
 * Text out of a file, fit for a message: short, quoted, and without characters that could steer a terminal
 * (control characters, direction marks, lone surrogates).
 */
export function shown(text: string, longest = 120): string {
  return `"${shownPlain(text, longest)}"`;
}

/** The same without quotation marks, for paths. */
export function shownPlain(text: string, longest = 400): string {
  const characters = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return characters.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** A list for a sentence: the first few, and how many more there are. */
export function shownList(names: readonly string[], most = 3): string {
  const first = names
    .slice(0, most)
    .map((name) => shown(name))
    .join(', ');
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size in decimal units, as disks and shards are measured: `5.2 GB`. */
export function shownBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${value} bytes` : `${value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`;
}
