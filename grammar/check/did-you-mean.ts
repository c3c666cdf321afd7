/** The nearest word to a misspelt one, by the edits that fingers make: a letter more, less, other, or two exchanged. */

/** Undefined where no candidate is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const atMost = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > atMost) continue;
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (edits > atMost || edits >= Math.max(word.length, candidate.length)) continue;
    if (best === undefined || edits < best.edits) best = { candidate, edits };
  }
  return best?.candidate;
}

/** The Damerau–Levenshtein distance in which no piece is edited twice. */
export function editsBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      const isExchanged =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isExchanged) edits = Math.min(edits, beforeLast[j - 2]! + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length]!;
}
