/** The server as a process: over standard streams, a socket or Node's own channel, as its arguments say; `--yaml`: for mergekit's YAML. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './start.ts';
import { startYamlServer } from './yaml/start.ts';

const start = process.argv.includes('--yaml') ? startYamlServer : startServer;
start(createConnection(ProposedFeatures.all));
