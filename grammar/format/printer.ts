/**
 * Writes a tree as lines in normal form. A call, list or map stays on one line if it fits and its author did not break it
 * behind the bracket; what stands on the line behind it is counted too.
 *
 * Longer than other files, since every kind of node is written here and all of them write on one current line.
 */
import type { Span } from '../syntax/span.ts';
import type {
  Comment,
  MergeStatement,
  OutputStatement,
  Recipe,
  Rule,
  Setting,
  Spread,
  Statement,
  Take,
} from '../syntax/tree.ts';
import {
  elementsOf,
  insideOf,
  isNumber,
  leadingInputs,
  type Bracketed,
  type Element,
} from './brackets.ts';
import { Flattener, listed, row, type Written } from './flat.ts';
import { placeComments, type Comments } from './comments.ts';
import { LINE_WIDTH, type Line } from './layout.ts';

const INDENT = '  ';

class Printer {
  readonly lines: Line[] = [];
  private readonly text: string;
  private readonly recipe: Recipe;
  private readonly comments: Comments;
  private readonly flats: Flattener;
  private indent = 0;

  constructor(text: string, recipe: Recipe) {
    this.text = text;
    this.recipe = recipe;
    this.comments = placeComments(recipe, text);
    this.flats = new Flattener(text, this.comments);
  }

  print(): readonly Line[] {
    const { statements } = this.recipe;
    this.sequence({ start: 0, end: this.text.length }, statements, (statement) =>
      this.statement(statement),
    );
    return this.lines;
  }

  // Lines.

  private startLine(apart: boolean): void {
    this.lines.push({ code: INDENT.repeat(this.indent), apart: apart && this.lines.length > 0 });
  }

  private get line(): Line {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error('Nothing is written before the first line.');
    return line;
  }

  private put(code: string): void {
    this.line.code += code;
  }

  private get column(): number {
    const { code } = this.line;
    return code.length - (code.lastIndexOf('\n') + 1);
  }

  /** Whether an empty line stands right before an offset. */
  private isApart(offset: number): boolean {
    let start = offset;
    while (start > 0 && /\s/.test(this.text.charAt(start - 1))) start -= 1;
    const lineEnds = this.text.slice(start, offset).match(/\r\n|\n|\r/g);
    return (lineEnds?.length ?? 0) > 1;
  }

  /**
   * Elements one a line with the comments between them: those behind an element on its line stay there, the others have
   * lines of their own.
   */
  private sequence<Part extends Span>(
    around: Span,
    parts: readonly Part[],
    write: (part: Part) => void,
  ): void {
    let end = around.start;
    let isFirst = true;
    const between = (next: number) => {
      for (const comment of this.comments.within({ start: end, end: next })) {
        if (!isFirst || around.start > 0) {
          if (this.line.comment === undefined && !this.flats.isBroken(end, comment.start)) {
            this.line.comment = this.commentText(comment);
            continue;
          }
        }
        this.startLine(!isFirst && this.isApart(comment.start));
        this.put(this.commentText(comment));
        isFirst = false;
      }
    };
    for (const part of parts) {
      between(part.start);
      this.startLine(!isFirst && this.isApart(part.start));
      write(part);
      isFirst = false;
      end = part.end;
    }
    between(around.end);
  }

  private commentText(comment: Comment): string {
    return this.flats.slice(comment).trimEnd();
  }

  private hasComments(span: Span): boolean {
    return this.comments.within(span).length > 0;
  }

  // Statements.

  private statement(statement: Statement): void {
    if (this.comments.isVerbatim(statement)) return this.put(this.flats.verbatim(statement));
    const word = this.flats.slice(statement.word);
    switch (statement.kind) {
      case 'use': {
        const alias = statement.alias === undefined ? '' : ` as ${statement.alias.text}`;
        return this.put(`use ${this.sliceOf(statement.path)}${alias}`);
      }
      case 'model':
      case 'adapter':
      case 'stats':
      case 'layers':
      case 'tensors':
      case 'evaluate':
      case 'sweep':
      case 'search':
        this.put(`${word} ${this.sliceOf(statement.name)} = `);
        return this.write(statement.value, '');
      case 'let':
        this.put(`let ${this.typed(statement)} = `);
        return this.write(statement.value, '');
      case 'param': {
        const { range } = statement;
        this.put(`param ${this.typed(statement)} = `);
        this.write(
          statement.value,
          range === undefined ? '' : row(' in ', this.flats.flat(range)).text,
        );
        if (range === undefined) return;
        this.put(' in ');
        return this.write(range, '');
      }
      case 'expect':
        this.put('expect ');
        return this.write(statement.condition, '');
      case 'merge':
        return this.merge(statement);
      case 'output':
        return this.output(statement);
      default:
        return statement satisfies never;
    }
  }

  private sliceOf(span: Span | undefined): string {
    return span === undefined ? '' : this.flats.slice(span);
  }

  private typed({ name, type }: { readonly name?: Span; readonly type?: Span }): string {
    return `${this.sliceOf(name)}${type === undefined ? '' : `: ${this.flats.slice(type)}`}`;
  }

  private merge(statement: MergeStatement): void {
    const { body, rules, value } = statement;
    this.put(`merge ${this.sliceOf(statement.name)} = `);
    if (body === undefined) return this.write(value, '');
    this.write(value, rules.length === 0 ? ' {}' : ' {');
    if (rules.length === 0 && !this.hasComments(body)) return this.put(' {}');
    const [first, second] = rules;
    const single = first === undefined || second !== undefined ? undefined : this.flatRule(first);
    if (single !== undefined && this.staysOnLine(body, `{ ${single} }`)) {
      return this.put(` { ${single} }`);
    }
    this.block(body, rules, (rule) => this.rule(rule));
  }

  private output(statement: OutputStatement): void {
    const { body, settings } = statement;
    this.put(
      `output ${this.flats.pathText(statement.target)} to ${this.sliceOf(statement.folder)}`,
    );
    if (body !== undefined) this.actions(body, settings);
  }

  /** Whether braces were on one line, fit behind what is written and hold no comment. */
  private staysOnLine(body: Span, code: string): boolean {
    if (this.flats.isBroken(body.start, body.end)) return false;
    return this.column + 1 + code.length <= LINE_WIDTH;
  }

  private actions(body: Span, actions: readonly (Take | Setting | Spread)[]): void {
    const code = this.flatActions(body, actions);
    if (code !== undefined && this.staysOnLine(body, code)) return this.put(` ${code}`);
    if (actions.length === 0 && !this.hasComments(body)) return this.put(' {}');
    this.block(body, actions, (action) => this.element(action, ''));
  }

  /** Actions with their braces on one line, if they can stand so. */
  private flatActions(
    body: Span,
    actions: readonly (Take | Setting | Spread)[],
  ): string | undefined {
    if (this.hasComments(body)) return undefined;
    if (actions.length === 0) return '{}';
    const flat = listed(actions.map((action) => this.flats.flat(action)));
    return flat.isWhole ? `{ ${flat.text} }` : undefined;
  }

  private block<Part extends Span>(
    body: Span,
    parts: readonly Part[],
    write: (part: Part) => void,
  ): void {
    this.put(' {');
    this.indent += 1;
    this.sequence({ start: body.start + 1, end: body.end - 1 }, parts, write);
    this.indent -= 1;
    this.startLine(false);
    this.put('}');
  }

  private flatRule(rule: Rule): string | undefined {
    if (rule.body === undefined || this.comments.isVerbatim(rule)) return undefined;
    if (this.flats.isBroken(rule.body.start, rule.body.end)) return undefined;
    const place = this.flats.flat(rule.place);
    const actions = this.flatActions(rule.body, rule.actions);
    return place.isWhole && actions !== undefined ? `at ${place.text} ${actions}` : undefined;
  }

  private rule(rule: Rule): void {
    if (rule.body === undefined || this.comments.isVerbatim(rule)) {
      return this.put(this.flats.verbatim(rule));
    }
    const { line } = this;
    this.put('at ');
    this.write(rule.place, ' {');
    const brace = this.column + 1;
    this.actions(rule.body, rule.actions);
    const isOneLine = this.line === line && !line.code.includes('\n');
    if (isOneLine) line.brace = brace;
  }

  // What may take several lines.

  /** Writes a node behind what the current line has; `rest` follows it on its last line. */
  private write(node: Written, rest: string): void {
    const flat = this.flats.flat(node);
    if (flat.isWhole && this.column + flat.text.length + rest.length <= LINE_WIDTH) {
      return this.put(flat.text);
    }
    if (this.comments.isVerbatim(node)) return this.put(this.flats.verbatim(node));
    switch (node.kind) {
      case 'call':
      case 'list':
      case 'map':
        return this.broken(node);
      case 'binary':
        this.write(node.left, row(` ${node.operator} `, this.flats.flat(node.right)).text);
        this.put(` ${node.operator} `);
        return this.write(node.right, rest);
      case 'negation':
        this.put('-');
        return this.write(node.operand, rest);
      case 'range': {
        const { from, to, step } = node;
        this.write(from, row('..', this.flats.flat(to)).text);
        this.put('..');
        this.write(to, step === undefined ? rest : row(' step ', this.flats.flat(step)).text);
        if (step === undefined) return;
        this.put(' step ');
        return this.write(step, rest);
      }
      case 'layersOf':
        this.put('layers ');
        return this.write(node.range, rest);
      case 'index':
        this.write(node.value, row('[', this.flats.flat(node.layers)).text);
        this.put('[');
        this.write(node.layers, `]${rest}`);
        return this.put(']');
      case 'parenthesised':
        this.put('(');
        this.write(node.inner, `)${rest}`);
        return this.put(')');
      case 'argument':
        if (node.name !== undefined) this.put(`${node.name.text}: `);
        return this.write(node.value, rest);
      case 'item': {
        const { own, value } = node;
        this.write(value, own === undefined ? rest : row(' ', this.flats.flat(own)).text);
        if (own === undefined) return;
        this.put(' ');
        return this.write(own, rest);
      }
      case 'entry':
        this.put(`${this.flats.keyText(node.key)}: `);
        return this.write(node.value, rest);
      case 'spread':
        this.put('...');
        return this.write(node.value, rest);
      case 'take':
        this.put('take ');
        return this.write(node.value, rest);
      case 'setting':
        this.put(`${this.flats.pathText(node.path)} = `);
        return this.write(node.value, rest);
      case 'number':
      case 'bytes':
      case 'duration':
      case 'text':
      case 'boolean':
      case 'reference':
      case 'missing':
        return this.put(flat.text);
      default:
        return node satisfies never;
    }
  }

  private element(element: Element | Take | Setting, behind: string): void {
    this.write(element, behind);
    this.put(behind);
  }

  private broken(node: Bracketed): void {
    const elements = elementsOf(node);
    const inside = insideOf(this.text, node);
    this.put(this.flats.opening(node));
    this.indent += 1;
    this.sequence(inside, this.grouped(node, elements), (group) => this.group(group));
    this.indent -= 1;
    this.startLine(false);
    this.put(this.flats.closing(node));
  }

  /** Elements that share a line or are filled into lines; all others have one each. */
  private grouped(node: Bracketed, elements: readonly Element[]): readonly ElementGroup[] {
    const count = node.kind === 'map' ? 0 : leadingInputs(elements);
    const inputs = elements.slice(0, count);
    const [first, last] = [inputs[0], inputs.at(-1)];
    const areNumbers = inputs.every(isNumber);
    const isRow = node.kind === 'call' || (areNumbers && count === elements.length);
    const alone = (element: Element) => ({
      start: element.start,
      end: element.end,
      elements: [element],
    });
    if (first === undefined || last === undefined || !isRow) return elements.map(alone);
    const span = { start: first.start, end: last.end };
    const flats = inputs.map((input) => this.flats.flat(input));
    const flat = listed(flats);
    const fits = INDENT.length * this.indent + flat.text.length + 1 <= LINE_WIDTH;
    const hasComments = this.flats.gapsHoldComments(span, inputs);
    const isShared = flat.isWhole && !hasComments && (fits || areNumbers);
    const rest = elements.slice(count).map(alone);
    return isShared ? [{ ...span, elements: inputs }, ...rest] : [...inputs.map(alone), ...rest];
  }

  private group(group: ElementGroup): void {
    group.elements.forEach((element, index) => {
      if (group.elements.length === 1) return this.element(element, ',');
      const code = `${this.flats.flat(element).text},`;
      const gap = index === 0 ? '' : ' ';
      if (this.column + gap.length + code.length > LINE_WIDTH) {
        this.startLine(false);
        return this.put(code);
      }
      this.put(gap + code);
    });
  }
}

interface ElementGroup extends Span {
  readonly elements: readonly Element[];
}

export function printLines(text: string, recipe: Recipe): readonly Line[] {
  return new Printer(text, recipe).print();
}
