/** Exact k-th values from counts: no key is ever sorted. */

/** Where a walk from the top ended: the bin that holds the wanted key, and how many keys lie in the bins above it. */
export interface BinFound {
  readonly bin: number;
  readonly above: number;
}

/** The bin of the `rank`-th largest key, from 1. Bins that hold fewer keys than that give bin 0. */
export function walkFromTop(bins: ArrayLike<number>, rank: number): BinFound {
  let above = 0;
  for (let bin = bins.length - 1; bin > 0; bin--) {
    const count = bins[bin]!;
    if (above + count >= rank) return { bin, above };
    above += count;
  }
  return { bin: 0, above };
}
