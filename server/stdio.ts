/** The server over this process's standard streams, for any editor that starts it: `mergewright lsp --stdio`. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './start.ts';
import { startYamlServer } from './yaml/start.ts';

/** Returns at once; the process ends with the connection. */
export function serveStdio({ yaml = false }: { readonly yaml?: boolean } = {}): void {
  const start = yaml ? startYamlServer : startServer;
  start(createConnection(ProposedFeatures.all, process.stdin, process.stdout));
}
