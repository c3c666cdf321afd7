/** Why a device did not compute a slice, and who else might. */
export interface Refusal {
  /** A sentence without its end. */
  readonly refused: string;
  /**
   * What is missing: a formula or a slice that devices of this kind can compute, memory (a smaller slice may fit), or the device
   * itself, of which nothing more is to be asked.
   */
  readonly lacks: 'fitness' | 'memory' | 'device';
}

export function unfit(refused: string): Refusal {
  return { refused, lacks: 'fitness' };
}

export function outOfMemory(refused: string): Refusal {
  return { refused, lacks: 'memory' };
}

export function deviceGone(refused: string): Refusal {
  return { refused, lacks: 'device' };
}

/**
 * What a device's promises reject with: no bug of ours, whatever its name. Wrong arguments are a TypeError, which is one.
 */
export function isDeviceError(error: unknown): error is DOMException {
  return error instanceof DOMException;
}
