/** What a check in progress holds: the names declared so far, the findings, and what it was given. */
import type { Catalogue } from '../catalogue.ts';
import type { Diagnostic, DiagnosticKind } from '../diagnostics/diagnostic.ts';
import { finding, type FindingDetails, replacing } from '../diagnostics/finding.ts';
import { unknownName } from '../diagnostics/mw2001-unknown-name.ts';
import { usedAbove } from '../diagnostics/mw2007-used-above.ts';
import { runsLater } from '../diagnostics/mw3901-runs-later.ts';
import { type Place, placeWords } from '../places/place.ts';
import type { Span } from '../syntax/span.ts';
import type { Call, Expr, LetStatement, Name, ParamStatement, Statement } from '../syntax/tree.ts';
import type { HeaderAnswer, Source, Step, TensorValue } from './checked.ts';
import { nearest } from './did-you-mean.ts';
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
  | { readonly kind: 'module' }
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
  readonly text: string;
  readonly catalogue: Catalogue;
  readonly headers: ReadonlyMap<string, HeaderAnswer> | undefined;
  readonly declared: Map<string, Declaration>;
  /** Every name of the recipe, also those below: a use above its declaration is told from a misspelling. */
  readonly everywhere: ReadonlyMap<string, Name>;
  /** Whether imported names may stand for what is unknown. */
  open: boolean;
  /** The statement being checked, and how many calls and random calls it has so far. */
  statement: Statement | undefined;
  callCount: number;
  randomCallCount: number;
  readonly randomCalls: RandomCall[];
  readonly findings: Diagnostic[];
  readonly said: Set<string>;
  /** Every call read so far, so that none is read twice. */
  readonly calls: Map<Call, TensorValue | 'broken'>;
  /** Pairs of signatures that were found not to meet: said once. */
  readonly unmet: Set<string>;
  /** Declared places that a step or a cut has read. */
  readonly placesRead: Set<string>;
}

/** Reports once: the same code at the same text says nothing new. */
export function report(
  checking: Checking,
  kind: DiagnosticKind,
  span: Span,
  message: string,
  details: FindingDetails = {},
): void {
  const key = `${kind.code} ${span.start} ${span.end}`;
  if (checking.said.has(key)) return;
  checking.said.add(key);
  checking.findings.push(finding(kind, span, message, details));
}

/** `what` with its verb: `Adapters are`. */
export function reportLater(checking: Checking, span: Span, what: string): void {
  report(checking, runsLater, span, `${what} checked here, and not run by this version yet.`);
}

/** The author's own text, short enough for a sentence. */
export function quoted(checking: Checking, span: Span): string {
  const text = checking.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return `\`${text.length > 48 ? `${text.slice(0, 45)}…` : text}\``;
}

/** The declaration of a name, or undefined with the reason reported. Imported names are undefined in silence. */
export function resolve(
  checking: Checking,
  name: Name,
  { alsoPlaces = false }: { readonly alsoPlaces?: boolean } = {},
): Declaration | undefined {
  const found = checking.declared.get(name.text);
  if (found !== undefined) return found;
  const below = checking.everywhere.get(name.text);
  if (below !== undefined) {
    const isItself = checking.statement !== undefined && within(below, checking.statement);
    report(
      checking,
      usedAbove,
      name,
      isItself
        ? `\`${name.text}\` is used in its own declaration.`
        : `\`${name.text}\` is declared below; a recipe reads downwards.`,
      { related: [{ start: below.start, end: below.end, message: 'declared here' }] },
    );
    return undefined;
  }
  if (checking.open) return undefined;
  const candidates = [...checking.declared.keys(), ...(alsoPlaces ? placeWords : [])];
  reportUnknown(checking, unknownName, name, `nothing is called \`${name.text}\``, candidates);
  return undefined;
}

/** A word that is not among its candidates, with the nearest of them as a fix. */
export function reportUnknown(
  checking: Checking,
  kind: DiagnosticKind,
  span: Span,
  problem: string,
  candidates: Iterable<string>,
): void {
  const word = checking.text.slice(span.start, span.end);
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

/** The literal an expression stands for: through parentheses and `let` names, to a list, a map or anything else. */
export function literalOf(checking: Checking, expr: Expr): Expr {
  let at = bare(expr);
  for (let steps = 0; steps < 1000; steps++) {
    if (at.kind !== 'reference' || at.path.parts.length !== 1) return at;
    const meaning = checking.declared.get(at.path.parts[0]!.text)?.meaning;
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
