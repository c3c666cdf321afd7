/** What headers told of the text before a change, where it still stands: so that nothing flickers while somebody types. */
import { check } from '../../grammar/check/check.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { changeBetween } from '../../grammar/syntax/reparse.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from './analysis.ts';

/** The findings of the new text, and those of the old one that only headers could make and that the change does not touch. */
export function carriedOver(before: Analysis, now: Analysis): readonly Diagnostic[] {
  if (before.checked.diagnostics.length === 0) return now.checked.diagnostics;
  const plain = new Set(plainFindings(before).map(keyOf));
  const change = stretchBetween(before.text, now.text);
  const kept = before.checked.diagnostics.flatMap((finding) => {
    if (plain.has(keyOf(finding))) return [];
    const moved = movedBy(change, finding);
    if (moved === undefined) return [];
    const { code, severity, message, related = [] } = finding;
    const others = related.flatMap((other) => {
      if (other.file !== undefined) return [other];
      const place = movedBy(change, other);
      return place === undefined ? [] : [{ ...other, ...place }];
    });
    // Its fixes are left out: they were made for the text before.
    return [
      { code, severity, message, ...moved, ...(others.length === 0 ? {} : { related: others }) },
    ];
  });
  return [...now.checked.diagnostics, ...kept].sort((a, b) => a.start - b.start || a.end - b.end);
}

const known = new WeakMap<Analysis, readonly Diagnostic[]>();

/** What the text alone tells. */
function plainFindings(analysis: Analysis): readonly Diagnostic[] {
  let findings = known.get(analysis);
  if (findings === undefined) {
    const { text, parsed, recipe, catalogue, imports } = analysis;
    const used = imports === undefined ? {} : { imports };
    findings = check({
      text,
      recipe,
      diagnostics: parsed.diagnostics,
      catalogue,
      ...used,
    }).diagnostics;
    known.set(analysis, findings);
  }
  return findings;
}

const keyOf = ({ code, start, end }: Diagnostic): string => `${code} ${start} ${end}`;

interface Change {
  readonly start: number;
  /** Where the change ends in the old text, and how far what follows has moved. */
  readonly end: number;
  readonly by: number;
}

export function stretchBetween(before: string, now: string): Change {
  const { start, endBefore, endNow } = changeBetween(before, now);
  return { start, end: endBefore, by: endNow - endBefore };
}

/** Undefined where the change touches it. */
function movedBy({ start, end, by }: Change, span: Span): Span | undefined {
  if (span.end < start) return { start: span.start, end: span.end };
  if (span.start > end) return { start: span.start + by, end: span.end + by };
  return undefined;
}
