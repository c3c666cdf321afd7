/** What headers told of the text before a change, where it still stands: so that nothing flickers while somebody types. */
import { check } from '../../grammar/check/check.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from './analysis.ts';

/** The findings of the new text, and those of the old one that only headers could make and that the change does not touch. */
export function carriedOver(before: Analysis, now: Analysis): readonly Diagnostic[] {
  const plain = new Set(plainFindings(before).map(keyOf));
  const change = changeBetween(before.text, now.text);
  const kept = before.checked.diagnostics.flatMap((finding) => {
    if (plain.has(keyOf(finding))) return [];
    const moved = movedBy(change, finding);
    if (moved === undefined) return [];
    const { code, severity, message, related = [] } = finding;
    const others = related.flatMap((other) => {
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
    const { text, catalogue } = analysis;
    findings = check({ text, ...parse(text), catalogue }).diagnostics;
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

/** The smallest stretch outside of which both texts are the same. */
export function changeBetween(before: string, now: string): Change {
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before[start] === now[start]) start += 1;
  let behind = 0;
  while (
    behind < most - start &&
    before[before.length - 1 - behind] === now[now.length - 1 - behind]
  ) {
    behind += 1;
  }
  return { start, end: before.length - behind, by: now.length - before.length };
}

/** Undefined where the change touches it. */
function movedBy({ start, end, by }: Change, span: Span): Span | undefined {
  if (span.end < start) return { start: span.start, end: span.end };
  if (span.start > end) return { start: span.start + by, end: span.end + by };
  return undefined;
}
