/** A stream of 32-bit words that is a function of its seed alone. */
export type Words = () => number;

/**
 * xoshiro128++ by Blackman and Vigna (public domain), its state filled from the seed by splitmix32,
 * so that neighbouring seeds give unrelated streams. Returns integers in 0..2³²−1.
 */
export function words(seed: number): Words {
  const fill = splitmix32(seed);
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill();
  return () => {
    const sum = (a + d) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word;
  };
}

/** Even in [0, 1), with 32 bits. */
export function uniform(next: Words): number {
  return next() / 0x1_0000_0000;
}

/** Puts the items in a random order, in place (Fisher and Yates). */
export function shuffle<T>(items: T[], next: Words): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(uniform(next) * (last + 1));
    const item = items[last];
    items[last] = items[other];
    items[other] = item;
  }
}

/** Folds several numbers into one seed; unlike their sum, it tells (1, 2) from (2, 1). */
export function seedOf(...parts: readonly number[]): number {
  let seed = 0;
  for (const part of parts) seed = splitmix32(seed ^ (part | 0))();
  return seed;
}

function splitmix32(seed: number): Words {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}
