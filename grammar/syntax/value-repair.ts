/** Names, words, texts, values and the signs between them: what is missing becomes a token that the tree shows as absent. */
import { EOF, type IToken } from 'chevrotain';
import { equalsOrColon } from '../diagnostics/mw1008-equals-or-colon.ts';
import { markMissing } from '../diagnostics/mw1007-mark-missing.ts';
import { nameMissing } from '../diagnostics/mw1003-name-missing.ts';
import { unexpectedText } from '../diagnostics/mw1001-unexpected-text.ts';
import { valueMissing } from '../diagnostics/mw1002-value-missing.ts';
import { replacing } from './finding.ts';
import { endOf, spanOf } from './lexer.ts';
import type { Span } from './span.ts';
import { isText, isWord, onOtherLine } from './statements.ts';
import { CLOSERS, CLOSING } from './bracket-repair.ts';
import { ElementRepair, VALUE_STARTS } from './element-repair.ts';
import * as tokens from './tokens.ts';

export abstract class ValueRepair extends ElementRepair {
  /** Makes sure that a name stands next; `of` says whose it is. */
  protected needName(of: string): void {
    if (this.isRecording() || this.next(tokens.Name)) return;
    const token = this.peek();
    const isReserved =
      token !== undefined &&
      tokens.isReservedWord(token.tokenType) &&
      !onOtherLine(this.text, this.peek(0) ?? token, token);
    if (isReserved) {
      this.reportReserved(token);
      this.remove();
    } else {
      this.report({ kind: nameMissing, span: this.gap, message: `${of} has no name.` });
    }
    this.insert(tokens.Name);
  }

  /** Makes sure that a word stands behind a dot or a colon. */
  protected needWord(of: string): void {
    if (this.isRecording()) return;
    const token = this.peek();
    if (token !== undefined && isWord(token) && !this.continuesSettings()) {
      const last = this.peek(0);
      const opens = token.tokenType === tokens.At || token.tokenType === tokens.Take;
      if (!opens || last === undefined || !onOtherLine(this.text, last, token)) return;
    }
    this.report({
      kind: nameMissing,
      span: this.gap,
      message: `${of} is missing${this.lastImage()}.`,
    });
    this.insert(tokens.Name);
  }

  /** Makes sure that a text stands next: on its line, what is none is left out. */
  protected needText(what: string): void {
    if (this.isRecording() || isText(this.peek())) return;
    const last = this.peek(0);
    let count = 0;
    for (;;) {
      const token = this.peek(count + 1);
      if (token === undefined || isText(token)) break;
      if (token.tokenType === tokens.LeftBrace || token.tokenType === tokens.As) break;
      if (last !== undefined && onOtherLine(this.text, last, token)) break;
      count += 1;
    }
    const [first, final] = [this.peek(1), this.peek(count)];
    if (count > 0 && first !== undefined && final !== undefined) {
      this.reportUnquoted(what, { start: first.startOffset, end: endOf(final) });
      this.remove(1, count);
    } else {
      const message = `${what} is missing${this.lastImage()}.`;
      this.report({ kind: valueMissing, span: this.gap, message });
    }
    if (!isText(this.peek())) this.insert(tokens.Text);
  }

  protected reportUnquoted(what: string, span: Span): void {
    const written = this.text.slice(span.start, span.end);
    const fixes = written.includes('"')
      ? undefined
      : [replacing('Write double quotes', span, `"${written}"`)];
    this.report({
      kind: valueMissing,
      span,
      message: `${what} stands in double quotes.`,
      fixes,
    });
  }

  /** Makes sure that an operand stands next. */
  protected needValue(): void {
    if (this.isRecording()) return;
    this.dropInnerLayers();
    const token = this.peek();
    if (token === undefined) return this.insertMissingValue();
    const last = this.peek(0)?.tokenType;
    const opensBody =
      token.tokenType === tokens.LeftBrace && (last === tokens.At || this.opensBodyHere());
    const isValue = VALUE_STARTS.has(token.tokenType) && !opensBody;
    if (isValue && !this.continuesOutside()) return;
    const isPath = [tokens.Dot, tokens.DotDot, tokens.Over].includes(token.tokenType);
    if (last === tokens.Equals && isPath && this.brackets.length === 0)
      return this.quotePath(token);
    const standsAlone =
      tokens.isReservedWord(token.tokenType) &&
      !this.opensRule() &&
      !this.continuesSettings() &&
      (this.brackets.length > 0 || last === tokens.Equals) &&
      [tokens.Comma, ...CLOSING].includes(this.peek(2)?.tokenType ?? EOF);
    if (!standsAlone) return this.insertMissingValue(last === tokens.At ? 'A place' : 'A value');
    this.reportReserved(token);
    this.remove();
    this.insert(tokens.MissingValue);
  }

  /** `a + layers 0..7`: the word belongs before a whole range. */
  private dropInnerLayers(): void {
    for (;;) {
      const token = this.peek();
      if (token?.tokenType !== tokens.Layers) return;
      this.report({
        kind: unexpectedText,
        span: spanOf(token),
        message: '`layers` stands before a whole range: put parentheses round it.',
      });
      this.remove();
    }
  }

  /** Makes sure that what a minus stands before comes next. */
  protected needPrimary(): void {
    if (this.isRecording()) return;
    this.dropInnerLayers();
    if (this.next(tokens.Minus)) return this.insertMissingValue();
    this.needValue();
  }

  /** Makes sure that a number stands behind the minus of an entry's key. */
  protected needNumber(): void {
    if (this.isRecording() || this.next(tokens.NumberToken, tokens.BareNumber)) return;
    this.report({
      kind: nameMissing,
      span: this.gap,
      message: `The number of a layer is missing${this.lastImage()}.`,
    });
    this.insert(tokens.NumberToken);
  }

  /** `model a = ./folder`: what stands on the line is the path. */
  protected quotePath(first: IToken): void {
    let count = 1;
    for (;;) {
      const [before, token] = [this.peek(count), this.peek(count + 1)];
      if (before === undefined || token === undefined || endOf(before) !== token.startOffset) break;
      count += 1;
    }
    const end = endOf(this.peek(count) ?? first);
    this.reportUnquoted('A path', { start: first.startOffset, end });
    this.remove(1, count);
    this.insert(tokens.MissingValue);
  }

  protected opensBodyHere(): boolean {
    return this.opensBody() && !this.startsSetting(2);
  }

  /** A value that begins a line and is a setting by itself belongs to the braces around. */
  protected continuesOutside(): boolean {
    const within = this.brackets.at(-1)?.holding;
    if (within === undefined || !this.continuesSettings()) return false;
    return (
      within === 'actions' || within === 'settings' || within === 'rules' || this.leavesBracket()
    );
  }

  // Signs.

  /** Makes sure that `=` stands behind a declaration's name, or `of` a setting. */
  protected needEquals(): void {
    if (this.isRecording() || this.next(tokens.Equals)) return;
    const token = this.peek();
    if (token !== undefined && this.next(tokens.Colon, tokens.EqualEqual)) {
      this.report({
        kind: equalsOrColon,
        span: spanOf(token),
        message: `\`=\` sets a value; \`${token.image}\` does not.`,
        fixes: [replacing('Write =', spanOf(token), ' =')],
      });
      return this.replace(tokens.Equals);
    }
    this.report({
      kind: markMissing,
      span: this.gap,
      message: `A \`=\` is missing${this.lastImage()}.`,
      fixes: [replacing('Insert =', this.gap, ' =')],
    });
    const ahead = this.equalsOnLine();
    if (ahead > 1) this.remove(1, ahead - 1);
    else this.insert(tokens.Equals);
  }

  /** How far on the next `=` of this line stands, with no bracket before it. */
  protected equalsOnLine(): number {
    const last = this.peek(0);
    for (let ahead = 1; ; ahead += 1) {
      const token = this.peek(ahead);
      if (token === undefined || CLOSERS.has(token.tokenType) || CLOSING.has(token.tokenType)) {
        return 0;
      }
      if (last !== undefined && onOtherLine(this.text, last, token)) return 0;
      if (token.tokenType === tokens.Equals) return ahead;
      if (token.tokenType === tokens.Comma) return 0;
    }
  }

  /** Makes sure that `:` stands behind an entry's key. */
  protected needColon(): void {
    if (this.isRecording() || this.next(tokens.Colon)) return;
    if (this.next(tokens.Equals)) return this.colonForEquals(1);
    this.report({
      kind: markMissing,
      span: this.gap,
      message: `A \`:\` and a value are missing${this.lastImage()}.`,
    });
    this.insert(tokens.Colon);
  }

  /** In a call `name = value` is read as `name: value`. */
  protected mendArgument(): void {
    if (this.isRecording()) return;
    const isSetting = isWord(this.peek()) && this.peek(2)?.tokenType === tokens.Equals;
    if (isSetting && !this.leavesBracket()) this.colonForEquals(2);
  }

  protected colonForEquals(ahead: number): void {
    const sign = this.peek(ahead);
    const name = this.peek(ahead - 1);
    if (sign === undefined || name === undefined) return;
    const span = { start: endOf(name), end: endOf(sign) };
    this.report({
      kind: equalsOrColon,
      span: spanOf(sign),
      message: `\`${name.image}: …\` hands a value over; \`=\` sets one.`,
      fixes: [replacing('Write :', span, ':')],
    });
    this.replace(tokens.Colon, ahead);
  }

  /** `param x: 0.5` and `let m: f(…)`: what stands behind the colon is no type. */
  protected mendType(): void {
    if (this.isRecording() || !this.next(tokens.Colon)) return;
    const [colon, type, behind] = [this.peek(), this.peek(2), this.peek(3)];
    if (colon === undefined || type === undefined) return;
    const isType = isWord(type) && (behind === undefined || behind.tokenType === tokens.Equals);
    const endsLine = behind !== undefined && isWord(type) && onOtherLine(this.text, type, behind);
    if (isType || endsLine || onOtherLine(this.text, colon, type)) return;
    this.needEquals();
  }

  /** Makes sure that `to` stands next. */
  protected needTo(): void {
    if (this.isRecording() || this.next(tokens.To)) return;
    const token = this.peek();
    const ahead = this.peek(2);
    if (token !== undefined && ahead?.tokenType === tokens.To) return this.removeStray(token);
    this.report({
      kind: markMissing,
      span: this.gap,
      message: `A \`to\` with a folder is missing${this.lastImage()}.`,
      ...(isText(token) ? { fixes: [replacing('Insert to', this.gap, ' to')] } : {}),
    });
    this.insert(tokens.To);
  }
}
