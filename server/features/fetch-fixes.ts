/** The way out where a model of the hub is missing: the editor fetches it, where it said that it can. */
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { fetchableCodes } from '../../engine/faults/hub-faults.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { LensArgument, ServerOptions } from '../protocol.ts';
import { protocolDiagnostic } from './protocol-diagnostic.ts';

/** One for all findings at a place: a command fetches whatever the recipe lacks. */
export function fetchFixes(
  analysis: Analysis,
  span: Span,
  options: Pick<ServerOptions, 'fetchCommand' | 'codePages'>,
): readonly CodeAction[] {
  const { fetchCommand } = options;
  const missing = analysis.checked.diagnostics.filter(({ code }) => fetchableCodes.includes(code));
  const here = missing.filter(({ start, end }) => start <= span.end && span.start <= end);
  if (fetchCommand === undefined || here.length === 0) return [];
  const title = missing.length === 1 ? 'Fetch this model…' : 'Fetch all missing models…';
  const argument: LensArgument = { uri: analysis.uri };
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      diagnostics: here.map((diagnostic) => protocolDiagnostic(analysis, diagnostic, options)),
      command: { title, command: fetchCommand, arguments: [argument] },
    },
  ];
}
