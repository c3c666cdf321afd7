/** The server over this process's standard streams, for any editor that starts it: `mergewright lsp --stdio`. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './start.ts';

/** Returns at once; the process ends with the connection. */
export function serveStdio(): void {
  startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout));
}
