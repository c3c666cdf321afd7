/**
 * From text to tokens and comments. No character is lost: what means nothing is a finding, and the rest is read.
 */
import { type IToken, Lexer, type TokenType } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { barePoint } from '../diagnostics/mw1014-bare-point.ts';
import { foreignLetter } from '../diagnostics/mw1016-foreign-letter.ts';
import { hashComment } from '../diagnostics/mw1020-hash-comment.ts';
import { loosePercent } from '../diagnostics/mw1021-loose-percent.ts';
import { otherQuotes } from '../diagnostics/mw1011-other-quotes.ts';
import { textUnclosed } from '../diagnostics/mw1012-text-unclosed.ts';
import { unknownCharacter } from '../diagnostics/mw1015-unknown-character.ts';
import { unknownEscape as unknownEscapeKind } from '../diagnostics/mw1013-unknown-escape.ts';
import { diagnosticOf, replacing } from './finding.ts';
import { insideQuotes, unknownEscape } from './literals.ts';
import type { Span } from './span.ts';
import {
  BareNumber,
  Foreign,
  HashComment,
  isReservedWord,
  LEXER_TOKENS,
  LoosePercent,
  Name,
  OpenText,
  OtherText,
  Text,
  Unknown,
} from './tokens.ts';

export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly findings: readonly Diagnostic[];
}

const recipeLexer = new Lexer([...LEXER_TOKENS], {
  positionTracking: 'onlyOffset',
  // A test proves the tokens; at every start that would cost more than reading a recipe.
  skipValidations: true,
});

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** A token of a type at an offset; with an empty image it stands for one that the text lacks. */
export function tokenAt(type: TokenType, startOffset: number, image: string): IToken {
  return {
    image,
    startOffset,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx ?? 0,
  };
}

const LETTER = /\p{L}/u;
const isWordLike = (token: IToken) => token.tokenType === Name || isReservedWord(token.tokenType);

/** Glues `gr`, `ö`, `e` to one name; a run without a letter stays by itself. */
function glueForeign(tokens: readonly IToken[]): IToken[] {
  const glued: IToken[] = [];
  let foreignEnd = -1;
  for (const token of tokens) {
    const before = glued.at(-1);
    const touchesBefore = before !== undefined && endOf(before) === token.startOffset;
    const isForeign = token.tokenType === Foreign && LETTER.test(token.image);
    const joins =
      touchesBefore &&
      ((isForeign && isWordLike(before)) ||
        (foreignEnd === token.startOffset && (isForeign || isWordLike(token))));
    if (!joins) {
      if (isForeign) foreignEnd = endOf(token);
      glued.push(isForeign ? tokenAt(Name, token.startOffset, token.image) : token);
      continue;
    }
    foreignEnd = endOf(token);
    glued[glued.length - 1] = tokenAt(Name, before.startOffset, before.image + token.image);
  }
  return glued;
}

/** Types of tokens that may have something wrong with themselves; a name only where it was glued. */
const fallible: ReadonlySet<TokenType> = new Set([
  Text,
  OtherText,
  OpenText,
  BareNumber,
  LoosePercent,
  Unknown,
  Foreign,
]);

/** What the text of one token has wrong with itself. */
function findingIn(token: IToken): Diagnostic | undefined {
  const span = spanOf(token);
  const { image } = token;
  switch (token.tokenType) {
    case Text:
      return escapeFinding(token);
    case OtherText: {
      const written = insideQuotes(image)
        .replaceAll("\\'", "'")
        .replaceAll(/(?<!\\)"/g, '\\"');
      return diagnosticOf({
        kind: otherQuotes,
        span,
        message: 'Text stands in double quotes.',
        fixes: [replacing('Write double quotes', span, `"${written}"`)],
      });
    }
    case OpenText: {
      const end = token.startOffset + image.trimEnd().length;
      return diagnosticOf({
        kind: textUnclosed,
        span: { start: span.start, end },
        message: 'This text is never closed: a `"` is missing at its end.',
        fixes: [replacing('Close the text', { start: end, end }, '"')],
      });
    }
    case BareNumber: {
      const whole = image.startsWith('.') ? `0${image}` : `${image}0`;
      return diagnosticOf({
        kind: barePoint,
        span,
        message: `A number has a digit on both sides of its point: \`${whole}\`.`,
        fixes: [replacing(`Write ${whole}`, span, whole)],
      });
    }
    case LoosePercent: {
      const joined = image.replace(/\s+/, '');
      return diagnosticOf({
        kind: loosePercent,
        span,
        message: `A percentage has no blank before its sign: \`${joined}\`.`,
        fixes: [replacing(`Write ${joined}`, span, joined)],
      });
    }
    case Name: {
      if (/^[\x00-\x7f]*$/.test(image)) return undefined;
      return diagnosticOf({
        kind: foreignLetter,
        span,
        message: `The name \`${image}\` holds letters outside ASCII.`,
      });
    }
    case Unknown:
    case Foreign:
      return diagnosticOf({
        kind: unknownCharacter,
        span,
        message: `\`${image.slice(0, 20)}\` means nothing in a recipe.`,
        fixes: [replacing('Leave it out', span, '')],
      });
    default:
      return undefined;
  }
}

function escapeFinding(token: IToken): Diagnostic | undefined {
  if (!token.image.includes('\\')) return undefined;
  const written = insideQuotes(token.image);
  const offset = unknownEscape(written);
  if (offset === undefined) return undefined;
  const start = token.startOffset + 1 + offset;
  const slashed = `"${written.replaceAll('\\', '/')}"`;
  return diagnosticOf({
    kind: unknownEscapeKind,
    span: { start, end: Math.min(start + 2, endOf(token) - 1) },
    message: `\`${written.slice(offset, offset + 2)}\` is no escape; in a path write \`/\`.`,
    fixes: [replacing('Write / for every \\', spanOf(token), slashed)],
  });
}

function hashFinding(comment: IToken): Diagnostic {
  const { start } = spanOf(comment);
  const span = { start, end: start + 1 };
  return diagnosticOf({
    kind: hashComment,
    span,
    message: 'A comment opens with `//`.',
    fixes: [replacing('Write //', span, '//')],
  });
}

/**
 * Reads a text into tokens, in order, with no token for what means nothing.
 * No token reaches over a line's end, so that whole lines may be read alone.
 */
export function lex(text: string, { start, end }: Span = { start: 0, end: text.length }): Lexed {
  const isPart = start > 0 || end < text.length;
  const { tokens: raw, groups } = recipeLexer.tokenize(isPart ? text.slice(start, end) : text);
  const comments = groups['comments'] ?? [];
  if (start > 0) for (const token of [...raw, ...comments]) token.startOffset += start;
  const findings = comments.filter((comment) => comment.tokenType === HashComment).map(hashFinding);
  const tokens: IToken[] = [];
  // Most texts have nothing foreign, and most tokens nothing that could be wrong.
  const isForeign = raw.some(({ tokenType }) => tokenType === Foreign);
  for (const token of isForeign ? glueForeign(raw) : raw) {
    const mayBeWrong = fallible.has(token.tokenType) || (isForeign && token.tokenType === Name);
    const finding = mayBeWrong ? findingIn(token) : undefined;
    if (finding !== undefined) findings.push(finding);
    if (token.tokenType !== Unknown && token.tokenType !== Foreign) tokens.push(token);
  }
  return { tokens, comments, findings: findings.sort((one, other) => one.start - other.start) };
}
