import type { Span } from '../syntax/span.ts';
import type { Diagnostic, DiagnosticKind, Fix, Related, TextEdit } from './diagnostic.ts';

export interface FindingDetails {
  readonly fixes?: readonly Fix[];
  readonly related?: readonly Related[];
}

/** One finding of a kind, at the smallest text to change. */
export function finding(
  kind: DiagnosticKind,
  span: Span,
  message: string,
  { fixes = [], related = [] }: FindingDetails = {},
): Diagnostic {
  return {
    code: kind.code,
    severity: kind.severity,
    start: span.start,
    end: span.end,
    message,
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(related.length === 0 ? {} : { related }),
  };
}

/** A fix of one edit that puts other text in a span's place. */
export function replacing(span: Span, text: string, title = `Write \`${text}\``): Fix {
  return { title, edits: [edit(span, text)] };
}

export function edit(span: Span, text: string): TextEdit {
  return { start: span.start, end: span.end, text };
}

/** As they stand in the text. */
export function inPlace(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  return findings.toSorted((one, other) => one.start - other.start || one.end - other.end);
}
