/** Stretches of a tensor's bytes: what of it is stored, and what is left to store. */
export interface ByteStretch {
  /** Bytes of the tensor before it: a piece's border. */
  readonly at: number;
  /** Its own, up to another such border or to the tensor's end. */
  readonly byteLength: number;
}

export function endOf({ at, byteLength }: ByteStretch): number {
  return at + byteLength;
}

/** Of stretches in any order those that lie apart, from the first on: one that begins within another is left out. */
export function apart<T extends ByteStretch>(stretches: Iterable<T>): readonly T[] {
  const kept: T[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.at - b.at)) {
    const last = kept.at(-1);
    if (last === undefined || endOf(last) <= stretch.at) kept.push(stretch);
  }
  return kept;
}

/** What is left of so many bytes beside stretches that lie apart, in order. */
export function besides(
  byteLength: number,
  stretches: readonly ByteStretch[],
): readonly ByteStretch[] {
  const left: ByteStretch[] = [];
  let end = 0;
  for (const stretch of [...stretches, { at: byteLength, byteLength: 0 }]) {
    if (stretch.at > end) left.push({ at: end, byteLength: stretch.at - end });
    end = endOf(stretch);
  }
  return left;
}

/** The same bytes in stretches of at most so many; `atMost` is whole pieces. */
export function* cut(stretches: readonly ByteStretch[], atMost: number): Generator<ByteStretch> {
  for (const { at, byteLength } of stretches) {
    for (let done = 0; done < byteLength; done += atMost)
      yield { at: at + done, byteLength: Math.min(atMost, byteLength - done) };
  }
}
