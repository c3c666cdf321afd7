/** Elements between commas: arguments, items and entries, one of which may be missing, stray or run into the next. */
import type { IToken, TokenType } from 'chevrotain';
import { commaMissing } from '../diagnostics/mw1006-comma-missing.ts';
import { reservedWord } from '../diagnostics/mw1004-reserved-word.ts';
import { valueMissing } from '../diagnostics/mw1002-value-missing.ts';
import { replacing } from './finding.ts';
import { endOf, spanOf } from './lexer.ts';
import { isText, isWord } from './statements.ts';
import { BracketRepair, CLOSING } from './bracket-repair.ts';
import { shortened } from './mended-stream.ts';
import * as tokens from './tokens.ts';

export const VALUE_STARTS: ReadonlySet<TokenType> = new Set([
  ...[tokens.NumberToken, tokens.BareNumber, tokens.Percent, tokens.LoosePercent],
  ...[tokens.Bytes, tokens.Duration],
  ...[tokens.Text, tokens.OtherText, tokens.OpenText, tokens.True, tokens.False, tokens.Name],
  ...[tokens.LeftBracket, tokens.LeftBrace, tokens.LeftParen, tokens.Minus, tokens.MissingValue],
]);

export abstract class ElementRepair extends BracketRepair {
  protected startsElement(token: IToken): boolean {
    if (token.tokenType === tokens.Spread) return true;
    if (this.brackets.at(-1)?.holding === 'entries') {
      const startsKey = [tokens.Minus, tokens.NumberToken, tokens.BareNumber];
      return isWord(token) || isText(token) || startsKey.includes(token.tokenType);
    }
    if (VALUE_STARTS.has(token.tokenType) || token.tokenType === tokens.Layers) return true;
    return isWord(token) && this.peek(2)?.tokenType === tokens.Colon;
  }

  /** Makes sure that an element or the closing mark stands next, right behind the opening one. */
  protected needElementOrCloser(): void {
    if (this.isRecording()) return;
    for (;;) {
      const token = this.peek();
      if (token === undefined || this.isInnerCloser(token) || this.leavesBracket()) return;
      if (this.startsElement(token)) return;
      if (token.tokenType === tokens.Comma && this.brackets.at(-1)?.holding !== 'entries') {
        return this.insertMissingValue();
      }
      this.removeStray(token);
    }
  }

  protected isInnerCloser(token: IToken): boolean {
    return token.tokenType === this.brackets.at(-1)?.closer;
  }

  /** Makes sure that behind an element there stands a comma with an element or the closing mark behind it, or this mark. */
  protected needCommaOrCloser(): void {
    if (this.isRecording()) return;
    for (;;) {
      const token = this.peek();
      if (token === undefined || this.isInnerCloser(token)) return;
      if (token.tokenType === tokens.Comma) return this.needElementBehindComma();
      if (this.leavesBracket()) return;
      if (this.startsElement(token)) {
        this.report({
          kind: commaMissing,
          span: this.gap,
          message: `A comma is missing before \`${shortened(token.image)}\`.`,
          fixes: [replacing('Insert a comma', this.gap, ',')],
        });
        return this.insert(tokens.Comma);
      }
      this.removeStray(token);
    }
  }

  protected needElementBehindComma(): void {
    for (;;) {
      const token = this.peek(2);
      if (token === undefined || this.isInnerCloser(token)) return;
      if (this.oneOn(() => this.leavesBracket())) {
        const bracket = this.brackets.at(-1);
        if (bracket === undefined) return;
        this.reportUnclosed(bracket);
        return this.insert(bracket.closer, 2);
      }
      if (this.oneOn(() => this.startsElement(token))) return;
      if (token.tokenType === tokens.Comma && this.brackets.at(-1)?.holding !== 'entries') {
        const comma = this.peek();
        const offset = comma === undefined ? this.lastEnd : endOf(comma);
        this.report({
          kind: valueMissing,
          span: { start: offset, end: offset },
          message: 'A value is missing between two commas.',
        });
        return this.insert(tokens.MissingValue, 2);
      }
      this.reportStray(token, this.peek(3));
      this.remove(2);
    }
  }

  protected insertMissingValue(what = 'A value'): void {
    this.report({
      kind: valueMissing,
      span: this.gap,
      message: `${what} is missing${this.lastImage()}.`,
    });
    this.insert(tokens.MissingValue);
  }

  protected removeStray(token: IToken): void {
    this.reportStray(token, this.peek(2));
    this.remove();
  }

  protected reportStray(token: IToken, after: IToken | undefined): void {
    if (!tokens.isReservedWord(token.tokenType)) return this.reportUnexpected(token);
    const standsAlone =
      after === undefined || after.tokenType === tokens.Comma || CLOSING.has(after.tokenType);
    if (standsAlone) this.reportReserved(token);
    else this.reportUnexpected(token);
  }

  protected reportReserved(token: IToken): void {
    this.report({
      kind: reservedWord,
      span: spanOf(token),
      message: `\`${token.image}\` is a word of the language, so nothing can be called that.`,
    });
  }
}
