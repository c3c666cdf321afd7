/**
 * Warnings that the author allows: `// allow CODE: reason` on its line or, standing alone, on the next; and codes allowed
 * everywhere by a setting. Errors are never silenced.
 */
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/finding.ts';
import { unknownAllowance } from '../diagnostics/mw2018-unknown-allowance.ts';
import { unusedAllowance } from '../diagnostics/mw2019-unused-allowance.ts';
import { kindOfCode } from '../diagnostics/registry.ts';
import type { Span } from '../syntax/span.ts';
import type { Comment } from '../syntax/tree.ts';
import type { Checked } from './checked.ts';

const form = /^\s*allow\s+(MW\d{4}(?:\s*,\s*MW\d{4})*)\b/;

interface Allowance extends Span {
  readonly code: string;
  /** The line it speaks of, from 0. */
  readonly line: number;
}

export interface Silencing {
  readonly comments: readonly Comment[];
  readonly text: string;
  /** Codes that are silenced everywhere. */
  readonly allow?: ReadonlySet<string>;
  /** How deep the check could look: what it cannot have found is not missed. */
  readonly reached: Checked['reached'];
}

/** Of findings that came later than the check, those that nothing silences. */
export function notAllowed(
  diagnostics: readonly Diagnostic[],
  { comments, text, allow = new Set() }: Omit<Silencing, 'reached'>,
): readonly Diagnostic[] {
  const lineAt = lineCounter(text);
  const allowances = allowancesIn(comments, text, lineAt);
  return diagnostics.filter(({ severity, code, start }) => {
    if (severity === 'error') return true;
    const line = lineAt(start);
    return !allow.has(code) && !allowances.some((of) => of.code === code && of.line === line);
  });
}

/** The findings that nothing silences, with those that the comments themselves deserve. */
export function unsilenced(
  diagnostics: readonly Diagnostic[],
  { comments, text, allow = new Set(), reached }: Silencing,
): readonly Diagnostic[] {
  const lineAt = lineCounter(text);
  const allowances = allowancesIn(comments, text, lineAt);
  const used = new Set<Allowance>();
  const left = diagnostics.filter((diagnostic) => {
    if (diagnostic.severity === 'error') return true;
    const line = lineAt(diagnostic.start);
    const silencing = allowances.filter((of) => of.code === diagnostic.code && of.line === line);
    for (const of of silencing) used.add(of);
    return silencing.length === 0 && !allow.has(diagnostic.code);
  });
  if (allowances.length === 0) return left;
  const own = allowances.flatMap((allowance) =>
    used.has(allowance) ? [] : lintAllowance(allowance, reached),
  );
  return [...left, ...own.filter(({ code }) => !allow.has(code))];
}

function lintAllowance(allowance: Allowance, reached: Checked['reached']): readonly Diagnostic[] {
  const { code, start, end } = allowance;
  const kind = kindOfCode(code);
  if (kind === undefined) {
    // Faults of files, of the machine and of interchange have codes of their own.
    if (/^MW[467]/.test(code)) return [];
    const message = `There is no finding ${code} that could be allowed.`;
    return [finding(unknownAllowance, { start, end }, message)];
  }
  if (kind.severity === 'error') {
    const message = `${code}, “${kind.title}”, is an error, and errors are not silenced.`;
    return [finding(unknownAllowance, { start, end }, message)];
  }
  const isMeasured = code.startsWith('MW5');
  const isDeep = code.startsWith('MW4') && reached === 'text';
  if (isMeasured || isDeep) return [];
  const message = `Nothing on its line gives ${code} any more.`;
  return [finding(unusedAllowance, { start, end }, message)];
}

function allowancesIn(
  comments: readonly Comment[],
  text: string,
  lineAt: (offset: number) => number,
): readonly Allowance[] {
  return comments.flatMap((comment) => {
    const codes = comment.kind === 'comment' ? form.exec(comment.text)?.[1] : undefined;
    if (codes === undefined) return [];
    const own = lineAt(comment.start);
    const line = standsAlone(text, comment.start) ? own + 1 : own;
    return [...codes.matchAll(/MW\d{4}/g)].map(([code]): Allowance => {
      const start = text.indexOf(code, comment.start);
      return { code, line, start, end: start + code.length };
    });
  });
}

function standsAlone(text: string, start: number): boolean {
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
}

/**
 * The edit that allows a finding on its line: a comment behind it, above it where the line has another comment, or one code
 * more in a comment that allows something already. Undefined for errors. Why is for the author to say.
 */
export function allowing(
  text: string,
  { code, severity, start }: Pick<Diagnostic, 'code' | 'severity' | 'start'>,
): Fix | undefined {
  if (severity === 'error') return undefined;
  const title = `Allow ${code} on this line`;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', start);
  const to = next < 0 ? text.length : next;
  const line = text.slice(from, to).replace(/\r$/, '');
  const known = /\/\/\s*allow\s+MW\d{4}(?:\s*,\s*MW\d{4})*/.exec(line);
  if (known !== null) {
    const at = from + known.index + known[0].length;
    return { title, edits: [{ start: at, end: at, text: `, ${code}` }] };
  }
  const comment = `// allow ${code}: as intended`;
  if (line.includes('//')) {
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    return { title, edits: [{ start: from, end: from, text: `${indent}${comment}\n` }] };
  }
  const at = from + line.trimEnd().length;
  return { title, edits: [{ start: at, end: at, text: `  ${comment}` }] };
}

/** The number of an offset's line, from 0. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
