/**
 * Diagnostics: pulled where the client can pull, else pushed, never both.
 * A report that says nothing new is answered as unchanged.
 */
import { createHash } from 'node:crypto';
import {
  type CancellationToken,
  type ClientCapabilities,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  DocumentDiagnosticRequest,
  PublishDiagnosticsNotification,
} from 'vscode-languageserver';
import { type Desk, type Feature, guarded } from './feature.ts';
import { protocolDiagnostic } from './protocol-diagnostic.ts';

export function pulls(client: ClientCapabilities): boolean {
  return client.textDocument?.diagnostic !== undefined;
}

/** What is wrong with an open recipe, as the protocol says it. */
export function reportOf(desk: Desk, uri: string): Diagnostic[] {
  const found = desk.findingsOf(uri);
  if (found === undefined) return [];
  const options = desk.options();
  return found.findings.map((finding) => protocolDiagnostic(found.analysis, finding, options));
}

function identityOf(items: readonly Diagnostic[]): string {
  return createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 16);
}

export const diagnostics: Feature = {
  name: 'diagnostics',
  about:
    'What is wrong in a recipe, with a code, a link to its page and a pointer to the other end, and what the preview found wrong with its models: pulled where the client can, else pushed. `mergewright.diagnostics.allow` lists warnings that are not shown.',
  methods: [DocumentDiagnosticRequest.method, PublishDiagnosticsNotification.method],
  capabilities: (client) =>
    pulls(client)
      ? {
          diagnosticProvider: {
            identifier: 'mergewright',
            // A finding depends on this recipe, on those it uses and on headers, which the server watches itself.
            interFileDependencies: false,
            workspaceDiagnostics: false,
          },
        }
      : {},
  attach: (connection, desk) => {
    connection.onRequest(
      DocumentDiagnosticRequest.method,
      (params: DocumentDiagnosticParams, token: CancellationToken) => {
        const empty: DocumentDiagnosticReport = {
          kind: DocumentDiagnosticReportKind.Full,
          items: [],
        };
        return guarded<DocumentDiagnosticReport>(
          connection,
          { name: 'diagnostics', empty, token },
          () => {
            const items = reportOf(desk, params.textDocument.uri);
            const resultId = identityOf(items);
            return resultId === params.previousResultId
              ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
              : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
          },
        );
      },
    );
  },
};
