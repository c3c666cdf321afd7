/**
 * Expressions, one rule for each line of the EBNF, from the loosest to the tightest.
 * A rule reads its tokens and gives its node of the tree; what begins with `need` or `mend` is the recovery of `repair.ts`,
 * and does nothing where the text is right. A little over the usual length, since every level calls the next.
 */
import type { IToken, ParserMethod, TokenType } from 'chevrotain';
import { endOf, spanOf, tokenAt } from './lexer.ts';
import { numberValue } from './literals.ts';
import {
  binary,
  booleanLiteral,
  bytesLiteral,
  durationLiteral,
  missing,
  nameOf,
  numberLiteral,
  present,
  textLiteral,
} from './nodes.ts';
import { RepairingParser } from './repair.ts';
import type { Span } from './span.ts';
import * as tokens from './tokens.ts';
import type * as tree from './tree.ts';

export type ParserRule<Node> = ParserMethod<[], Node>;

/** Stands for a token while the grammar is recorded, before there is any text. */
const NO_TOKEN = tokenAt(tokens.MissingValue, 0, '');

export abstract class ExpressionParser extends RepairingParser {
  /** Chevrotain's RULE, with the type of the node given from outside. */
  protected define<Node>(name: string, read: () => Node): ParserRule<Node> {
    return this.RULE(name, read);
  }

  /** One of several marks or words. */
  protected oneOf(...types: readonly TokenType[]): IToken {
    const read = this.OR(types.map((type) => ({ ALT: () => this.CONSUME(type) })));
    return this.RECORDING_PHASE ? NO_TOKEN : read;
  }

  /** From a token to the end of what was read last. */
  protected from(first: IToken): Span {
    if (this.RECORDING_PHASE) return spanOf(NO_TOKEN);
    return { start: first.startOffset, end: Math.max(this.lastEnd, endOf(first)) };
  }

  protected readonly expr: ParserRule<tree.Expr> = this.define('expr', () => {
    // Most values are one token; to read them without the nine levels below halves the time of a recipe.
    if (!this.RECORDING_PHASE && this.isLoneValue()) return this.SUBRULE(this.primary);
    let left = this.SUBRULE(this.union);
    this.MANY(() => {
      const operator = this.CONSUME(tokens.Except);
      left = binary(left, operator, this.SUBRULE2(this.union));
    });
    return left;
  });

  protected readonly union: ParserRule<tree.Expr> = this.define('union', () => {
    let left = this.SUBRULE(this.both);
    this.MANY(() => {
      const operator = this.CONSUME(tokens.Pipe);
      left = binary(left, operator, this.SUBRULE2(this.both));
    });
    return left;
  });

  protected readonly both: ParserRule<tree.Expr> = this.define('both', () => {
    let left = this.SUBRULE(this.compare);
    this.MANY(() => {
      const operator = this.CONSUME(tokens.Ampersand);
      left = binary(left, operator, this.SUBRULE2(this.compare));
    });
    return left;
  });

  protected readonly compare: ParserRule<tree.Expr> = this.define('compare', () => {
    let left = this.SUBRULE(this.range);
    this.OPTION(() => {
      const operator = this.oneOf(
        tokens.Less,
        tokens.LessEqual,
        tokens.Greater,
        tokens.GreaterEqual,
        tokens.EqualEqual,
        tokens.NotEqual,
      );
      left = binary(left, operator, this.SUBRULE2(this.range));
    });
    return left;
  });

  protected readonly range: ParserRule<tree.Expr> = this.define('range', () => {
    const layers = this.OPTION(() => this.CONSUME(tokens.Layers));
    let value: tree.Expr = this.SUBRULE(this.sum);
    this.OPTION2(() => {
      this.CONSUME(tokens.DotDot);
      const to = this.SUBRULE2(this.sum);
      const step = this.OPTION3(() => {
        this.CONSUME(tokens.Step);
        return this.SUBRULE3(this.sum);
      });
      const { end } = step ?? to;
      value = { kind: 'range', start: value.start, end, from: value, to, step };
    });
    if (layers === undefined) return value;
    return { kind: 'layersOf', start: layers.startOffset, end: value.end, range: value };
  });

  protected readonly sum: ParserRule<tree.Expr> = this.define('sum', () => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.oneOf(tokens.Plus, tokens.Minus);
      left = binary(left, operator, this.SUBRULE2(this.product));
    });
    return left;
  });

  protected readonly product: ParserRule<tree.Expr> = this.define('product', () => {
    let left = this.SUBRULE(this.operand);
    this.MANY(() => {
      const operator = this.oneOf(tokens.Times, tokens.Over);
      left = binary(left, operator, this.SUBRULE2(this.operand));
    });
    return left;
  });

  protected readonly operand: ParserRule<tree.Expr> = this.define('operand', () => {
    this.needValue();
    const minus = this.OPTION(() => this.CONSUME(tokens.Minus));
    if (minus !== undefined) this.needPrimary();
    let value: tree.Expr = this.SUBRULE(this.primary);
    this.MANY(() => {
      const open = this.CONSUME(tokens.LeftBracket);
      this.opened(open, 'layers');
      const layers = this.SUBRULE(this.expr);
      this.needCloser();
      this.CONSUME(tokens.RightBracket);
      this.closed();
      value = { kind: 'index', start: value.start, end: this.lastEnd, value, layers };
    });
    if (minus === undefined) return value;
    return { kind: 'negation', start: minus.startOffset, end: value.end, operand: value };
  });

  protected readonly primary: ParserRule<tree.Expr> = this.define('primary', () =>
    this.OR(this.primaries),
  );

  protected readonly primaries: { ALT: () => tree.Expr }[] = [
    { ALT: () => numberLiteral(this.CONSUME(tokens.NumberToken)) },
    { ALT: () => numberLiteral(this.CONSUME(tokens.Percent)) },
    { ALT: () => bytesLiteral(this.CONSUME(tokens.Bytes)) },
    { ALT: () => durationLiteral(this.CONSUME(tokens.Duration)) },
    { ALT: () => textLiteral(this.CONSUME(tokens.Text)) },
    { ALT: () => booleanLiteral(this.CONSUME(tokens.True)) },
    { ALT: () => booleanLiteral(this.CONSUME(tokens.False)) },
    { ALT: () => this.SUBRULE(this.referenceOrCall) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.map) },
    { ALT: () => this.SUBRULE(this.group) },
    { ALT: () => missing(this.CONSUME(tokens.MissingValue)) },
  ];

  protected readonly group: ParserRule<tree.Parenthesised> = this.define('group', () => {
    const open = this.CONSUME(tokens.LeftParen);
    this.opened(open, 'group');
    const inner = this.SUBRULE(this.expr);
    this.needCloser();
    this.CONSUME(tokens.RightParen);
    this.closed();
    return { kind: 'parenthesised', ...this.from(open), inner };
  });

  protected readonly referenceOrCall: ParserRule<tree.Reference | tree.Call> = this.define(
    'referenceOrCall',
    () => {
      const path = this.SUBRULE(this.path);
      const args = this.OPTION(() => this.SUBRULE(this.args));
      if (args === undefined) return { kind: 'reference', start: path.start, end: path.end, path };
      return { kind: 'call', start: path.start, end: this.lastEnd, callee: path, args };
    },
  );

  protected readonly args: ParserRule<readonly (tree.Argument | tree.Spread)[]> = this.define(
    'args',
    () => {
      const args: (tree.Argument | tree.Spread)[] = [];
      this.opened(this.CONSUME(tokens.LeftParen), 'arguments');
      this.needElementOrCloser();
      this.OPTION(() => {
        args.push(this.SUBRULE(this.arg));
        this.needCommaOrCloser();
        this.MANY(() => {
          this.CONSUME(tokens.Comma);
          args.push(this.SUBRULE2(this.arg));
          this.needCommaOrCloser();
        });
        this.OPTION2(() => this.CONSUME2(tokens.Comma));
      });
      this.needCloser();
      this.CONSUME(tokens.RightParen);
      this.closed();
      return args;
    },
  );

  protected readonly arg: ParserRule<tree.Argument | tree.Spread> = this.define('arg', () =>
    this.OR([{ ALT: () => this.SUBRULE(this.spread) }, { ALT: () => this.SUBRULE(this.argument) }]),
  );

  protected readonly argument: ParserRule<tree.Argument> = this.define('argument', () => {
    this.mendArgument();
    const name = this.OPTION(() => {
      const word = this.CONSUME(tokens.Word);
      this.CONSUME(tokens.Colon);
      return nameOf(word);
    });
    const value = this.SUBRULE(this.expr);
    return { kind: 'argument', start: (name ?? value).start, end: value.end, name, value };
  });

  protected readonly list: ParserRule<tree.ListLiteral> = this.define('list', () => {
    const items: (tree.Item | tree.Spread)[] = [];
    const open = this.CONSUME(tokens.LeftBracket);
    this.opened(open, 'items');
    this.needElementOrCloser();
    this.OPTION(() => {
      items.push(this.SUBRULE(this.item));
      this.needCommaOrCloser();
      this.MANY(() => {
        this.CONSUME(tokens.Comma);
        items.push(this.SUBRULE2(this.item));
        this.needCommaOrCloser();
      });
      this.OPTION2(() => this.CONSUME2(tokens.Comma));
    });
    this.needCloser();
    this.CONSUME(tokens.RightBracket);
    this.closed();
    return { kind: 'list', ...this.from(open), items };
  });

  protected readonly item: ParserRule<tree.Item | tree.Spread> = this.define('item', () =>
    this.OR([
      { ALT: () => this.SUBRULE(this.spread) },
      {
        ALT: (): tree.Item => {
          const value = this.SUBRULE(this.expr);
          const own = this.OPTION({
            GATE: () => this.opensOwnMap(),
            DEF: () => this.SUBRULE(this.map),
          });
          return { kind: 'item', start: value.start, end: (own ?? value).end, value, own };
        },
      },
    ]),
  );

  protected readonly map: ParserRule<tree.MapLiteral> = this.define('map', () => {
    const entries: (tree.Entry | tree.Spread)[] = [];
    const open = this.CONSUME(tokens.LeftBrace);
    this.opened(open, 'entries');
    this.needElementOrCloser();
    this.OPTION(() => {
      entries.push(this.SUBRULE(this.entry));
      this.needCommaOrCloser();
      this.MANY(() => {
        this.CONSUME(tokens.Comma);
        entries.push(this.SUBRULE2(this.entry));
        this.needCommaOrCloser();
      });
      this.OPTION2(() => this.CONSUME2(tokens.Comma));
    });
    this.needCloser();
    this.CONSUME(tokens.RightBrace);
    this.closed();
    return { kind: 'map', ...this.from(open), entries };
  });

  protected readonly entry: ParserRule<tree.Entry | tree.Spread> = this.define('entry', () =>
    this.OR([
      { ALT: () => this.SUBRULE(this.spread) },
      {
        ALT: (): tree.Entry => {
          const key = this.SUBRULE(this.key);
          this.needColon();
          this.CONSUME(tokens.Colon);
          const value = this.SUBRULE(this.expr);
          return { kind: 'entry', start: key.start, end: value.end, key, value };
        },
      },
    ]),
  );

  protected readonly key: ParserRule<tree.EntryKey> = this.define('key', () =>
    this.OR([
      {
        ALT: (): tree.EntryKey => {
          const first = this.CONSUME(tokens.Word);
          const parts = [nameOf(first)];
          this.MANY(() => {
            this.CONSUME(tokens.Dot);
            this.needWord('A name');
            parts.push(nameOf(this.CONSUME2(tokens.Word)));
          });
          return { kind: 'path', parts: present(parts), ...this.from(first) };
        },
      },
      {
        ALT: (): tree.EntryKey => textLiteral(this.CONSUME(tokens.Text)),
      },
      {
        ALT: (): tree.EntryKey => {
          const minus = this.OPTION(() => this.CONSUME(tokens.Minus));
          this.needNumber();
          const token = this.CONSUME(tokens.NumberToken);
          const span = minus === undefined ? spanOf(token) : this.from(minus);
          if (token.image === '') return { kind: 'path', parts: [], ...span };
          const value = numberValue(token.image);
          return { kind: 'number', value: minus === undefined ? value : -value, ...span };
        },
      },
    ]),
  );

  protected readonly spread: ParserRule<tree.Spread> = this.define('spread', () => {
    const dots = this.CONSUME(tokens.Spread);
    const value = this.SUBRULE(this.expr);
    return { kind: 'spread', start: dots.startOffset, end: value.end, value };
  });

  protected readonly path: ParserRule<tree.Path> = this.define('path', () => {
    const first = this.CONSUME(tokens.Name);
    const parts = [nameOf(first)];
    this.MANY(() => {
      this.CONSUME(tokens.Dot);
      this.needWord('A name');
      parts.push(nameOf(this.CONSUME(tokens.Word)));
    });
    return { parts: present(parts), ...this.from(first) };
  });
}
