/**
 * The brackets that are open while a statement is read, and where one that is never closed has to end: at a rule, at a
 * setting that begins a line, at an outer bracket, at the statement's end.
 */
import { EOF, type IToken, type TokenType } from 'chevrotain';
import { bracketUnclosed } from '../diagnostics/mw1005-bracket-unclosed.ts';
import { replacing } from './finding.ts';
import { spanOf } from './lexer.ts';
import { beginsLine, isPlainWord, isWord } from './statements.ts';
import { MendedStream } from './mended-stream.ts';
import * as tokens from './tokens.ts';

/** What a pair of brackets holds, and so what may stand next in it. */
export type Holding =
  'arguments' | 'items' | 'entries' | 'group' | 'layers' | 'rules' | 'actions' | 'settings';

interface OpenBracket {
  readonly token: IToken;
  readonly closer: TokenType;
  readonly holding: Holding;
}

export const CLOSERS: ReadonlyMap<TokenType, TokenType> = new Map([
  [tokens.LeftParen, tokens.RightParen],
  [tokens.LeftBracket, tokens.RightBracket],
  [tokens.LeftBrace, tokens.RightBrace],
]);
export const CLOSING: ReadonlySet<TokenType> = new Set(CLOSERS.values());

const literalOf = (type: TokenType): string => String(type.PATTERN);

export abstract class BracketRepair extends MendedStream {
  protected brackets: OpenBracket[] = [];
  protected strayBraces = 0;
  protected unclosedBraces = 0;
  protected missingBraces = 0;

  /** Takes the tokens of one statement; `strayBraces` may be left over from braces that the one before left open. */
  protected beginStatement(text: string, statement: readonly IToken[], strayBraces: number): void {
    this.begin(text, statement);
    this.brackets = [];
    this.strayBraces = strayBraces;
    this.unclosedBraces = 0;
    const count = (type: TokenType) => statement.filter((token) => token.tokenType === type).length;
    this.missingBraces = count(tokens.LeftBrace) - count(tokens.RightBrace);
  }

  /** Braces still to be closed by the text below the statement. */
  protected get openBraces(): number {
    return this.strayBraces + this.unclosedBraces;
  }

  protected opened(token: IToken, holding: Holding): void {
    if (this.RECORDING_PHASE) return;
    const closer = CLOSERS.get(token.tokenType);
    if (closer !== undefined) this.brackets.push({ token, closer, holding });
  }

  protected closed(): void {
    if (!this.RECORDING_PHASE) this.brackets.pop();
  }

  /** Whether a word here opens a rule, and is no plain word after a dot or before a colon. */
  protected opensRule(ahead = 1): boolean {
    const token = this.peek(ahead);
    if (token?.tokenType !== tokens.At) return false;
    const neighbours = { before: this.peek(ahead - 1), after: this.peek(ahead + 1) };
    return !isPlainWord(this.text, token, neighbours);
  }

  /** Whether `name =`, `name.part =` or the like stands next. */
  protected startsSetting(ahead = 1): boolean {
    if (this.peek(ahead)?.tokenType !== tokens.Name) return false;
    let place = ahead + 1;
    while (this.peek(place)?.tokenType === tokens.Dot && isWord(this.peek(place + 1))) place += 2;
    return this.peek(place)?.tokenType === tokens.Equals;
  }

  protected holds(...holdings: readonly Holding[]): boolean {
    return this.brackets.some(({ holding }) => holdings.includes(holding));
  }

  /** In the braces of a rule or an output a setting that begins a line goes on after an error, and so does `take`. */
  protected continuesSettings(): boolean {
    const token = this.peek();
    if (token === undefined || !this.holds('actions', 'settings', 'rules')) return false;
    if (token.tokenType === tokens.Take) return beginsLine(this.text, token);
    return this.startsSetting() && beginsLine(this.text, token);
  }

  /** Whether the innermost bracket is closed by what follows, before a rule begins or an outer one is closed. */
  protected isClosedAhead(): boolean {
    const closer = this.brackets.at(-1)?.closer;
    let depth = 0;
    for (let ahead = 1; ; ahead += 1) {
      const token = this.peek(ahead);
      if (token === undefined || this.opensRule(ahead)) return false;
      if (CLOSERS.has(token.tokenType)) depth += 1;
      if (!CLOSING.has(token.tokenType)) continue;
      if (depth === 0) return token.tokenType === closer;
      depth -= 1;
    }
  }

  /** Whether what follows belongs to something outside the innermost bracket, which is then closed here. */
  protected leavesBracket(): boolean {
    const token = this.peek();
    if (token === undefined || this.opensRule()) return true;
    const { tokenType } = token;
    if (tokenType === tokens.LeftBrace) return this.opensBody();
    if (tokenType === tokens.In) return true;
    if (CLOSING.has(tokenType)) {
      return this.brackets.slice(0, -1).some(({ closer }) => closer === tokenType);
    }
    if (!this.continuesSettings()) return false;
    const within = this.brackets.at(-1)?.holding;
    const isArgument = (within === 'arguments' || within === 'entries') && this.startsSetting();
    const last = this.peek(0)?.tokenType ?? EOF;
    const isElement = [tokens.Comma, tokens.LeftParen, tokens.LeftBrace].includes(last);
    return !(isArgument && isElement && this.isClosedAhead());
  }

  /** Whether a `{` opens the rules of a merge or the settings of a rule, and no map. */
  protected opensBody(ahead = 1): boolean {
    if (this.peek(ahead)?.tokenType !== tokens.LeftBrace) return false;
    return this.opensRule(ahead + 1) || this.startsSetting(ahead + 1) || this.isTake(ahead + 1);
  }

  protected isTake(ahead: number): boolean {
    const token = this.peek(ahead);
    if (token?.tokenType !== tokens.Take) return false;
    const neighbours = { before: this.peek(ahead - 1), after: this.peek(ahead + 1) };
    return !isPlainWord(this.text, token, neighbours);
  }

  /** Whether a `{` behind an item is the expert's own map, and not the rules of the merge. */
  protected opensOwnMap(): boolean {
    return !(this.peek()?.tokenType === tokens.LeftBrace && this.opensRule(2));
  }

  /** Makes sure that the innermost bracket is closed next. */
  protected needCloser(): void {
    if (this.isRecording()) return;
    const bracket = this.brackets.at(-1);
    if (bracket === undefined) return;
    let skipped = false;
    while (!this.next(bracket.closer)) {
      const token = this.peek();
      if (token === undefined || skipped || this.leavesBracket() || !this.isClosedAhead()) {
        if (!skipped) this.reportUnclosed(bracket);
        if (token === undefined && bracket.closer === tokens.RightBrace) this.unclosedBraces += 1;
        else if (bracket.closer === tokens.RightBrace) this.missingBraces -= 1;
        return this.insert(bracket.closer);
      }
      this.reportUnexpected(token);
      this.removeToCloser(bracket.closer);
      skipped = true;
    }
  }

  protected removeToCloser(closer: TokenType): void {
    let depth = 0;
    let count = 0;
    for (;;) {
      const token = this.peek(count + 1);
      if (token === undefined) break;
      if (depth === 0 && token.tokenType === closer) break;
      if (CLOSERS.has(token.tokenType)) depth += 1;
      if (CLOSING.has(token.tokenType)) depth -= 1;
      count += 1;
    }
    this.remove(1, count);
  }

  protected reportUnclosed({ token, closer }: OpenBracket): void {
    const mark = literalOf(closer);
    const related = [{ ...spanOf(token), message: `This \`${token.image}\` is opened here.` }];
    this.report({
      kind: bracketUnclosed,
      span: this.gap,
      message: `A \`${mark}\` is missing${this.lastImage()}.`,
      fixes: [replacing(`Insert ${mark}`, this.gap, mark)],
      ...(token.image === '' ? {} : { related }),
    });
  }
}
