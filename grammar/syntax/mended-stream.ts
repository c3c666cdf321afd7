/**
 * The parser's stream of tokens, and how it is mended while it is read: a token with no text of its own is put in, a stray
 * one is left out, one is read as another. Every mend goes with a finding.
 */
import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from 'chevrotain';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts';
import { unexpectedText } from '../diagnostics/mw1001-unexpected-text.ts';
import { diagnosticOf, type Finding, replacing } from './finding.ts';
import { endOf, spanOf, tokenAt } from './lexer.ts';
import type { Span } from './span.ts';
import * as tokens from './tokens.ts';

/** Chevrotain's place in its token vector, which it has no public name for. */
interface TokenStream {
  currIdx: number;
  tokVector: IToken[];
  tokVectorLength: number;
}

/** Mends in one statement; after as many the rest of it is not read. Only the first is ever reported. */
const MOST_MENDS = 200;

/** Values of one token. */
const LONE_VALUES: ReadonlySet<TokenType> = new Set([
  ...[tokens.NumberToken, tokens.Percent, tokens.Bytes, tokens.Duration, tokens.Text],
  ...[tokens.True, tokens.False, tokens.Name],
]);
const VALUE_ENDS: ReadonlySet<TokenType> = new Set([
  ...[tokens.Comma, tokens.RightParen, tokens.RightBracket, tokens.RightBrace, EOF],
]);

const UNITS = [...Object.keys(tokens.BYTE_UNITS), ...Object.keys(tokens.DURATION_UNITS)];

export abstract class MendedStream extends EmbeddedActionsParser {
  protected text = '';
  private found: Diagnostic[] = [];
  private mends = 0;
  /** Tokens looked at since the parser was made: what a text costs, whatever the machine. */
  steps = 0;

  /** Takes the tokens of one statement. */
  protected begin(text: string, statement: readonly IToken[]): void {
    this.text = text;
    this.found = [];
    this.mends = 0;
    this.input = [...statement];
  }

  protected get findings(): readonly Diagnostic[] {
    return this.found;
  }

  private get stream(): TokenStream {
    return this as unknown as TokenStream;
  }

  /** The token `ahead` places on; 0 is the one read last. */
  protected peek(ahead = 1): IToken | undefined {
    this.steps += 1;
    const token = this.stream.tokVector[this.stream.currIdx + ahead];
    return token?.tokenType === EOF ? undefined : token;
  }

  protected next(...types: readonly TokenType[]): boolean {
    const type = this.peek()?.tokenType;
    return type !== undefined && types.includes(type);
  }

  /** The end of what was read last. */
  protected get lastEnd(): number {
    const last = this.peek(0);
    return last === undefined ? 0 : endOf(last);
  }

  protected insert(type: TokenType, ahead = 1): void {
    const { stream } = this;
    const before = this.peek(ahead - 1);
    const offset = before === undefined ? 0 : endOf(before);
    stream.tokVector.splice(stream.currIdx + ahead, 0, tokenAt(type, offset, ''));
    stream.tokVectorLength += 1;
    this.countMend();
  }

  protected remove(ahead = 1, count = 1): void {
    const { stream } = this;
    stream.tokVector.splice(stream.currIdx + ahead, count);
    stream.tokVectorLength -= count;
    this.countMend();
  }

  protected replace(type: TokenType, ahead = 1): void {
    const token = this.peek(ahead);
    if (token === undefined) return;
    const replaced = tokenAt(type, token.startOffset, token.image);
    this.stream.tokVector[this.stream.currIdx + ahead] = replaced;
    this.countMend();
  }

  private countMend(): void {
    this.mends += 1;
  }

  /**
   * While the grammar is recorded there is no stream to mend. Every method asks this first, so it is also the place where
   * the rest of a hopeless statement can be left out: all that was made sure of has been read by then.
   */
  protected isRecording(): boolean {
    if (this.RECORDING_PHASE) return true;
    if (this.mends >= MOST_MENDS) this.removeRest();
    return false;
  }

  protected removeRest(): void {
    const { stream } = this;
    const count = stream.tokVectorLength - stream.currIdx - 1;
    stream.tokVector.splice(stream.currIdx + 1, count);
    stream.tokVectorLength -= count;
  }

  protected report(finding: Finding): void {
    this.found.push(diagnosticOf(finding));
  }

  protected get gap(): Span {
    return { start: this.lastEnd, end: this.lastEnd };
  }

  protected lastImage(): string {
    const last = this.peek(0);
    return last === undefined || last.image === '' ? '' : ` after \`${shortened(last.image)}\``;
  }

  protected reportUnexpected(token: IToken, fixes?: readonly Fix[]): void {
    const unit = unitNear(token.image);
    const behindNumber = this.peek(0)?.tokenType === tokens.NumberToken && unit !== undefined;
    if (behindNumber && token.startOffset - this.lastEnd <= 1) {
      return this.report({
        kind: unexpectedText,
        span: spanOf(token),
        message: `\`${token.image}\` is no unit; \`${unit}\` is.`,
        fixes: [replacing(`Write ${unit}`, spanOf(token), unit)],
      });
    }
    const message = `\`${shortened(token.image)}\` is not expected here.`;
    this.report({ kind: unexpectedText, span: spanOf(token), message, fixes });
  }

  /** What one would know a token further on. */
  protected oneOn(know: () => boolean): boolean {
    this.stream.currIdx += 1;
    const known = know();
    this.stream.currIdx -= 1;
    return known;
  }

  /** Whether a value stands next by itself, closed off by what follows, so that no operator can belong to it. */
  protected isLoneValue(): boolean {
    const { tokVector, currIdx } = this.stream;
    const value = tokVector[currIdx + 1];
    const behind = tokVector[currIdx + 2];
    if (value === undefined || behind === undefined) return false;
    return LONE_VALUES.has(value.tokenType) && VALUE_ENDS.has(behind.tokenType);
  }
}

/** The unit that was meant, if only its capitals differ. */
function unitNear(written: string): string | undefined {
  return UNITS.find((unit) => unit.toLowerCase() === written.toLowerCase());
}

/** A token's text, cut where it is long. */
export function shortened(image: string): string {
  return image.length <= 30 ? image : `${image.slice(0, 29)}…`;
}
