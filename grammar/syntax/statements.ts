/**
 * Cuts a recipe's tokens into statements. Every statement opens with its own word, so a slip in one never reaches the
 * next: this is what the parser falls back on after an error, and it is decided before anything is parsed.
 */
import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { misspeltStatement } from '../diagnostics/mw1018-misspelt-statement.ts';
import { nestedTooDeep } from '../diagnostics/mw1017-nested-too-deep.ts';
import { otherWord } from '../diagnostics/mw1019-other-word.ts';
import { diagnosticOf, replacing } from './finding.ts';
import { endOf, spanOf, tokenAt } from './lexer.ts';
import {
  Ampersand,
  At,
  Colon,
  Dot,
  Equals,
  Except,
  isStatementWord,
  Layers,
  LeftBrace,
  LeftBracket,
  LeftParen,
  MissingValue,
  Name,
  Pipe,
  reservedToken,
  RightBrace,
  RightBracket,
  RightParen,
  STATEMENT_WORDS,
  type StatementWord,
  Take,
  Tensors,
  Text,
  To,
  Use,
  Word,
} from './tokens.ts';

/** The tokens of one statement; only those before the first statement have no opening word. */
export interface StatementTokens {
  readonly opens: boolean;
  readonly tokens: readonly IToken[];
  readonly findings: readonly Diagnostic[];
}

/** Brackets within brackets; beyond it a part of the recipe is not read. */
const DEEPEST_NESTING = 100;

function isOfType(token: IToken | undefined, ...types: readonly object[]): boolean {
  return token !== undefined && types.includes(token.tokenType);
}

export function isText(token: IToken | undefined): boolean {
  return isOfType(token, Text) || (token?.tokenType.CATEGORIES?.includes(Text) ?? false);
}

export function isWord(token: IToken | undefined): boolean {
  return token?.tokenType.CATEGORIES?.includes(Word) ?? false;
}

/** Whether a line ends between two neighbouring tokens. */
export function onOtherLine(text: string, before: IToken, after: IToken): boolean {
  return /[\r\n]/.test(text.slice(endOf(before), after.startOffset));
}

/** Whether nothing but blanks stands before a token on its line. */
export function beginsLine(text: string, token: IToken): boolean {
  let offset = token.startOffset - 1;
  while (text.charAt(offset) === ' ' || text.charAt(offset) === '\t') offset -= 1;
  return offset < 0 || text.charAt(offset) === '\n' || text.charAt(offset) === '\r';
}

export interface Neighbours {
  readonly before: IToken | undefined;
  readonly after: IToken | undefined;
}

/** After a dot of its line and before `:` or `.` a reserved word is a word like any other. */
export function isPlainWord(text: string, token: IToken, { before, after }: Neighbours): boolean {
  if (isOfType(after, Colon, Dot)) return true;
  return before?.tokenType === Dot && !onOtherLine(text, before, token);
}

/** One insertion, removal, exchange of neighbours or other letter. */
function isNearly(written: string, word: string): boolean {
  if (written === word || Math.abs(written.length - word.length) > 1) return false;
  let same = 0;
  while (same < word.length && written.charAt(same) === word.charAt(same)) same += 1;
  const [ours, theirs] = [written.slice(same), word.slice(same)];
  return (
    ours.slice(1) === theirs.slice(1) ||
    ours.slice(1) === theirs ||
    ours === theirs.slice(1) ||
    (ours.charAt(0) === theirs.charAt(1) &&
      ours.charAt(1) === theirs.charAt(0) &&
      ours.slice(2) === theirs.slice(2))
  );
}

/** The statement word that was meant, if one is near. */
export function nearStatementWord(written: string): StatementWord | undefined {
  const lower = written.toLowerCase();
  return STATEMENT_WORDS.find((word) => lower === word || isNearly(lower, word));
}

class Splitter {
  readonly statements: StatementTokens[] = [];
  private readonly text: string;
  private readonly source: readonly IToken[];
  private tokens: IToken[] = [];
  private findings: Diagnostic[] = [];
  private opens = false;
  private braces = 0;

  constructor(text: string, source: readonly IToken[]) {
    this.text = text;
    this.source = source;
  }

  split(): readonly StatementTokens[] {
    for (let index = 0; index < this.source.length; index += 1) this.read(index);
    this.close();
    return this.statements;
  }

  private close(): void {
    if (this.tokens.length > 0) {
      const { opens, tokens, findings } = this;
      this.statements.push({ opens, ...withoutDepth(tokens, findings) });
    }
    this.tokens = [];
    this.findings = [];
    this.braces = 0;
  }

  private open(token: IToken): void {
    this.close();
    this.opens = true;
    this.tokens.push(token);
  }

  private read(index: number): void {
    const token = this.source[index];
    if (token === undefined) return;
    if (isStatementWord(token.tokenType)) {
      if (this.readSlip(token, index)) return;
      if (this.opensStatement(token, index)) return this.open(token);
    }
    const meant = this.misspelt(token, index);
    if (meant !== undefined) {
      this.open(tokenAt(reservedToken(meant), token.startOffset, token.image));
      this.findings.push(
        diagnosticOf({
          kind: misspeltStatement,
          span: spanOf(token),
          message: `\`${token.image}\` opens no statement; \`${meant}\` does.`,
          fixes: [replacing(`Write ${meant}`, spanOf(token), meant)],
        }),
      );
      return;
    }
    if (token.tokenType === LeftBrace) this.braces += 1;
    if (token.tokenType === RightBrace) this.braces -= 1;
    this.tokens.push(token);
  }

  private opensStatement(token: IToken, index: number): boolean {
    const before = this.source[index - 1];
    const after = this.source[index + 1];
    if (isPlainWord(this.text, token, { before, after })) return false;
    if (before?.tokenType === Colon && after?.tokenType === Equals) return false;
    if (token.tokenType === Layers) {
      return after?.tokenType === Name && this.source[index + 2]?.tokenType === Equals;
    }
    // `model merge = …`: a reserved word where the name of the statement just opened should stand.
    const takesNamePlace =
      after?.tokenType === Equals &&
      before !== undefined &&
      this.tokens.length === 1 &&
      before === this.tokens[0] &&
      !onOtherLine(this.text, before, token);
    return !takesNamePlace;
  }

  /** `use code` in a rule and `at tensors "…"` can be no statements, and what was meant is plain. */
  private readSlip(token: IToken, index: number): boolean {
    const before = this.source[index - 1];
    const after = this.source[index + 1];
    if (isPlainWord(this.text, token, { before, after })) return false;
    const usesName = token.tokenType === Use && this.braces > 0 && after?.tokenType === Name;
    if (usesName && isOfType(before, LeftBrace, RightBrace)) return this.readAsTake(token);
    if (usesName && beginsLine(this.text, token)) return this.readAsTake(token);
    const inPlace = isOfType(before, At, Ampersand, Pipe, Except, LeftParen);
    if (token.tokenType !== Tensors || !inPlace || !isText(after)) return false;
    this.findings.push(
      diagnosticOf({
        kind: otherWord,
        span: spanOf(token),
        message: 'Text in a place is a pattern of tensor names by itself.',
        fixes: [
          replacing(
            'Leave out tensors',
            { start: token.startOffset, end: after?.startOffset ?? endOf(token) },
            '',
          ),
        ],
      }),
    );
    return true;
  }

  private readAsTake(token: IToken): true {
    this.findings.push(
      diagnosticOf({
        kind: otherWord,
        span: spanOf(token),
        message: 'A rule takes a tensor with `take`; `use` imports a recipe.',
        fixes: [replacing('Write take', spanOf(token), 'take')],
      }),
    );
    this.tokens.push(tokenAt(Take, token.startOffset, token.image));
    return true;
  }

  /** A line like `modle x = …`; two names side by side stand nowhere else in a right recipe. */
  private misspelt(token: IToken, index: number): StatementWord | undefined {
    const [name, sign] = [this.source[index + 1], this.source[index + 2]];
    if (token.tokenType !== Name || name?.tokenType !== Name) return undefined;
    if (!isOfType(sign, Equals, Colon, To) || !beginsLine(this.text, token)) return undefined;
    return nearStatementWord(token.image);
  }
}

const opening: ReadonlySet<TokenType> = new Set([LeftParen, LeftBracket, LeftBrace]);
const closing: ReadonlySet<TokenType> = new Set([RightParen, RightBracket, RightBrace]);

/** Replaces what is nested too deep by a missing value, so that neither the parser nor a reader of the tree recurses far. */
function withoutDepth(
  tokens: readonly IToken[],
  findings: readonly Diagnostic[],
): Pick<StatementTokens, 'tokens' | 'findings'> {
  const kept: IToken[] = [];
  const found = [...findings];
  let depth = 0;
  for (const token of tokens) {
    const opensBracket = opening.has(token.tokenType);
    const closesBracket = closing.has(token.tokenType);
    if (opensBracket) depth += 1;
    if (depth <= DEEPEST_NESTING) kept.push(token);
    if (opensBracket && depth === DEEPEST_NESTING + 1) {
      kept.push(tokenAt(MissingValue, token.startOffset, ''));
      found.push(
        diagnosticOf({
          kind: nestedTooDeep,
          span: spanOf(token),
          message: `Brackets are nested more than ${DEEPEST_NESTING} deep here.`,
        }),
      );
    }
    if (closesBracket && depth > 0) depth -= 1;
  }
  return { tokens: kept, findings: found };
}

export function splitStatements(
  text: string,
  tokens: readonly IToken[],
): readonly StatementTokens[] {
  return new Splitter(text, tokens).split();
}
