/** From the text of a recipe to its tree, whatever the text. */
import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nestedTooDeep } from '../diagnostics/mw1017-nested-too-deep.ts';
import { unexpectedText } from '../diagnostics/mw1001-unexpected-text.ts';
import { commentOf, docsOf } from './docs.ts';
import { diagnosticOf, replacing } from './finding.ts';
import { endOf, lex, type Lexed, spanOf } from './lexer.ts';
import { Piece } from './piece.ts';
import { parseStatement, type ParsedStatement } from './parser.ts';
import { nearStatementWord, splitStatements, type StatementTokens } from './statements.ts';
import { gatherStrays } from './strays.ts';
import { isStatementWord } from './tokens.ts';
import type { Comment, Missing, Recipe, Statement } from './tree.ts';
import { depthOf } from './walk.ts';

export interface Parsed {
  readonly recipe: Recipe;
  readonly diagnostics: readonly Diagnostic[];
  /** What the tree is made of, so that an edit need not read everything again. */
  readonly pieces: readonly Piece[];
}

/** Nodes above nodes; whoever walks the tree may recurse as far. */
const DEEPEST_TREE = 1000;

/**
 * Reads a recipe. Any text gives a tree: where the text is broken, nodes are missing and a diagnostic says why.
 * Of one statement only the first slip is told, since the others mostly follow from it.
 */
export function parse(text: string): Parsed {
  const lexed = lex(text);
  const { pieces, loose, doc } = readPieces(text, lexed, { end: text.length, braces: 0 });
  return parsedOf(text, pieces, { comments: lexed.comments.map(commentOf), loose, doc });
}

interface Around {
  readonly comments: readonly Comment[];
  /** Slips of a text that has no token. */
  readonly loose: readonly Diagnostic[];
  readonly doc: string | undefined;
}

/** The whole from its pieces. */
export function parsedOf(
  text: string,
  pieces: readonly Piece[],
  { comments, loose, doc }: Around,
): Parsed {
  let statements: readonly Statement[] | undefined;
  const recipe: Recipe = {
    start: 0,
    end: text.length,
    get statements() {
      statements ??= pieces.flatMap(({ statement }) =>
        statement === undefined ? [] : [statement],
      );
      return statements;
    },
    comments,
    ...(doc === undefined ? {} : { doc }),
  };
  const diagnostics = [...pieces.flatMap((piece) => piece.diagnostics), ...loose];
  return { recipe, diagnostics, pieces };
}

export interface ReadPieces {
  readonly pieces: readonly Piece[];
  readonly loose: readonly Diagnostic[];
  /** The documentation of the whole recipe, if its head is among what was read. */
  readonly doc: string | undefined;
}

/** Reads some of a text's tokens, which begin where a statement does or at the text's head, as far as an offset. */
export function readPieces(
  text: string,
  { tokens, comments, findings }: Lexed,
  { end, braces }: { readonly end: number; readonly braces: number },
): ReadPieces {
  const docs = docsOf(text, comments);
  const pieces: Piece[] = [];
  let openBraces = braces;
  let lexical = 0;
  const parts = splitStatements(text, tokens);
  parts.forEach((part, index) => {
    const found = [...part.findings];
    const next = parts[index + 1]?.tokens[0]?.startOffset ?? end;
    for (let slip = findings[lexical]; slip !== undefined && slip.start < next;) {
      found.push(slip);
      lexical += 1;
      slip = findings[lexical];
    }
    const first = part.tokens[0];
    if (first === undefined) return;
    const bracesBefore = openBraces;
    const start = first.startOffset;
    if (!part.opens) {
      found.push(noStatement(first));
      const diagnostics = earliest(found);
      const bracesBehind = openBraces;
      pieces.push(
        new Piece({ start, statement: undefined, diagnostics, bracesBefore, bracesBehind }),
      );
      return;
    }
    const read = readStatement(text, part, openBraces);
    openBraces = read.openBraces;
    found.push(...read.findings);
    const doc = docs.of(start);
    const statement = doc === undefined ? read.statement : { ...read.statement, doc };
    const diagnostics = earliest(found);
    pieces.push(
      new Piece({ start, statement, diagnostics, bracesBefore, bracesBehind: openBraces }),
    );
  });
  return { pieces, loose: earliest(findings.slice(lexical)), doc: docs.recipe };
}

type ReadStatement = Pick<ParsedStatement, 'statement' | 'findings' | 'openBraces'>;

function readStatement(text: string, part: StatementTokens, openBraces: number): ReadStatement {
  const read = parseStatement(text, part.tokens, openBraces);
  const { strays } = read;
  if (part.tokens.length > DEEPEST_TREE && depthOf(read.statement) > DEEPEST_TREE) {
    return { ...read, ...tooDeep(read.statement) };
  }
  if (read.statement.kind !== 'merge' || strays.length === 0) return read;
  const gathered = gatherStrays(text, read.statement, strays);
  return {
    statement: gathered.statement,
    findings: [...read.findings, ...gathered.findings],
    openBraces: read.openBraces,
  };
}

/** A statement of which only the head is kept, since its calculation is too long to be walked. */
function tooDeep(statement: Statement): Pick<ReadStatement, 'statement' | 'findings'> {
  const value: Missing = { kind: 'missing', start: statement.end, end: statement.end };
  const finding = diagnosticOf({
    kind: nestedTooDeep,
    span: statement.word,
    message: `This statement calculates more than ${DEEPEST_TREE} steps deep.`,
  });
  return { statement: headOf(statement, value), findings: [finding] };
}

function headOf(statement: Statement, value: Missing): Statement {
  switch (statement.kind) {
    case 'use':
      return statement;
    case 'param':
      return { ...statement, value, range: undefined };
    case 'expect':
      return { ...statement, condition: value };
    case 'output':
      return { ...statement, settings: [] };
    case 'merge':
      return { ...statement, value, rules: [] };
    default:
      return { ...statement, value };
  }
}

/** What stands before the first statement. */
function noStatement(first: IToken): Diagnostic {
  const span = spanOf(first);
  const meant = nearStatementWord(first.image);
  const isMeant = meant !== undefined && !isStatementWord(first.tokenType);
  return diagnosticOf({
    kind: unexpectedText,
    span: { start: span.start, end: endOf(first) },
    message: `\`${first.image}\` opens no statement.`,
    fixes: isMeant ? [replacing(`Write ${meant}`, span, meant)] : undefined,
  });
}

/** The first slip of a statement; of several at one place the one found first. */
function earliest(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const [first, ...others] = findings;
  if (first === undefined) return [];
  return [others.reduce((one, other) => (other.start < one.start ? other : one), first)];
}
