/**
 * The typed tree of a recipe: what the parser makes and everything else reads.
 * Every node has its span. Where the text is broken a node is `missing` or a part is absent; nothing is invented.
 */
import type { Span } from './span.ts';

export interface Name extends Span {
  readonly text: string;
}

/** `a.b.c`: the first part is a name, the others may be any word. */
export interface Path extends Span {
  readonly parts: readonly Name[];
}

export interface Comment extends Span {
  readonly kind: 'comment' | 'doc';
  /** Without its slashes and the one space after them. */
  readonly text: string;
}

export interface Recipe extends Span {
  readonly statements: readonly Statement[];
  /** All comments in order; those of a declaration are also its `doc`. */
  readonly comments: readonly Comment[];
  /** The `///` block at the head of the file, if an empty line follows it. */
  readonly doc?: string;
}

interface StatementBase extends Span {
  readonly doc?: string;
  /** The opening word, `model` or `merge` or another. */
  readonly word: Span;
}

export interface UseStatement extends StatementBase {
  readonly kind: 'use';
  readonly path?: TextLiteral;
  readonly alias?: Name;
}

export interface SourceStatement extends StatementBase {
  readonly kind: 'model' | 'adapter' | 'stats';
  readonly name?: Name;
  readonly value: Expr;
}

export interface ParamStatement extends StatementBase {
  readonly kind: 'param';
  readonly name?: Name;
  readonly type?: Name;
  readonly value: Expr;
  readonly range?: Expr;
}

export interface LetStatement extends StatementBase {
  readonly kind: 'let';
  readonly name?: Name;
  readonly type?: Name;
  readonly value: Expr;
}

export interface PlaceStatement extends StatementBase {
  readonly kind: 'layers' | 'tensors';
  readonly name?: Name;
  readonly value: Expr;
}

export interface MergeStatement extends StatementBase {
  readonly kind: 'merge';
  readonly name?: Name;
  readonly value: Expr;
  readonly rules: readonly Rule[];
  /** The braces of the rules, if there are any. */
  readonly body?: Span;
}

export interface SearchStatement extends StatementBase {
  readonly kind: 'evaluate' | 'sweep' | 'search';
  readonly name?: Name;
  readonly value: Expr;
}

export interface ExpectStatement extends StatementBase {
  readonly kind: 'expect';
  readonly condition: Expr;
}

export interface OutputStatement extends StatementBase {
  readonly kind: 'output';
  readonly target?: Path;
  readonly folder?: TextLiteral;
  readonly settings: readonly (Setting | Spread)[];
  readonly body?: Span;
}

export type Statement =
  | UseStatement
  | SourceStatement
  | ParamStatement
  | LetStatement
  | PlaceStatement
  | MergeStatement
  | SearchStatement
  | ExpectStatement
  | OutputStatement;

export interface Rule extends Span {
  readonly kind: 'rule';
  readonly place: Expr;
  readonly actions: readonly (Take | Setting)[];
  readonly body?: Span;
}

export interface Take extends Span {
  readonly kind: 'take';
  readonly value: Expr;
}

export interface Setting extends Span {
  readonly kind: 'setting';
  readonly path: Path;
  readonly value: Expr;
}

export interface Spread extends Span {
  readonly kind: 'spread';
  readonly value: Expr;
}

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  /** `40%` is 0.4, the value of the decimal literal `40e-2`. */
  readonly value: number;
  readonly percent: boolean;
  readonly text: string;
}

export interface BytesLiteral extends Span {
  readonly kind: 'bytes';
  readonly value: number;
  readonly text: string;
}

export interface DurationLiteral extends Span {
  readonly kind: 'duration';
  readonly seconds: number;
  readonly text: string;
}

export interface TextLiteral extends Span {
  readonly kind: 'text';
  readonly value: string;
}

export interface BooleanLiteral extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

/** A path that is not called: a name, a part, a word of a choice. */
export interface Reference extends Span {
  readonly kind: 'reference';
  readonly path: Path;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly callee: Path;
  readonly args: readonly (Argument | Spread)[];
}

export interface Argument extends Span {
  readonly kind: 'argument';
  readonly name?: Name;
  readonly value: Expr;
}

export interface ListLiteral extends Span {
  readonly kind: 'list';
  readonly items: readonly (Item | Spread)[];
}

export interface Item extends Span {
  readonly kind: 'item';
  readonly value: Expr;
  /** The braces behind an expert: its own values. */
  readonly own?: MapLiteral;
}

export interface MapLiteral extends Span {
  readonly kind: 'map';
  readonly entries: readonly (Entry | Spread)[];
}

export interface Entry extends Span {
  readonly kind: 'entry';
  readonly key: EntryKey;
  readonly value: Expr;
}

export type EntryKey =
  | ({ readonly kind: 'path'; readonly parts: readonly Name[] } & Span)
  | ({ readonly kind: 'text'; readonly value: string } & Span)
  | ({ readonly kind: 'number'; readonly value: number } & Span);

export type BinaryOperator =
  'except' | '|' | '&' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '+' | '-' | '*' | '/';

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
}

export interface Negation extends Span {
  readonly kind: 'negation';
  readonly operand: Expr;
}

/** `a..b step c`; both ends belong to it. */
export interface Range extends Span {
  readonly kind: 'range';
  readonly from: Expr;
  readonly to: Expr;
  readonly step?: Expr;
}

/** `layers` before a range or one number. */
export interface LayersOf extends Span {
  readonly kind: 'layersOf';
  readonly range: Expr;
}

/** `m[0..23]`. */
export interface Index extends Span {
  readonly kind: 'index';
  readonly value: Expr;
  readonly layers: Expr;
}

export interface Parenthesised extends Span {
  readonly kind: 'parenthesised';
  readonly inner: Expr;
}

/** Where an expression should stand and none does. Its span is empty, at the place. */
export interface Missing extends Span {
  readonly kind: 'missing';
}

export type Expr =
  | NumberLiteral
  | BytesLiteral
  | DurationLiteral
  | TextLiteral
  | BooleanLiteral
  | Reference
  | Call
  | ListLiteral
  | MapLiteral
  | Binary
  | Negation
  | Range
  | LayersOf
  | Index
  | Parenthesised
  | Missing;
