import type { Diagnostic, DiagnosticKind, Fix, Related } from '../diagnostics/diagnostic.ts';
import type { Span } from './span.ts';

export interface Finding {
  readonly kind: DiagnosticKind;
  readonly span: Span;
  readonly message: string;
  readonly fixes?: readonly Fix[];
  readonly related?: readonly Related[];
}

/** A diagnostic of a kind at a place. */
export function diagnosticOf(finding: Finding): Diagnostic {
  const { kind, span, message, fixes, related } = finding;
  return {
    code: kind.code,
    severity: kind.severity,
    message,
    start: span.start,
    end: span.end,
    ...(fixes === undefined ? {} : { fixes }),
    ...(related === undefined ? {} : { related }),
  };
}

/** A fix of one edit. */
export function replacing(title: string, span: Span, text: string): Fix {
  return { title, edits: [{ start: span.start, end: span.end, text }] };
}
