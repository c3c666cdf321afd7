/** Everything the server can do. What `initialize` answers is made from this list alone. */
import type { ClientCapabilities, ServerCapabilities } from 'vscode-languageserver';
import { codeLenses } from './code-lenses.ts';
import { completion } from './completion.ts';
import { diagnostics } from './diagnostics.ts';
import { documentLinks } from './document-links.ts';
import { documentSymbols } from './document-symbols.ts';
import { expandedPlan } from './expanded-plan.ts';
import { exportedYaml } from './exported-yaml.ts';
import type { Feature } from './feature.ts';
import { fileRenames } from './file-renames.ts';
import { folding } from './folding.ts';
import { formatting } from './formatting.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { definition, highlights, references } from './navigation.ts';
import { codeActions } from './code-actions.ts';
import { rangeFormatting } from './range-formatting.ts';
import { prepareRename, rename } from './rename.ts';
import { selectionRanges } from './selection-ranges.ts';
import { semanticTokens, semanticTokensDelta, semanticTokensInRange } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';
import { workspaceSymbols } from './workspace-symbols.ts';

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
  workspaceSymbols,
  folding,
  selectionRanges,
  semanticTokens,
  semanticTokensDelta,
  semanticTokensInRange,
  inlayHints,
  formatting,
  rangeFormatting,
  codeLenses,
  codeActions,
  documentLinks,
  fileRenames,
  expandedPlan,
  exportedYaml,
];

export function capabilitiesFor(client: ClientCapabilities): ServerCapabilities {
  const all = features.map((feature) => feature.capabilities(client));
  const experimental: unknown = Object.assign({}, ...all.map((of) => of.experimental as object));
  return Object.assign({}, ...all, { experimental });
}
