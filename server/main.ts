/** The server as a process: over standard streams, a socket or Node's own channel, as its arguments say. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './start.ts';

startServer(createConnection(ProposedFeatures.all));
