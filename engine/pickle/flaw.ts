export interface PickleFlaw {
  /**
   * `foreign`: it asks for more than its vocabulary. `ends`: the bytes end before the pickle does. `too-large`: it is beyond
   * a limit. `malformed`: it is no pickle.
   */
  readonly kind: 'foreign' | 'ends' | 'too-large' | 'malformed';
  /** Bytes from the pickle's start. */
  readonly at: number;
  /** The end of a sentence that begins with the file's name. */
  readonly what: string;
}

/** Carries a flaw out of the reader's depths; `readPickle` catches it. */
export class PickleFlawError extends Error {
  readonly flaw: PickleFlaw;

  constructor(flaw: PickleFlaw) {
    super(flaw.what);
    this.name = 'PickleFlawError';
    this.flaw = flaw;
  }
}
