/**
 * Statements and rules, one method for each line of the EBNF; expressions stand in `expressions.ts`.
 * A little over the usual length, since Chevrotain wants a grammar's statements in one object.
 */
import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ruleInRule } from '../diagnostics/mw1009-rule-in-rule.ts';
import { ExpressionParser, type ParserRule } from './expressions.ts';
import { spanOf } from './lexer.ts';
import { nameOf, textOf } from './nodes.ts';
import { spanOver, type Span } from './span.ts';
import * as tokens from './tokens.ts';
import type * as tree from './tree.ts';

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

export class RecipeParser extends ExpressionParser {
  private strays: (tree.Take | tree.Setting)[] = [];

  /** Proving the grammar takes longer than reading a recipe; a test does it. Throws what it finds. */
  constructor({ proves }: { readonly proves: boolean }) {
    super([...tokens.PARSER_TOKENS], {
      maxLookahead: 2,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
      skipValidations: !proves,
    });
    this.performSelfAnalysis();
  }

  read(text: string, statement: readonly IToken[], openBraces: number): ParsedStatement {
    this.strays = [];
    this.beginStatement(text, statement, openBraces);
    const read = this.statement();
    const [error] = this.errors;
    if (error !== undefined) throw new Error(`The parser was not mended: ${error.message}`);
    const { strays, findings } = this;
    return { statement: read, strays, findings, openBraces: this.openBraces };
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
              this.ACTION(() => nested.push(...read));
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
    const outer: tree.Rule = { kind: 'rule', ...this.from(at), place, actions, body };
    return [outer, ...this.withinPlace(outer, nested)];
  });

  /** Rules written inside a rule, at both places. */
  private withinPlace(outer: tree.Rule, inner: readonly tree.Rule[]): tree.Rule[] {
    const [first] = inner;
    if (first !== undefined && !this.RECORDING_PHASE) this.reportNested(outer, first, inner.length);
    return inner.map((rule) => ({
      ...rule,
      place: {
        kind: 'binary',
        ...spanOver(outer.place, rule.place),
        operator: '&',
        operatorSpan: { start: outer.place.end, end: outer.place.end },
        left: outer.place,
        right: rule.place,
      },
    }));
  }

  private reportNested(outer: tree.Rule, inner: tree.Rule, count: number): void {
    const both = `${this.operandText(outer.place)} & ${this.operandText(inner.place)}`;
    const isAlone = count === 1 && outer.actions.length === 0 && inner.place.start > inner.start;
    const edits = [
      { start: outer.place.start, end: inner.place.end, text: both },
      { start: inner.end, end: outer.end, text: '' },
    ];
    this.report({
      kind: ruleInRule,
      span: { start: inner.start, end: inner.place.end },
      message: `A rule within a rule is written \`at ${both}\`.`,
      fixes: isAlone ? [{ title: `Write at ${both}`, edits }] : undefined,
    });
  }

  /** A place as it stands beside `&`. */
  private operandText(place: tree.Expr): string {
    const written = this.text.slice(place.start, place.end);
    const isLooser = place.kind === 'binary' && ['|', 'except'].includes(place.operator);
    return isLooser ? `(${written})` : written;
  }

  private readonly action: ParserRule<tree.Take | tree.Setting> = this.define('action', () =>
    this.OR([{ ALT: () => this.SUBRULE(this.take) }, { ALT: () => this.SUBRULE(this.setting) }]),
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

  /** The statement word that a token is read as, which may be misspelt. */
  private wordOf<Kind extends string>(word: IToken): Kind {
    return this.ACTION(() => word.tokenType.name.toLowerCase() as Kind);
  }

  /** The statement being read, as its author knows it: `The model`. */
  private declaration(): string {
    return `The ${this.peek(0)?.image ?? 'statement'}`;
  }
}

const recipeParser = new RecipeParser({ proves: false });

/** Reads the tokens of one statement, the first of which is its opening word. */
export function parseStatement(
  text: string,
  statement: readonly IToken[],
  openBraces: number,
): ParsedStatement {
  return recipeParser.read(text, statement, openBraces);
}

/** How many tokens the parser has looked at so far. */
export function parserSteps(): number {
  return recipeParser.steps;
}

/** The grammar as data, for completion and for the documentation. */
export function grammarProductions() {
  return recipeParser.getGAstProductions();
}
