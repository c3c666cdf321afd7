/** The page of what the language server can do, made from the registry. */
import type { ClientCapabilities } from 'vscode-languageserver';
import { table } from '../describe/markdown.ts';
import {
  ExpandedPlanRequest,
  ExportedYamlRequest,
  MeasuredNotification,
  TrustNotification,
} from '../protocol.ts';
import { features } from './registry.ts';

/** A client that can do everything: pulled diagnostics are answered only to one that pulls. */
const ableClient: ClientCapabilities = { textDocument: { diagnostic: {} } };

/** Messages of our own beside the protocol; any client may send them. */
const ownMessages: readonly (readonly [method: string, about: string])[] = [
  [ExpandedPlanRequest.type.method, 'asks for the expanded plan of an open recipe'],
  [ExportedYamlRequest.type.method, "asks for an open recipe as mergekit's YAML"],
  [
    MeasuredNotification.type.method,
    'hands over what a preview has measured, for hovers, hints and diagnostics: the server computes nothing itself',
  ],
  [TrustNotification.type.method, 'says whether models outside the workspace may be read'],
];

export function featuresPage(): string {
  const rows = features.map(({ name, about, methods, capabilities }) => [
    name,
    about,
    methods.map(code).join(' '),
    Object.keys(capabilities(ableClient)).map(code).join(' '),
  ]);
  return `# What the language server can do

This page is generated from the server's registry, and a test holds it against what \`initialize\` answers.
How to start the server in an editor stands in [editors.md](editors.md).

${table(['feature', 'what it gives', 'messages', 'capability'], rows)}

Documents are synchronised incrementally, in UTF-16 units.
A request that is cancelled is answered as cancelled, and one about a text that has changed meanwhile as outdated.
Untitled texts and the cells of notebooks are recipes too: relative paths start at the notebook's folder, of an untitled text at the workspace's; where there is none, the text alone is checked and hovers say so.
Nothing in the workspace is looked through before somebody asks for its symbols or for the references of a name, or renames a name or a file.

## Messages of its own

${table(
  ['message', 'from the client'],
  ownMessages.map(([method, about]) => [code(method), about]),
)}
`;
}

const code = (text: string): string => `\`${text}\``;
