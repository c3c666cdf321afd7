/** Fixes of findings in mergekit's YAML, and the file as a recipe beside it. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CreateFile,
  type Diagnostic as Told,
  TextDocumentEdit,
  TextEdit,
} from 'vscode-languageserver';
import { rangeOf, spanOf } from '../analysis/positions.ts';
import { protocolDiagnostic } from '../features/protocol-diagnostic.ts';
import type { ServerOptions } from '../protocol.ts';
import type { YamlAnalysis } from './analysis.ts';

export interface ActionOptions {
  readonly options: ServerOptions;
  /** Whether the client can make files. */
  readonly canCreate: boolean;
  /** Whether a document or a file of this URI is there. */
  readonly exists: (uri: string) => boolean;
}

export function actionsIn(
  analysis: YamlAnalysis,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
  { options, canCreate, exists }: ActionOptions,
): readonly CodeAction[] {
  const wants = (kind: string): boolean =>
    context.only === undefined || context.only.some((only) => only === '' || kind.startsWith(only));
  if (!wants(CodeActionKind.QuickFix)) return [];
  const span = spanOf(analysis, range);
  const here = analysis.findings.filter(({ start, end }) => start <= span.end && span.start <= end);
  const fixes = here.flatMap((diagnostic): readonly CodeAction[] => {
    const { fixes: mends = [] } = diagnostic;
    return mends.map((fix) => ({
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [protocolDiagnostic(analysis, diagnostic, options)],
      ...(mends.length === 1 ? { isPreferred: true } : {}),
      edit: {
        changes: {
          [analysis.uri]: fix.edits.map((edit) =>
            TextEdit.replace(rangeOf(analysis, edit), edit.text),
          ),
        },
      },
    }));
  });
  const diagnostics = here.map((diagnostic) => protocolDiagnostic(analysis, diagnostic, options));
  return [...fixes, ...(canCreate ? conversion(analysis, diagnostics, exists) : [])];
}

/** The recipe in a new file beside the YAML; one that is there is never touched. */
function conversion(
  { imported, uri }: YamlAnalysis,
  diagnostics: readonly Told[],
  exists: (uri: string) => boolean,
): readonly CodeAction[] {
  const { recipe } = imported;
  if (recipe === undefined || !uri.startsWith('file:')) return [];
  const home = uri.slice(0, uri.lastIndexOf('/') + 1);
  const target = freeUri(uri.replace(/\.ya?ml$/i, ''), exists);
  const files = [
    { uri: target, text: recipe.text },
    ...recipe.files.map(({ name, text }) => ({ uri: home + encodeURIComponent(name), text })),
  ];
  return [
    {
      title: 'Convert to recipe',
      kind: CodeActionKind.QuickFix,
      ...(diagnostics.length === 0 ? {} : { diagnostics: [...diagnostics] }),
      edit: {
        documentChanges: files
          .filter((file) => file.uri === target || !exists(file.uri))
          .flatMap((file) => [
            CreateFile.create(file.uri, { overwrite: false, ignoreIfExists: false }),
            TextDocumentEdit.create({ uri: file.uri, version: null }, [
              TextEdit.insert({ line: 0, character: 0 }, file.text),
            ]),
          ]),
      },
    },
  ];
}

function freeUri(stem: string, exists: (uri: string) => boolean): string {
  let uri = `${stem}.merge`;
  for (let count = 2; exists(uri); count++) uri = `${stem}-${count}.merge`;
  return uri;
}
