/** What a check in progress holds: the names declared so far, the findings, and what it was given. */
import type { Catalogue } from '../catalogue.ts';
import type { Diagnostic, DiagnosticKind } from '../diagnostics/diagnostic.ts';
import { finding, type FindingDetails, replacing } from '../diagnostics/finding.ts';
import { runsLater } from '../diagnostics/mw3901-runs-later.ts';
import type { Place } from '../places/place.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type {
  Call,
  Expr,
  LetStatement,
  ParamStatement,
  SourceStatement,
  Statement,
} from '../syntax/tree.ts';
import type { HeaderAnswer, Source, Step, TensorValue } from './checked.ts';
import { nearest } from './did-you-mean.ts';
import { type ImportedFile, placeInRecipe } from './imported-file.ts';
import { fileAt, type Imports, type Placed, type PlacedFile } from './imports.ts';
import { type Scope, wholeDeclarationOf } from './scopes.ts';
import type { Curve } from './value.ts';

export type Meaning =
  | { readonly kind: 'model' | 'adapter' | 'stats' | 'mask'; readonly source: Source }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'let'; readonly statement: LetStatement; readonly holds: LetContents }
  | {
      readonly kind: 'param';
      readonly statement: ParamStatement;
      readonly curve: Curve | undefined;
    }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'evaluate'; readonly metrics: readonly string[] | undefined }
  | { readonly kind: 'sweep' }
  /** What a search finds is a Model that only later versions make. */
  | { readonly kind: 'search'; readonly step: Step }
  /** What an import declares, by name; absent where it could not be read. */
  | {
      readonly kind: 'module';
      readonly names?: ReadonlyMap<string, Declaration>;
      /** It has errors, so that a name that is missing may be one that could not be read. */
      readonly isFaulty?: boolean;
    }
  /** Declared, but its statement is broken: whatever uses it is silent. */
  | { readonly kind: 'broken' };

export type LetContents =
  | { readonly kind: 'number'; readonly curve: Curve }
  | { readonly kind: 'tensor'; readonly value: TensorValue }
  | { readonly kind: 'mask' }
  | { readonly kind: 'text' | 'bytes' | 'duration' | 'boolean' }
  /** Lists and maps take their meaning where they are used. */
  | { readonly kind: 'list' | 'map' };

export interface Declaration {
  readonly name: string;
  readonly span: Span;
  readonly statement: Statement;
  readonly meaning: Meaning;
}

export interface RandomCall {
  readonly statement: Statement;
  readonly method: string;
  readonly seed: number;
  readonly span: Span;
}

export interface Checking {
  /** Cut out by the offsets that the statements have here. */
  readonly text: Pick<string, 'slice'>;
  readonly catalogue: Catalogue;
  readonly headers: ReadonlyMap<string, HeaderAnswer> | undefined;
  /** The files that are used, and what was found in each, by their keys. */
  readonly imports: Imports | undefined;
  readonly placed: Placed;
  readonly imported: Map<string, ImportedFile>;
  /** The names of the recipe itself. */
  readonly scope: Scope;
  /** The file whose statements are being checked; absent: the recipe itself. */
  file: PlacedFile | undefined;
  /** The statement being checked, and how many calls and random calls it has so far. */
  statement: Statement | undefined;
  callCount: number;
  randomCallCount: number;
  readonly randomCalls: RandomCall[];
  /** Of the file being checked. */
  findings: Diagnostic[];
  /** The statement that declares a source, by the source's name. */
  readonly sourceStatements: Map<string, SourceStatement>;
  /** The model that statistics are of, by their name as the recipe writes it. */
  readonly statisticsOf: Map<string, string>;
  readonly said: Set<string>;
  /** Every call read so far, so that none is read twice. */
  readonly calls: Map<Call, TensorValue | 'broken'>;
  /** Pairs of signatures that were found not to meet: said once. */
  readonly unmet: Set<string>;
  /** A tokenizer brings all models to its rows: they need not have as many. */
  readonly bringsRows: boolean;
  /** Declared places that a step or a cut has read. */
  readonly placesRead: Set<Declaration>;
}

export function beginStatement(checking: Checking, statement: Statement): void {
  checking.statement = statement;
  checking.callCount = 0;
  checking.randomCallCount = 0;
}

/** Reports once: the same code at the same text says nothing new. */
export function report(
  checking: Checking,
  kind: DiagnosticKind,
  span: Span,
  message: string,
  details: FindingDetails = {},
): void {
  const { file, placed, statement } = checking;
  const key = `${kind.code} ${span.start} ${span.end}`;
  if (checking.said.has(key)) return;
  checking.said.add(key);
  const elsewhere = fileAt(placed, span);
  if (elsewhere === undefined || file !== undefined || statement === undefined) {
    checking.findings.push(finding(kind, span, message, details));
    return;
  }
  // What a used recipe says is wrong only here: the recipe is told at the word that leads there.
  const here = placeInRecipe(checking, statement, elsewhere);
  const related = [...(details.related ?? []), { ...spanOf(span), message: 'it stands here' }];
  checking.findings.push(finding(kind, here, message, { ...details, related }));
}

/** The text of a span, in whichever file it stands. */
export function textAt({ text, placed }: Checking, { start, end }: Span): string {
  const file = fileAt(placed, { start });
  if (file === undefined) return text.slice(start, end);
  return file.file.text.slice(start - file.offset, end - file.offset);
}

/** `what` with its verb: `Adapters are`. */
export function reportLater(checking: Checking, span: Span, what: string): void {
  report(checking, runsLater, span, `${what} checked here, and not run by this version yet.`);
}

/** The author's own text, short enough for a sentence. */
export function quoted(checking: Checking, span: Span): string {
  const text = textAt(checking, span).replace(/\s+/g, ' ');
  return `\`${text.length > 48 ? `${text.slice(0, 45)}…` : text}\``;
}

/** A word that is not among its candidates, with the nearest of them as a fix. */
export function reportUnknown(
  checking: Checking,
  kind: DiagnosticKind,
  span: Span,
  problem: string,
  candidates: Iterable<string>,
): void {
  const word = textAt(checking, span);
  const meant = nearest(word, candidates);
  const sentence = problem.slice(0, 1).toUpperCase() + problem.slice(1);
  report(
    checking,
    kind,
    span,
    meant === undefined ? `${sentence}.` : `${sentence}: did you mean \`${meant}\`?`,
    meant === undefined ? {} : { fixes: [replacing(span, meant)] },
  );
}

export function within(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Parentheses are no operator. */
export function bare(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'parenthesised') inner = inner.inner;
  return inner;
}

/** The only word of an expression that is no more than one. */
export function wordOf(expr: Expr): string | undefined {
  const at = bare(expr);
  return at.kind === 'reference' && at.path.parts.length === 1 ? at.path.parts[0]!.text : undefined;
}

/** The literal an expression stands for: through parentheses and `let` names, to a list, a map or anything else. */
export function literalOf(checking: Checking, expr: Expr): Expr {
  let at = bare(expr);
  for (let steps = 0; steps < 1000; steps++) {
    if (at.kind !== 'reference') return at;
    const meaning = wholeDeclarationOf(checking, at.path)?.declaration.meaning;
    if (meaning?.kind !== 'let') return at;
    const next = bare(meaning.statement.value);
    if (next.kind !== 'list' && next.kind !== 'map' && next.kind !== 'reference') return at;
    at = next;
  }
  return at;
}

/** At most six significant digits, without a tail of noise: `0.3`, `1.25`. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}
