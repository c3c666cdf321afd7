/**
 * What the parser does where the text is broken.
 *
 * The grammar in `parser.ts` and `expressions.ts` is strict and never meets an error: before it reads a mark, a name or a
 * value it asks one of the methods here to make sure that one stands next. Where none does, the slip is reported and the
 * stream is mended in place, so the tree stays whole. Chevrotain's parser is one object, so its layers are classes one on
 * another: the stream, brackets, elements, values and, in this file, the bodies of statements and rules.
 */
import { EOF, type IToken } from 'chevrotain';
import type { Fix } from '../diagnostics/diagnostic.ts';
import { markMissing } from '../diagnostics/mw1007-mark-missing.ts';
import { unexpectedText } from '../diagnostics/mw1001-unexpected-text.ts';
import { replacing } from './finding.ts';
import { spanOf } from './lexer.ts';
import { beginsLine } from './statements.ts';
import { CLOSERS, CLOSING, type Holding } from './bracket-repair.ts';
import { shortened } from './mended-stream.ts';
import { ValueRepair } from './value-repair.ts';
import * as tokens from './tokens.ts';

export abstract class RepairingParser extends ValueRepair {
  /** Makes sure that the body of a merge or an output stands next, or nothing. */
  protected needBodyOrEnd(): void {
    if (this.isRecording()) return;
    let skipped = false;
    for (;;) {
      const token = this.peek();
      if (token === undefined || token.tokenType === tokens.LeftBrace) return;
      const begins = this.opensRule() || (this.startsSetting() && beginsLine(this.text, token));
      if (begins) {
        if (!skipped) this.reportBraceMissing();
        return this.insert(tokens.LeftBrace);
      }
      if (!skipped) this.reportLeftover(token);
      skipped = true;
      this.remove();
    }
  }

  protected reportBraceMissing(): void {
    this.report({
      kind: markMissing,
      span: this.gap,
      message: `A \`{\` is missing${this.lastImage()}.`,
      fixes: [replacing('Insert {', this.gap, ' {')],
    });
  }

  /** Makes sure that the braces of a rule stand next. */
  protected needRuleBody(): void {
    if (this.isRecording()) return;
    let skipped = false;
    for (;;) {
      const token = this.peek();
      if (token?.tokenType === tokens.LeftBrace) return;
      const stops =
        token === undefined ||
        token.tokenType === tokens.RightBrace ||
        this.opensRule() ||
        this.isTake(1) ||
        this.startsSetting();
      if (stops) {
        if (!skipped) this.reportBraceMissing();
        const opensHere = this.startsSetting() || this.isTake(1);
        this.insert(tokens.LeftBrace);
        if (!opensHere) this.insert(tokens.RightBrace, 2);
        else this.missingBraces += 1;
        return;
      }
      if (!skipped) this.reportUnexpected(token, this.commaInPlace(token));
      skipped = true;
      this.remove();
    }
  }

  /** `at layers 24..27, attention`: what was meant is both. */
  protected commaInPlace(token: IToken): readonly Fix[] | undefined {
    return token.tokenType === tokens.Comma
      ? [replacing('Write &', spanOf(token), ' &')]
      : undefined;
  }

  /** Makes sure that an action, or the end of the braces, stands next; `rules` holds rules, the others settings. */
  protected needActionOrCloser(): void {
    if (this.isRecording()) return;
    const within = this.brackets.at(-1)?.holding;
    if (within === undefined) return;
    let skipped = false;
    for (;;) {
      const token = this.peek();
      if (token === undefined) return;
      if (token.tokenType === tokens.RightBrace) {
        if (within !== 'rules' || !this.opensRule(2)) return;
        if (!skipped) this.reportUnexpected(token);
      } else if (this.startsAction(token, within)) return;
      else if (!skipped) this.reportStray(token, this.peek(2));
      skipped = true;
      this.removeStrayGroup();
    }
  }

  protected startsAction(token: IToken, within: Holding): boolean {
    const { tokenType } = token;
    if (this.opensRule()) return within !== 'settings';
    if (tokenType === tokens.Take) return within !== 'settings';
    if (tokenType === tokens.Spread) return within === 'settings';
    if (tokenType !== tokens.Name) return false;
    const sign = this.peek(2)?.tokenType ?? EOF;
    if ([tokens.Equals, tokens.Dot, tokens.Colon, tokens.EqualEqual].includes(sign)) return true;
    const last = this.peek(0)?.tokenType ?? EOF;
    const beginsAction = [tokens.LeftBrace, tokens.Comma].includes(last);
    return within !== 'rules' && (beginsAction || beginsLine(this.text, token));
  }

  /** Leaves out one token, or a pair of brackets with all that it holds. */
  protected removeStrayGroup(): void {
    const first = this.peek();
    if (first === undefined) return;
    if (!CLOSERS.has(first.tokenType)) return this.remove();
    let depth = 0;
    let count = 0;
    for (;;) {
      const token = this.peek(count + 1);
      if (token === undefined) return this.remove();
      if (CLOSERS.has(token.tokenType)) depth += 1;
      if (CLOSING.has(token.tokenType)) depth -= 1;
      count += 1;
      if (depth === 0) return this.remove(1, count);
    }
  }

  /** Whether the next `at` ends a rule that lacks its own brace; if no brace is lacking, it is a rule in a rule. */
  protected endsUnclosedRule(): boolean {
    return this.missingBraces > 0 && this.peek()?.tokenType === tokens.At;
  }

  /** Leaves out what is left of the statement. */
  protected finish(): void {
    if (this.isRecording()) return;
    while (this.strayBraces > 0 && this.next(tokens.RightBrace)) {
      this.strayBraces -= 1;
      this.remove();
    }
    const token = this.peek();
    if (token === undefined) return;
    this.reportLeftover(token);
    this.removeRest();
  }

  protected reportLeftover(token: IToken): void {
    const opensLine = token.tokenType === tokens.Name && beginsLine(this.text, token);
    if (!opensLine) return this.reportUnexpected(token);
    this.report({
      kind: unexpectedText,
      span: spanOf(token),
      message: `\`${shortened(token.image)}\` opens no statement.`,
    });
  }
}
