import { createHash } from 'node:crypto';

/** SHA-256 in hex of plain data. */
export function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
