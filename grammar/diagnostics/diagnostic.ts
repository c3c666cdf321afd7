import type { Span } from '../syntax/span.ts';

/** The kind of a code is its first digit: 1 syntax, 2 names, 3 types and ranges, 4 headers, 5 statistics, 6 the machine, 7 interchange. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One entry of the registry; `grammar/diagnostics/` holds one file each, engine's own stand in `engine/faults/`. */
export interface DiagnosticKind {
  /** `MW` and four digits; never reused. */
  readonly code: `MW${number}`;
  readonly title: string;
  readonly severity: Severity;
  /** What it is, and why it matters. One sentence a line. */
  readonly what: string;
  readonly wrong: string;
  readonly right: string;
}

export interface TextEdit extends Span {
  readonly text: string;
}

/** An edit that mends the finding, in the words of a menu: "Write 20%". */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface Related extends Span {
  readonly message: string;
  /** The key of the used recipe it stands in, at that file's own offsets; absent: the recipe itself. */
  readonly file?: string;
}

/** A finding in a recipe's text. The span is the smallest text to change. */
export interface Diagnostic extends Span {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes?: readonly Fix[];
  readonly related?: readonly Related[];
}
