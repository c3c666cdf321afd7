/** Everything the server can do. What `initialize` answers is made from this list alone. */
import type { ClientCapabilities, ServerCapabilities } from 'vscode-languageserver';
import { codeLenses } from './code-lenses.ts';
import { completion } from './completion.ts';
import { diagnostics } from './diagnostics.ts';
import { documentLinks } from './document-links.ts';
import { documentSymbols } from './document-symbols.ts';
import type { Feature } from './feature.ts';
import { folding } from './folding.ts';
import { formatting } from './formatting.ts';
import { hover } from './hover.ts';
import { definition, highlights, references } from './navigation.ts';
import { quickFixes } from './quick-fixes.ts';
import { prepareRename, rename } from './rename.ts';
import { selectionRanges } from './selection-ranges.ts';
import { semanticTokens, semanticTokensInRange } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';

export const features: readonly Feature[] = [
  diagnostics,
  completion,
  hover,
  signatureHelp,
  definition,
  references,
  highlights,
  prepareRename,
  rename,
  documentSymbols,
  folding,
  selectionRanges,
  semanticTokens,
  semanticTokensInRange,
  formatting,
  codeLenses,
  quickFixes,
  documentLinks,
];

export function capabilitiesFor(client: ClientCapabilities): ServerCapabilities {
  return Object.assign({}, ...features.map((feature) => feature.capabilities(client)));
}
