/** A rewriting of a recipe that keeps its meaning, and the proof that it does. */
import { check } from '../../grammar/check/check.ts';
import type { TextEdit } from '../../grammar/diagnostics/diagnostic.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';

export interface Refactoring {
  readonly title: string;
  readonly kind: 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite';
  readonly edits: readonly TextEdit[];
}

export function edited(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((now, { start, end, text: by }) => now.slice(0, start) + by + now.slice(end), text);
}

/** Whether a recipe says nothing new of the text after the edits: what a rewriting must not break. */
export function isSound(
  { text, catalogue, imports }: Analysis,
  edits: readonly TextEdit[],
): boolean {
  const codesOf = (written: string): readonly string[] => {
    const used = imports === undefined ? {} : { imports };
    const { diagnostics } = check({ text: written, ...parse(written), catalogue, ...used });
    return diagnostics.map(({ code }) => code).sort();
  };
  return codesOf(text).join() === codesOf(edited(text, edits)).join();
}

/** A comment in a stretch that is written anew would be lost. */
export function holdsComment({ recipe }: Analysis, span: Span): boolean {
  return recipe.comments.some(({ start, end }) => start < span.end && span.start < end);
}
