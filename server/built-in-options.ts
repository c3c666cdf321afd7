/** What the server knows of itself where its client says nothing. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerOptions } from './protocol.ts';

/** The pages of diagnostics that are shipped beside the server, bundled or not. */
const pages = new URL('../docs/diagnostics/', import.meta.url);

export function builtInOptions(): ServerOptions {
  return existsSync(fileURLToPath(pages)) ? { codePages: pages.href } : {};
}
