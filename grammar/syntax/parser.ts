/**
 * The grammar, one rule for each line of its EBNF, from the loosest expression to the tightest.
 * A rule reads its tokens and gives its node of the tree; what begins with `need` or `mend` is the recovery of `repair.ts`,
 * and does nothing where the text is right.
 */
import type { IToken, ParserMethod, TokenType } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ruleInRule } from '../diagnostics/mw1009-rule-in-rule.ts';
import { bytesValue, durationSeconds, numberValue, textValue } from './literals.ts';
import { endOf, spanOf, tokenAt } from './lexer.ts';
import { RepairingParser } from './repair.ts';
import { spanOver, type Span } from './span.ts';
import * as tokens from './tokens.ts';
import type * as tree from './tree.ts';

type ParserRule<Node> = ParserMethod<[], Node>;

/** What stands in the braces of a merge: rules, and by mistake settings. */
export interface MergeBody {
  readonly rules: readonly tree.Rule[];
  readonly strays: readonly (tree.Take | tree.Setting)[];
  readonly span: Span;
}

export interface ParsedStatement {
  readonly statement: tree.Statement;
  readonly strays: MergeBody['strays'];
  readonly findings: readonly Diagnostic[];
  /** Braces that the statement leaves open, so that their closing marks below it surprise nobody. */
  readonly openBraces: number;
}

function nameOf(token: IToken): tree.Name | undefined {
  return token.image === '' ? undefined : { ...spanOf(token), text: token.image };
}

function textLiteral(token: IToken): tree.TextLiteral {
  return { kind: 'text', ...spanOf(token), value: textValue(token.image) };
}

function textOf(token: IToken): tree.TextLiteral | undefined {
  return token.image === '' ? undefined : textLiteral(token);
}

function numberLiteral(token: IToken): tree.NumberLiteral {
  const text = token.image;
  const percent = text.endsWith('%');
  return { kind: 'number', ...spanOf(token), value: numberValue(text), percent, text };
}

function bytesLiteral(token: IToken): tree.BytesLiteral {
  return { kind: 'bytes', ...spanOf(token), value: bytesValue(token.image), text: token.image };
}

function durationLiteral(token: IToken): tree.DurationLiteral {
  const text = token.image;
  return { kind: 'duration', ...spanOf(token), seconds: durationSeconds(text), text };
}

function booleanLiteral(token: IToken): tree.BooleanLiteral {
  return { kind: 'boolean', ...spanOf(token), value: token.image === 'true' };
}

function missing(token: IToken): tree.Missing {
  return { kind: 'missing', ...spanOf(token) };
}

function binary(left: tree.Expr, operator: IToken, right: tree.Expr): tree.Binary {
  return {
    kind: 'binary',
    start: left.start,
    end: right.end,
    operator: operator.image as tree.BinaryOperator,
    operatorSpan: spanOf(operator),
    left,
    right,
  };
}

/** Stands for a token while the grammar is recorded, before there is any text. */
const NO_TOKEN = tokenAt(tokens.MissingValue, 0, '');

class RecipeParser extends RepairingParser {
  private strays: (tree.Take | tree.Setting)[] = [];

  constructor() {
    super([...tokens.PARSER_TOKENS], {
      maxLookahead: 2,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
    });
    this.performSelfAnalysis();
  }

  read(text: string, statement: readonly IToken[], openBraces: number): ParsedStatement {
    this.strays = [];
    this.begin(text, statement, openBraces);
    const read = this.statement();
    const [error] = this.errors;
    if (error !== undefined) throw new Error(`The parser was not mended: ${error.message}`);
    const { strays, findings } = this;
    return { statement: read, strays, findings, openBraces: this.openBraces };
  }

  /** Chevrotain's RULE, with the type of the node given from outside. */
  private define<Node>(name: string, read: () => Node): ParserRule<Node> {
    return this.RULE(name, read);
  }

  /** One of several marks or words. */
  private oneOf(...types: readonly TokenType[]): IToken {
    const read = this.OR(types.map((type) => ({ ALT: () => this.CONSUME(type) })));
    return this.RECORDING_PHASE ? NO_TOKEN : read;
  }

  readonly statement: ParserRule<tree.Statement> = this.define('statement', () => {
    const statement: tree.Statement = this.OR([
      { ALT: () => this.SUBRULE(this.useStatement) },
      { ALT: () => this.SUBRULE(this.sourceStatement) },
      { ALT: () => this.SUBRULE(this.paramStatement) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.placeStatement) },
      { ALT: () => this.SUBRULE(this.mergeStatement) },
      { ALT: () => this.SUBRULE(this.searchStatement) },
      { ALT: () => this.SUBRULE(this.expectStatement) },
      { ALT: () => this.SUBRULE(this.outputStatement) },
    ]);
    this.finish();
    return statement;
  });

  private readonly useStatement: ParserRule<tree.UseStatement> = this.define('useStatement', () => {
    const word = this.CONSUME(tokens.Use);
    this.needText('The path of a recipe');
    const path = textOf(this.CONSUME(tokens.Text));
    const alias = this.OPTION(() => {
      this.CONSUME(tokens.As);
      this.needName('The import');
      return nameOf(this.CONSUME(tokens.Name));
    });
    return { kind: 'use', ...this.from(word), word: spanOf(word), path, alias };
  });

  private readonly sourceStatement: ParserRule<tree.SourceStatement> = this.define(
    'sourceStatement',
    () => {
      const word = this.oneOf(tokens.Model, tokens.Adapter, tokens.Stats);
      const { name, value } = this.SUBRULE(this.declared);
      const kind = this.wordOf<tree.SourceStatement['kind']>(word);
      return { kind, ...this.from(word), word: spanOf(word), name, value };
    },
  );

  private readonly placeStatement: ParserRule<tree.PlaceStatement> = this.define(
    'placeStatement',
    () => {
      const word = this.oneOf(tokens.Layers, tokens.Tensors);
      const { name, value } = this.SUBRULE(this.declared);
      const kind = this.wordOf<tree.PlaceStatement['kind']>(word);
      return { kind, ...this.from(word), word: spanOf(word), name, value };
    },
  );

  private readonly searchStatement: ParserRule<tree.SearchStatement> = this.define(
    'searchStatement',
    () => {
      const word = this.oneOf(tokens.Evaluate, tokens.Sweep, tokens.Search);
      const { name, value } = this.SUBRULE(this.declared);
      const kind = this.wordOf<tree.SearchStatement['kind']>(word);
      return { kind, ...this.from(word), word: spanOf(word), name, value };
    },
  );

  /** `Name "=" Expr`, the rest of most statements. */
  private readonly declared: ParserRule<{
    readonly name: tree.Name | undefined;
    readonly value: tree.Expr;
  }> = this.define('declared', () => {
    this.needName(this.declaration());
    const name = nameOf(this.CONSUME(tokens.Name));
    this.needEquals();
    this.CONSUME(tokens.Equals);
    const value = this.SUBRULE(this.expr);
    return { name, value };
  });

  private readonly paramStatement: ParserRule<tree.ParamStatement> = this.define(
    'paramStatement',
    () => {
      const word = this.CONSUME(tokens.Param);
      const { name, type } = this.SUBRULE(this.typedName);
      this.needEquals();
      this.CONSUME(tokens.Equals);
      const value = this.SUBRULE(this.expr);
      const range = this.OPTION(() => {
        this.CONSUME(tokens.In);
        return this.SUBRULE2(this.expr);
      });
      return { kind: 'param', ...this.from(word), word: spanOf(word), name, type, value, range };
    },
  );

  private readonly letStatement: ParserRule<tree.LetStatement> = this.define('letStatement', () => {
    const word = this.CONSUME(tokens.Let);
    const { name, type } = this.SUBRULE(this.typedName);
    this.needEquals();
    this.CONSUME(tokens.Equals);
    const value = this.SUBRULE(this.expr);
    return { kind: 'let', ...this.from(word), word: spanOf(word), name, type, value };
  });

  private readonly typedName: ParserRule<{
    readonly name: tree.Name | undefined;
    readonly type: tree.Name | undefined;
  }> = this.define('typedName', () => {
    this.needName(this.declaration());
    const name = nameOf(this.CONSUME(tokens.Name));
    this.mendType();
    const type = this.OPTION(() => {
      this.CONSUME(tokens.Colon);
      this.needWord('A type');
      return nameOf(this.CONSUME(tokens.Word));
    });
    return { name, type };
  });

  private readonly mergeStatement: ParserRule<tree.MergeStatement> = this.define(
    'mergeStatement',
    () => {
      const word = this.CONSUME(tokens.Merge);
      const { name, value } = this.SUBRULE(this.declared);
      this.needBodyOrEnd();
      const body = this.OPTION(() => this.SUBRULE(this.mergeBody));
      this.ACTION(() => this.strays.push(...(body?.strays ?? [])));
      return {
        kind: 'merge',
        ...this.from(word),
        word: spanOf(word),
        name,
        value,
        rules: body?.rules ?? [],
        body: body?.span,
      };
    },
  );

  private readonly mergeBody: ParserRule<MergeBody> = this.define('mergeBody', () => {
    const rules: tree.Rule[] = [];
    const strays: (tree.Take | tree.Setting)[] = [];
    const open = this.CONSUME(tokens.LeftBrace);
    this.opened(open, 'rules');
    this.needActionOrCloser();
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const read = this.SUBRULE(this.rule);
            this.ACTION(() => rules.push(...read));
          },
        },
        {
          ALT: () => {
            strays.push(this.SUBRULE(this.action));
            this.OPTION(() => this.CONSUME(tokens.Comma));
          },
        },
      ]);
      this.needActionOrCloser();
    });
    this.needCloser();
    this.CONSUME(tokens.RightBrace);
    this.closed();
    return { rules, strays, span: this.from(open) };
  });

  /** One rule, and behind it those that were written inside it. */
  private readonly rule: ParserRule<readonly tree.Rule[]> = this.define('rule', () => {
    const actions: (tree.Take | tree.Setting)[] = [];
    const nested: tree.Rule[] = [];
    const at = this.CONSUME(tokens.At);
    const place = this.SUBRULE(this.expr);
    this.needRuleBody();
    const open = this.CONSUME(tokens.LeftBrace);
    this.opened(open, 'actions');
    this.needActionOrCloser();
    this.MANY({
      GATE: () => !this.endsUnclosedRule(),
      DEF: () => {
        this.OR([
          { ALT: () => actions.push(this.SUBRULE(this.action)) },
          {
            ALT: () => {
              const read = this.SUBRULE(this.rule);
              this.ACTION(() => nested.push(...this.withinPlace(place, read)));
            },
          },
        ]);
        this.OPTION(() => this.CONSUME(tokens.Comma));
        this.needActionOrCloser();
      },
    });
    this.needCloser();
    this.CONSUME(tokens.RightBrace);
    this.closed();
    const body = open.image === '' ? undefined : this.from(open);
    return [{ kind: 'rule', ...this.from(at), place, actions, body }, ...nested];
  });

  /** Rules written inside a rule, at both places. */
  private withinPlace(outer: tree.Expr, inner: readonly tree.Rule[]): tree.Rule[] {
    return inner.map((rule) => {
      const place: tree.Binary = {
        kind: 'binary',
        ...spanOver(outer, rule.place),
        operator: '&',
        operatorSpan: { start: outer.end, end: outer.end },
        left: outer,
        right: rule.place,
      };
      const both = `${this.operandText(outer)} & ${this.operandText(rule.place)}`;
      this.report({
        kind: ruleInRule,
        span: { start: rule.start, end: rule.place.end },
        message: `A rule within a rule is written \`at ${both}\`.`,
      });
      return { ...rule, place };
    });
  }

  /** A place as it stands beside `&`. */
  private operandText(place: tree.Expr): string {
    const written = this.text.slice(place.start, place.end);
    const isLooser = place.kind === 'binary' && ['|', 'except'].includes(place.operator);
    return isLooser ? `(${written})` : written;
  }

  private readonly action: ParserRule<tree.Take | tree.Setting> = this.define('action', () =>
    this.OR([
      { ALT: () => this.SUBRULE(this.take) },
      { ALT: () => this.SUBRULE(this.setting) },
    ]),
  );

  private readonly take: ParserRule<tree.Take> = this.define('take', () => {
    const word = this.CONSUME(tokens.Take);
    const value = this.SUBRULE(this.expr);
    return { kind: 'take', ...this.from(word), value };
  });

  private readonly setting: ParserRule<tree.Setting> = this.define('setting', () => {
    const path = this.SUBRULE(this.path);
    this.needEquals();
    this.CONSUME(tokens.Equals);
    const value = this.SUBRULE(this.expr);
    return { kind: 'setting', start: path.start, end: value.end, path, value };
  });

  private readonly expectStatement: ParserRule<tree.ExpectStatement> = this.define(
    'expectStatement',
    () => {
      const word = this.CONSUME(tokens.Expect);
      const condition = this.SUBRULE(this.expr);
      return { kind: 'expect', ...this.from(word), word: spanOf(word), condition };
    },
  );

  private readonly outputStatement: ParserRule<tree.OutputStatement> = this.define(
    'outputStatement',
    () => {
      const word = this.CONSUME(tokens.Output);
      this.needName('The output');
      const target = this.SUBRULE(this.path);
      this.needTo();
      this.CONSUME(tokens.To);
      this.needText('A folder');
      const folder = textOf(this.CONSUME(tokens.Text));
      this.needBodyOrEnd();
      const body = this.OPTION(() => this.SUBRULE(this.outputBody));
      return {
        kind: 'output',
        ...this.from(word),
        word: spanOf(word),
        target: this.RECORDING_PHASE || target.parts.length > 0 ? target : undefined,
        folder,
        settings: body?.settings ?? [],
        body: body?.span,
      };
    },
  );

  private readonly outputBody: ParserRule<{
    readonly settings: readonly (tree.Setting | tree.Spread)[];
    readonly span: Span;
  }> = this.define('outputBody', () => {
    const settings: (tree.Setting | tree.Spread)[] = [];
    const open = this.CONSUME(tokens.LeftBrace);
    this.opened(open, 'settings');
    this.needActionOrCloser();
    this.MANY(() => {
      settings.push(
        this.OR([
          { ALT: () => this.SUBRULE(this.setting) },
          { ALT: () => this.SUBRULE(this.spread) },
        ]),
      );
      this.OPTION(() => this.CONSUME(tokens.Comma));
      this.needActionOrCloser();
    });
    this.needCloser();
    this.CONSUME(tokens.RightBrace);
    this.closed();
    return { settings, span: this.from(open) };
  });

  // Expressions, the loosest first.

  readonly expr: ParserRule<tree.Expr> = this.define('expr', () => {
    // Most values are one token; to read them without the nine levels below halves the time of a recipe.
    if (!this.RECORDING_PHASE && this.isLoneValue()) return this.SUBRULE(this.primary);
    let left = this.SUBRULE(this.union);
    this.MANY(() => {
      const operator = this.CONSUME(tokens.Except);
      left = binary(left, operator, this.SUBRULE2(this.union));
    });
    return left;
  });

  private readonly union: ParserRule<tree.Expr> = this.define('union', () => {
    let left = this.SUBRULE(this.both);
    this.MANY(() => {
      const operator = this.CONSUME(tokens.Pipe);
      left = binary(left, operator, this.SUBRULE2(this.both));
    });
    return left;
  });

  private readonly both: ParserRule<tree.Expr> = this.define('both', () => {
    let left = this.SUBRULE(this.compare);
    this.MANY(() => {
      const operator = this.CONSUME(tokens.Ampersand);
      left = binary(left, operator, this.SUBRULE2(this.compare));
    });
    return left;
  });

  private readonly compare: ParserRule<tree.Expr> = this.define('compare', () => {
    let left = this.SUBRULE(this.range);
    this.OPTION(() => {
      const operator = this.oneOf(tokens.Less, tokens.LessEqual, tokens.Greater, tokens.GreaterEqual, tokens.EqualEqual, tokens.NotEqual);
      left = binary(left, operator, this.SUBRULE2(this.range));
    });
    return left;
  });

  private readonly range: ParserRule<tree.Expr> = this.define('range', () => {
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

  private readonly sum: ParserRule<tree.Expr> = this.define('sum', () => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.oneOf(tokens.Plus, tokens.Minus);
      left = binary(left, operator, this.SUBRULE2(this.product));
    });
    return left;
  });

  private readonly product: ParserRule<tree.Expr> = this.define('product', () => {
    let left = this.SUBRULE(this.operand);
    this.MANY(() => {
      const operator = this.oneOf(tokens.Times, tokens.Over);
      left = binary(left, operator, this.SUBRULE2(this.operand));
    });
    return left;
  });

  private readonly operand: ParserRule<tree.Expr> = this.define('operand', () => {
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

  private readonly primary: ParserRule<tree.Expr> = this.define('primary', () =>
    this.OR(this.primaries),
  );

  private readonly primaries: { ALT: () => tree.Expr }[] = [
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

  private readonly group: ParserRule<tree.Parenthesised> = this.define('group', () => {
    const open = this.CONSUME(tokens.LeftParen);
    this.opened(open, 'group');
    const inner = this.SUBRULE(this.expr);
    this.needCloser();
    this.CONSUME(tokens.RightParen);
    this.closed();
    return { kind: 'parenthesised', ...this.from(open), inner };
  });

  private readonly referenceOrCall: ParserRule<tree.Reference | tree.Call> = this.define(
    'referenceOrCall',
    () => {
      const path = this.SUBRULE(this.path);
      const args = this.OPTION(() => this.SUBRULE(this.args));
      if (args === undefined) return { kind: 'reference', start: path.start, end: path.end, path };
      return { kind: 'call', start: path.start, end: this.lastEnd, callee: path, args };
    },
  );

  private readonly args: ParserRule<readonly (tree.Argument | tree.Spread)[]> = this.define(
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

  private readonly arg: ParserRule<tree.Argument | tree.Spread> = this.define('arg', () =>
    this.OR([
      { ALT: () => this.SUBRULE(this.spread) },
      { ALT: () => this.SUBRULE(this.argument) },
    ]),
  );

  private readonly argument: ParserRule<tree.Argument> = this.define('argument', () => {
    this.mendArgument();
    const name = this.OPTION(() => {
      const word = this.CONSUME(tokens.Word);
      this.CONSUME(tokens.Colon);
      return nameOf(word);
    });
    const value = this.SUBRULE(this.expr);
    return { kind: 'argument', start: (name ?? value).start, end: value.end, name, value };
  });

  private readonly list: ParserRule<tree.ListLiteral> = this.define('list', () => {
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

  private readonly item: ParserRule<tree.Item | tree.Spread> = this.define('item', () =>
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

  private readonly map: ParserRule<tree.MapLiteral> = this.define('map', () => {
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

  private readonly entry: ParserRule<tree.Entry | tree.Spread> = this.define('entry', () =>
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

  private readonly key: ParserRule<tree.EntryKey> = this.define('key', () =>
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

  private readonly spread: ParserRule<tree.Spread> = this.define('spread', () => {
    const dots = this.CONSUME(tokens.Spread);
    const value = this.SUBRULE(this.expr);
    return { kind: 'spread', start: dots.startOffset, end: value.end, value };
  });

  private readonly path: ParserRule<tree.Path> = this.define('path', () => {
    const first = this.CONSUME(tokens.Name);
    const parts = [nameOf(first)];
    this.MANY(() => {
      this.CONSUME(tokens.Dot);
      this.needWord('A name');
      parts.push(nameOf(this.CONSUME(tokens.Word)));
    });
    return { parts: present(parts), ...this.from(first) };
  });

  /** The statement word that a token is read as, which may be misspelt. */
  private wordOf<Kind extends string>(word: IToken): Kind {
    return this.ACTION(() => word.tokenType.name.toLowerCase() as Kind);
  }

  /** From a token to the end of what was read last. */
  private from(first: IToken): Span {
    if (this.RECORDING_PHASE) return spanOf(NO_TOKEN);
    return { start: first.startOffset, end: Math.max(this.lastEnd, endOf(first)) };
  }

  /** The statement being read, as its author knows it: `The model`. */
  private declaration(): string {
    return `The ${this.peek(0)?.image ?? 'statement'}`;
  }
}

function present(parts: readonly (tree.Name | undefined)[]): tree.Name[] {
  return parts.filter((part) => part !== undefined);
}

const recipeParser = new RecipeParser();

/** Reads the tokens of one statement, the first of which is its opening word. */
export function parseStatement(
  text: string,
  statement: readonly IToken[],
  openBraces: number,
): ParsedStatement {
  return recipeParser.read(text, statement, openBraces);
}

/** The grammar as data, for completion and for the documentation. */
export function grammarProductions() {
  return recipeParser.getGAstProductions();
}
