/**
 * The words and marks of the language.
 * Lexer, parser, colouring and completion all read these tables; no other place lists a word or a mark.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain';

/** What a token is to a reader, and so how an editor colours it. */
export type TokenCategory =
  'statement' | 'word' | 'constant' | 'name' | 'number' | 'text' | 'operator' | 'mark' | 'comment';

export interface TokenEntry {
  readonly name: string;
  readonly category: TokenCategory;
  /** The text of a word or mark; the source of the pattern of everything else. */
  readonly literal?: string;
  readonly pattern?: string;
}

/** Words that open a statement. */
export const STATEMENT_WORDS = [
  'use',
  'model',
  'adapter',
  'stats',
  'param',
  'let',
  'layers',
  'tensors',
  'merge',
  'evaluate',
  'sweep',
  'search',
  'expect',
  'output',
] as const;

/** Words that stand inside a statement. */
export const INNER_WORDS = ['at', 'take', 'in', 'step', 'to', 'as', 'except'] as const;

export const CONSTANT_WORDS = ['true', 'false'] as const;

export type StatementWord = (typeof STATEMENT_WORDS)[number];
export type InnerWord = (typeof INNER_WORDS)[number];
export type ConstantWord = (typeof CONSTANT_WORDS)[number];
export type ReservedWord = StatementWord | InnerWord | ConstantWord;

export const RESERVED_WORDS: readonly ReservedWord[] = [
  ...STATEMENT_WORDS,
  ...INNER_WORDS,
  ...CONSTANT_WORDS,
];

/** Units of sizes with their powers: `kB` counts thousands, `KiB` counts 1024s. */
export const BYTE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Units of times, in milliseconds. */
export const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1e3,
  min: 6e4,
  h: 3.6e6,
};

const DIGITS = '\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
/** Without it `7 step` would be seven seconds. */
const WORD_END = '(?![A-Za-z0-9_])';
const withUnit = (units: Readonly<Record<string, number>>) =>
  new RegExp(`${DIGITS} ?(?:${Object.keys(units).join('|')})${WORD_END}`);

/** Any word: after a dot and before a colon the reserved ones will do too. */
export const Word = createToken({ name: 'Word', pattern: Lexer.NA });

export const Name = createToken({
  name: 'Name',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: Word,
});

function reserved(word: ReservedWord): TokenType {
  const name = word.charAt(0).toUpperCase() + word.slice(1);
  return createToken({ name, pattern: word, longer_alt: Name, categories: Word });
}

const words = Object.fromEntries(RESERVED_WORDS.map((word) => [word, reserved(word)])) as Record<
  ReservedWord,
  TokenType
>;

export const Use = words.use;
export const Model = words.model;
export const Adapter = words.adapter;
export const Stats = words.stats;
export const Param = words.param;
export const Let = words.let;
export const Layers = words.layers;
export const Tensors = words.tensors;
export const Merge = words.merge;
export const Evaluate = words.evaluate;
export const Sweep = words.sweep;
export const Search = words.search;
export const Expect = words.expect;
export const Output = words.output;
export const At = words.at;
export const Take = words.take;
export const In = words.in;
export const Step = words.step;
export const To = words.to;
export const As = words.as;
export const Except = words.except;
export const True = words.true;
export const False = words.false;

export const Bytes = createToken({ name: 'Bytes', pattern: withUnit(BYTE_UNITS) });
export const Duration = createToken({ name: 'Duration', pattern: withUnit(DURATION_UNITS) });
export const Percent = createToken({ name: 'Percent', pattern: new RegExp(`${DIGITS}%`) });
/** `40 %`: read, and given a fix. */
export const LoosePercent = createToken({
  name: 'LoosePercent',
  pattern: new RegExp(`${DIGITS}[ \\t]+%`),
  categories: Percent,
});
export const NumberToken = createToken({ name: 'Number', pattern: new RegExp(DIGITS) });
/** `.5` or `5.`: read, and given a fix. */
export const BareNumber = createToken({
  name: 'BareNumber',
  pattern: /\.\d+(?:[eE][+-]?\d+)?%?|\d+\.(?![.A-Za-z0-9_])/,
  categories: NumberToken,
});

export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/ });
/** Single and typographic quotes: read, and given a fix. */
export const OtherText = createToken({
  name: 'OtherText',
  pattern:
    /'(?:[^'\\\r\n]|\\[^\r\n])*'|[\u201c-\u201f][^\u201c-\u201f"\r\n]*[\u201c-\u201f"]|[\u2018-\u201b][^\u2018-\u201b'\r\n]*[\u2018-\u201b']/,
  categories: Text,
});
/** A text whose closing quote its line does not have. */
export const OpenText = createToken({
  name: 'OpenText',
  pattern: /["'][^\r\n]*/,
  categories: Text,
});

const mark = (name: string, literal: string): TokenType => createToken({ name, pattern: literal });

export const Spread = mark('Spread', '...');
export const DotDot = mark('DotDot', '..');
export const Dot = mark('Dot', '.');
export const Comma = mark('Comma', ',');
export const Colon = mark('Colon', ':');
export const EqualEqual = mark('EqualEqual', '==');
export const Equals = mark('Equals', '=');
export const NotEqual = mark('NotEqual', '!=');
export const LessEqual = mark('LessEqual', '<=');
export const Less = mark('Less', '<');
export const GreaterEqual = mark('GreaterEqual', '>=');
export const Greater = mark('Greater', '>');
export const Plus = mark('Plus', '+');
export const Minus = mark('Minus', '-');
export const Times = mark('Times', '*');
export const Over = mark('Over', '/');
export const Pipe = mark('Pipe', '|');
export const Ampersand = mark('Ampersand', '&');
export const LeftParen = mark('LeftParen', '(');
export const RightParen = mark('RightParen', ')');
export const LeftBracket = mark('LeftBracket', '[');
export const RightBracket = mark('RightBracket', ']');
export const LeftBrace = mark('LeftBrace', '{');
export const RightBrace = mark('RightBrace', '}');

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /\s+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const DocComment = createToken({
  name: 'DocComment',
  pattern: /\/\/\/(?!\/)[^\r\n]*/,
  group: 'comments',
});
export const LineComment = createToken({
  name: 'LineComment',
  pattern: /\/\/[^\r\n]*/,
  group: 'comments',
});
/** `# …`, as other languages write it: read as a comment, and given a fix. */
export const HashComment = createToken({
  name: 'HashComment',
  pattern: /#[^\r\n]*/,
  group: 'comments',
});
/** A run of characters outside ASCII; where it holds letters it is glued to the names beside it. */
export const Foreign = createToken({
  name: 'Foreign',
  pattern:
    /[\u0080-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff]+/,
});
/** A run of characters that mean nothing here. */
export const Unknown = createToken({
  name: 'Unknown',
  pattern: /[\x00-\x08\x0e-\x1f\x7f!$%;?@\\^`~]+/,
});
/** Stands in the parser's stream where a value should; no text is read as one. */
export const MissingValue = createToken({ name: 'MissingValue', pattern: Lexer.NA });

const NUMBERS = [Bytes, Duration, Percent, NumberToken];
const TEXTS = [Text, OtherText, OpenText];
const OPERATORS = [
  ...[EqualEqual, NotEqual, LessEqual, Less, GreaterEqual, Greater],
  ...[Plus, Minus, Times, Over, Pipe, Ampersand],
];
const MARKS = [
  ...[Spread, DotDot, Dot, Comma, Colon, Equals],
  ...[LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace],
];

/** In the order the lexer tries them: the longer of two with one beginning comes first. */
export const LEXER_TOKENS: readonly TokenType[] = [
  WhiteSpace,
  DocComment,
  LineComment,
  HashComment,
  ...RESERVED_WORDS.map((word) => words[word]),
  Name,
  ...[Spread, DotDot, BareNumber, Dot, LoosePercent],
  ...NUMBERS,
  ...TEXTS,
  ...OPERATORS,
  ...MARKS.filter((type) => type !== Spread && type !== DotDot && type !== Dot),
  Foreign,
  Unknown,
];

/** What the parser may meet. */
export const PARSER_TOKENS: readonly TokenType[] = [
  Word,
  Name,
  ...RESERVED_WORDS.map((word) => words[word]),
  ...[BareNumber, LoosePercent, ...NUMBERS],
  ...TEXTS,
  ...OPERATORS,
  ...MARKS,
  MissingValue,
];

export function reservedToken(word: ReservedWord): TokenType {
  return words[word];
}

const STATEMENT_TOKENS: ReadonlySet<TokenType> = new Set(
  STATEMENT_WORDS.map((word) => words[word]),
);
const RESERVED_TOKENS: ReadonlySet<TokenType> = new Set(RESERVED_WORDS.map((word) => words[word]));

export function isStatementWord(type: TokenType): boolean {
  return STATEMENT_TOKENS.has(type);
}

export function isReservedWord(type: TokenType): boolean {
  return RESERVED_TOKENS.has(type);
}

function literalEntry(type: TokenType, category: TokenCategory): TokenEntry {
  return { name: type.name, category, literal: String(type.PATTERN) };
}

function patternEntry(type: TokenType, category: TokenCategory): TokenEntry {
  return { name: type.name, category, pattern: (type.PATTERN as RegExp).source };
}

/** Every token that a right recipe may hold, with its category: what colouring and completion are made from. */
export const TOKEN_ENTRIES: readonly TokenEntry[] = [
  patternEntry(DocComment, 'comment'),
  patternEntry(LineComment, 'comment'),
  ...STATEMENT_WORDS.map((word) => literalEntry(words[word], 'statement')),
  ...INNER_WORDS.map((word) => literalEntry(words[word], 'word')),
  ...CONSTANT_WORDS.map((word) => literalEntry(words[word], 'constant')),
  patternEntry(Name, 'name'),
  ...NUMBERS.map((type) => patternEntry(type, 'number')),
  patternEntry(Text, 'text'),
  ...OPERATORS.map((type) => literalEntry(type, 'operator')),
  ...MARKS.map((type) => literalEntry(type, 'mark')),
];
