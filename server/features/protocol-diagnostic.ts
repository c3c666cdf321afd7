/** A finding as the protocol carries it. */
import { pathToFileURL } from 'node:url';
import {
  type Diagnostic as Told,
  DiagnosticSeverity,
  DiagnosticTag,
  type Location,
} from 'vscode-languageserver';
import type { Diagnostic, Related, Severity } from '../../grammar/diagnostics/diagnostic.ts';
import { unusedName } from '../../grammar/diagnostics/mw2017-unused-name.ts';
import { unusedAllowance } from '../../grammar/diagnostics/mw2019-unused-allowance.ts';
import { settingOnTaken } from '../../grammar/diagnostics/mw4113-setting-on-taken.ts';
import { winsNowhere } from '../../grammar/diagnostics/mw4112-wins-nowhere.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
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
const withoutEffect: ReadonlySet<string> = new Set([
  settingOnTaken.code,
  winsNowhere.code,
  unusedName.code,
  unusedAllowance.code,
]);

export function protocolDiagnostic(
  analysis: Pick<Analysis, 'uri' | 'lines' | 'imports'>,
  diagnostic: Diagnostic,
  { codePages }: Pick<ServerOptions, 'codePages'>,
): Told {
  const { code, message, severity, related = [] } = diagnostic;
  return {
    range: rangeOf(analysis, diagnostic),
    severity: severities[severity],
    code,
    ...(codePages === undefined ? {} : { codeDescription: { href: `${codePages}${code}.md` } }),
    source: 'mergewright',
    message,
    ...(withoutEffect.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map((other) => ({
            location: locationOf(analysis, other),
            message: other.message,
          })),
        }),
  };
}

/** What stands in a used recipe lies at its own uri. */
function locationOf(
  analysis: Pick<Analysis, 'uri' | 'lines' | 'imports'>,
  { file, start, end }: Related,
): Location {
  const used = file === undefined ? undefined : analysis.imports?.files.get(file);
  if (file === undefined || used === undefined) {
    return { uri: analysis.uri, range: rangeOf(analysis, { start, end }) };
  }
  return {
    uri: pathToFileURL(file).href,
    range: rangeOf({ lines: lineMap(used.text) }, { start, end }),
  };
}
