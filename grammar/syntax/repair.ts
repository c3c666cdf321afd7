/**
 * What the parser does where the text is broken.
 *
 * The grammar in `parser.ts` is strict and never meets an error: before it reads a mark, a name or a value it asks one of
 * the methods here to make sure that one stands next. Where none does, the slip is reported and the stream of tokens is
 * mended in place: stray tokens are left out, a missing mark is put in with no text of its own, and a missing name or value
 * becomes a token that the tree shows as absent. So the tree stays whole, and all that is known about recovery is here.
 *
 * Longer than other files, since every method works on the same stream and stack of brackets.
 */
import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from 'chevrotain';
import type { DiagnosticKind, Fix, Related } from '../diagnostics/diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { bracketUnclosed } from '../diagnostics/mw1005-bracket-unclosed.ts';
import { commaMissing } from '../diagnostics/mw1006-comma-missing.ts';
import { equalsOrColon } from '../diagnostics/mw1008-equals-or-colon.ts';
import { markMissing } from '../diagnostics/mw1007-mark-missing.ts';
import { nameMissing } from '../diagnostics/mw1003-name-missing.ts';
import { reservedWord } from '../diagnostics/mw1004-reserved-word.ts';
import { unexpectedText } from '../diagnostics/mw1001-unexpected-text.ts';
import { valueMissing } from '../diagnostics/mw1002-value-missing.ts';
import { diagnosticOf, replacing } from './finding.ts';
import { endOf, spanOf, tokenAt } from './lexer.ts';
import type { Span } from './span.ts';
import { beginsLine, isPlainWord, isText, isWord, onOtherLine } from './statements.ts';
import * as tokens from './tokens.ts';

/** What a pair of brackets holds, and so what may stand next in it. */
export type Holding =
  'arguments' | 'items' | 'entries' | 'group' | 'layers' | 'rules' | 'actions' | 'settings';

interface OpenBracket {
  readonly token: IToken;
  readonly closer: TokenType;
  readonly holding: Holding;
}

/** Chevrotain's place in its token vector, which it has no public name for. */
interface TokenStream {
  currIdx: number;
  tokVector: IToken[];
  tokVectorLength: number;
}

interface Report {
  readonly kind: DiagnosticKind;
  readonly span: Span;
  readonly message: string;
  readonly fixes?: readonly Fix[];
  readonly related?: readonly Related[];
}

/** Mends in one statement; after as many the rest of it is not read. Only the first is ever reported. */
const MOST_MENDS = 200;

const VALUE_STARTS: ReadonlySet<TokenType> = new Set([
  ...[tokens.NumberToken, tokens.BareNumber, tokens.Percent, tokens.Bytes, tokens.Duration],
  ...[tokens.Text, tokens.OtherText, tokens.OpenText, tokens.True, tokens.False, tokens.Name],
  ...[tokens.LeftBracket, tokens.LeftBrace, tokens.LeftParen, tokens.Minus, tokens.MissingValue],
]);

/** Values of one token. */
const LONE_VALUES: ReadonlySet<TokenType> = new Set([
  ...[tokens.NumberToken, tokens.Percent, tokens.Bytes, tokens.Duration, tokens.Text],
  ...[tokens.True, tokens.False, tokens.Name],
]);
const VALUE_ENDS: ReadonlySet<TokenType> = new Set([
  ...[tokens.Comma, tokens.RightParen, tokens.RightBracket, tokens.RightBrace, EOF],
]);

const CLOSERS: ReadonlyMap<TokenType, TokenType> = new Map([
  [tokens.LeftParen, tokens.RightParen],
  [tokens.LeftBracket, tokens.RightBracket],
  [tokens.LeftBrace, tokens.RightBrace],
]);
const CLOSING: ReadonlySet<TokenType> = new Set(CLOSERS.values());

const literalOf = (type: TokenType): string => String(type.PATTERN);

export abstract class RepairingParser extends EmbeddedActionsParser {
  protected text = '';
  private found: Diagnostic[] = [];
  private brackets: OpenBracket[] = [];
  private mends = 0;
  private strayBraces = 0;
  private unclosedBraces = 0;
  private missingBraces = 0;

  /** Takes the tokens of one statement; `strayBraces` may be left over from braces that the one before left open. */
  protected begin(text: string, statement: readonly IToken[], strayBraces: number): void {
    this.text = text;
    this.found = [];
    this.brackets = [];
    this.mends = 0;
    this.strayBraces = strayBraces;
    this.unclosedBraces = 0;
    const count = (type: TokenType) => statement.filter((token) => token.tokenType === type).length;
    this.missingBraces = count(tokens.LeftBrace) - count(tokens.RightBrace);
    this.input = [...statement];
  }

  protected get findings(): readonly Diagnostic[] {
    return this.found;
  }

  /** Braces still to be closed by the text below the statement. */
  protected get openBraces(): number {
    return this.strayBraces + this.unclosedBraces;
  }

  // The stream of tokens.

  private get stream(): TokenStream {
    return this as unknown as TokenStream;
  }

  /** The token `ahead` places on; 0 is the one read last. */
  protected peek(ahead = 1): IToken | undefined {
    const token = this.stream.tokVector[this.stream.currIdx + ahead];
    return token?.tokenType === EOF ? undefined : token;
  }

  private next(...types: readonly TokenType[]): boolean {
    const type = this.peek()?.tokenType;
    return type !== undefined && types.includes(type);
  }

  /** The end of what was read last. */
  protected get lastEnd(): number {
    const last = this.peek(0);
    return last === undefined ? 0 : endOf(last);
  }

  private insert(type: TokenType, ahead = 1): void {
    const { stream } = this;
    const before = this.peek(ahead - 1);
    const offset = before === undefined ? 0 : endOf(before);
    stream.tokVector.splice(stream.currIdx + ahead, 0, tokenAt(type, offset, ''));
    stream.tokVectorLength += 1;
    this.countMend();
  }

  private remove(ahead = 1, count = 1): void {
    const { stream } = this;
    stream.tokVector.splice(stream.currIdx + ahead, count);
    stream.tokVectorLength -= count;
    this.countMend();
  }

  private replace(type: TokenType, ahead = 1): void {
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
  private isRecording(): boolean {
    if (this.RECORDING_PHASE) return true;
    if (this.mends >= MOST_MENDS) this.removeRest();
    return false;
  }

  private removeRest(): void {
    const { stream } = this;
    const count = stream.tokVectorLength - stream.currIdx - 1;
    stream.tokVector.splice(stream.currIdx + 1, count);
    stream.tokVectorLength -= count;
  }

  protected report(report: Report): void {
    this.found.push(diagnosticOf(report));
  }

  private get gap(): Span {
    return { start: this.lastEnd, end: this.lastEnd };
  }

  private lastImage(): string {
    const last = this.peek(0);
    return last === undefined || last.image === '' ? '' : ` after \`${shortened(last.image)}\``;
  }

  private reportUnexpected(token: IToken, fixes?: readonly Fix[]): void {
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

  // Brackets.

  protected opened(token: IToken, holding: Holding): void {
    if (this.RECORDING_PHASE) return;
    const closer = CLOSERS.get(token.tokenType);
    if (closer !== undefined) this.brackets.push({ token, closer, holding });
  }

  protected closed(): void {
    if (!this.RECORDING_PHASE) this.brackets.pop();
  }

  /** Whether a word here opens a rule, and is no plain word after a dot or before a colon. */
  private opensRule(ahead = 1): boolean {
    const token = this.peek(ahead);
    if (token?.tokenType !== tokens.At) return false;
    const neighbours = { before: this.peek(ahead - 1), after: this.peek(ahead + 1) };
    return !isPlainWord(this.text, token, neighbours);
  }

  /** Whether `name =`, `name.part =` or the like stands next. */
  private startsSetting(ahead = 1): boolean {
    if (this.peek(ahead)?.tokenType !== tokens.Name) return false;
    let place = ahead + 1;
    while (this.peek(place)?.tokenType === tokens.Dot && isWord(this.peek(place + 1))) place += 2;
    return this.peek(place)?.tokenType === tokens.Equals;
  }

  private holds(...holdings: readonly Holding[]): boolean {
    return this.brackets.some(({ holding }) => holdings.includes(holding));
  }

  /** In the braces of a rule or an output a setting that begins a line goes on after an error, and so does `take`. */
  private continuesSettings(): boolean {
    const token = this.peek();
    if (token === undefined || !this.holds('actions', 'settings', 'rules')) return false;
    if (token.tokenType === tokens.Take) return beginsLine(this.text, token);
    return this.startsSetting() && beginsLine(this.text, token);
  }

  /** Whether the innermost bracket is closed by what follows, before a rule begins or an outer one is closed. */
  private isClosedAhead(): boolean {
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
  private leavesBracket(): boolean {
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
  private opensBody(ahead = 1): boolean {
    if (this.peek(ahead)?.tokenType !== tokens.LeftBrace) return false;
    return this.opensRule(ahead + 1) || this.startsSetting(ahead + 1) || this.isTake(ahead + 1);
  }

  private isTake(ahead: number): boolean {
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

  private removeToCloser(closer: TokenType): void {
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

  private reportUnclosed({ token, closer }: OpenBracket): void {
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

  // Elements between commas.

  private startsElement(token: IToken): boolean {
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

  private isInnerCloser(token: IToken): boolean {
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

  private needElementBehindComma(): void {
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

  /** What one would know a token further on. */
  private oneOn(know: () => boolean): boolean {
    this.stream.currIdx += 1;
    const known = know();
    this.stream.currIdx -= 1;
    return known;
  }

  private insertMissingValue(what = 'A value'): void {
    this.report({
      kind: valueMissing,
      span: this.gap,
      message: `${what} is missing${this.lastImage()}.`,
    });
    this.insert(tokens.MissingValue);
  }

  private removeStray(token: IToken): void {
    this.reportStray(token, this.peek(2));
    this.remove();
  }

  private reportStray(token: IToken, after: IToken | undefined): void {
    if (!tokens.isReservedWord(token.tokenType)) return this.reportUnexpected(token);
    const standsAlone =
      after === undefined || after.tokenType === tokens.Comma || CLOSING.has(after.tokenType);
    if (standsAlone) this.reportReserved(token);
    else this.reportUnexpected(token);
  }

  private reportReserved(token: IToken): void {
    this.report({
      kind: reservedWord,
      span: spanOf(token),
      message: `\`${token.image}\` is a word of the language, so nothing can be called that.`,
    });
  }

  // Names, words, texts, values.

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

  private reportUnquoted(what: string, span: Span): void {
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
    let token = this.peek();
    if (token?.tokenType === tokens.Layers) {
      this.report({
        kind: unexpectedText,
        span: spanOf(token),
        message: '`layers` stands before a whole range: put parentheses round it.',
      });
      this.remove();
      token = this.peek();
    }
    if (token === undefined) return this.insertMissingValue();
    const last = this.peek(0)?.tokenType;
    const opensBody =
      token.tokenType === tokens.LeftBrace && (last === tokens.At || this.opensBodyHere());
    const isValue = VALUE_STARTS.has(token.tokenType) && !opensBody;
    if (isValue && !this.continuesOutside()) return;
    const isPath = [tokens.Dot, tokens.DotDot, tokens.Over].includes(token.tokenType);
    if (last === tokens.Equals && isPath && this.brackets.length === 0) return this.quotePath(token);
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

  /** Whether a value stands next by itself, closed off by what follows, so that no operator can belong to it. */
  protected isLoneValue(): boolean {
    const { tokVector, currIdx } = this.stream;
    const value = tokVector[currIdx + 1];
    const behind = tokVector[currIdx + 2];
    if (value === undefined || behind === undefined) return false;
    return LONE_VALUES.has(value.tokenType) && VALUE_ENDS.has(behind.tokenType);
  }

  /** Makes sure that what a minus stands before comes next. */
  protected needPrimary(): void {
    if (this.isRecording()) return;
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
  private quotePath(first: IToken): void {
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

  private opensBodyHere(): boolean {
    return this.opensBody() && !this.startsSetting(2);
  }

  /** A value that begins a line and is a setting by itself belongs to the braces around. */
  private continuesOutside(): boolean {
    const within = this.brackets.at(-1)?.holding;
    if (within === undefined || !this.continuesSettings()) return false;
    return within === 'actions' || within === 'settings' || within === 'rules' || this.leavesBracket();
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
  private equalsOnLine(): number {
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

  private colonForEquals(ahead: number): void {
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

  // Bodies.

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

  private reportBraceMissing(): void {
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
  private commaInPlace(token: IToken): readonly Fix[] | undefined {
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

  private startsAction(token: IToken, within: Holding): boolean {
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
  private removeStrayGroup(): void {
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

/** The unit that was meant, if only its capitals differ. */
function unitNear(written: string): string | undefined {
  const units = [...Object.keys(tokens.BYTE_UNITS), ...Object.keys(tokens.DURATION_UNITS)];
  return units.find((unit) => unit.toLowerCase() === written.toLowerCase());
}

function shortened(image: string): string {
  return image.length <= 30 ? image : `${image.slice(0, 29)}…`;
}
