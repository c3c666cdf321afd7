/** A finding as the protocol carries it. */
import { type Diagnostic as Told, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { Diagnostic, Severity } from '../../grammar/diagnostics/diagnostic.ts';
import { settingOnTaken } from '../../grammar/diagnostics/mw4113-setting-on-taken.ts';
import { winsNowhere } from '../../grammar/diagnostics/mw4112-wins-nowhere.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { rangeOf } from '../analysis/positions.ts';
import type { ServerOptions } from '../protocol.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What these underline has no effect, so that it is shown faded. */
const withoutEffect: ReadonlySet<string> = new Set([settingOnTaken.code, winsNowhere.code]);

export function protocolDiagnostic(
  analysis: Pick<Analysis, 'uri' | 'lines'>,
  diagnostic: Diagnostic,
  { codePages }: Pick<ServerOptions, 'codePages'>,
): Told {
  const { code, message, severity, related = [] } = diagnostic;
  return {
    range: rangeOf(analysis, diagnostic),
    severity: severities[severity],
    code,
    ...(codePages === undefined
      ? {}
      : { codeDescription: { href: `${codePages}${code.toLowerCase()}` } }),
    source: 'mergewright',
    message,
    ...(withoutEffect.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map((other) => ({
            location: { uri: analysis.uri, range: rangeOf(analysis, other) },
            message: other.message,
          })),
        }),
  };
}
