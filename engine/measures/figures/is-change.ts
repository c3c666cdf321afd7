import type { Change } from '../measured.ts';

/** Whether τ is known: it is a Delta, or has a base. */
export function isChange({ isDelta, base }: Change): boolean {
  return isDelta || base !== undefined;
}
