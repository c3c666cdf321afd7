import { createHash } from 'node:crypto';

/** The 32 bytes of SHA-256. The one place that knows where the hash comes from. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
