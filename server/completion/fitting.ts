/**
 * Whether a proposal fits into the text around it: read again with the proposal in its place, the statement must have no slip
 * that it had not before. So nothing is offered that would be a syntax error, whatever stands behind the cursor.
 */
import { parse } from '../../grammar/syntax/parse.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Proposal } from './proposal.ts';

/** What an author may go on to write where a snippet leaves a place open. */
const fillings = ['', 'x', 'x = 1', '1'] as const;

export interface Surrounded {
  /** The statements around the cursor, and the word in them that a proposal replaces. */
  readonly text: string;
  readonly word: Span;
  readonly slips: Slips;
}

interface Slips {
  readonly count: number;
  /** Of the first. */
  readonly start: number;
}

/** The statement that a word stands in or behind, as far as the next one. */
export function surroundingsOf({ text, parsed }: Analysis, word: Span): Surrounded {
  const { pieces } = parsed;
  const at = pieces.findLastIndex(({ start }) => start <= word.start);
  const start = pieces[at]?.start ?? 0;
  const end = pieces.find((piece) => piece.start >= word.end && piece.start > start)?.start;
  const around = text.slice(start, end);
  return {
    text: around,
    word: { start: word.start - start, end: word.end - start },
    slips: slipsOf(around),
  };
}

/** As it is proposed, else by its bare name, where one of them fits. */
export function fitting(proposal: Proposal, around: Surrounded): Proposal | undefined {
  const { label, snippet } = proposal;
  if (snippet === undefined) return fits(label, around) ? proposal : undefined;
  if (fillings.some((filling) => fits(filled(snippet, filling), around))) return proposal;
  const isName = /^[A-Za-z_]\w*$/.test(label);
  if (!isName || !fits(label, around)) return undefined;
  return { ...proposal, snippet: label, goesOn: false };
}

function fits(written: string, { text, word, slips }: Surrounded): boolean {
  const now = slipsOf(text.slice(0, word.start) + written + text.slice(word.end));
  if (now.count > slips.count) return false;
  return now.start >= word.start + written.length || slips.start < word.start;
}

function slipsOf(text: string): Slips {
  const { diagnostics } = parse(text);
  return { count: diagnostics.length, start: diagnostics[0]?.start ?? Infinity };
}

/** A snippet with its named places as they are and the open ones filled. */
export function filled(snippet: string, filling: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, () => filling);
}
