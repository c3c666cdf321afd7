/** From the text of a recipe to its tree, whatever the text. */
import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nestedTooDeep } from '../diagnostics/mw1017-nested-too-deep.ts';
import { unexpectedText } from '../diagnostics/mw1001-unexpected-text.ts';
import { commentOf, docsOf } from './docs.ts';
import { diagnosticOf, replacing } from './finding.ts';
import { endOf, lex, spanOf } from './lexer.ts';
import { parseStatement, type ParsedStatement } from './parser.ts';
import { nearStatementWord, splitStatements, type StatementTokens } from './statements.ts';
import { gatherStrays } from './strays.ts';
import { isStatementWord } from './tokens.ts';
import type { Missing, Recipe, Statement } from './tree.ts';
import { depthOf } from './walk.ts';

export interface Parsed {
  readonly recipe: Recipe;
  readonly diagnostics: readonly Diagnostic[];
}

/** Nodes above nodes; whoever walks the tree may recurse as far. */
const DEEPEST_TREE = 1000;

/**
 * Reads a recipe. Any text gives a tree: where the text is broken, nodes are missing and a diagnostic says why.
 * Of one statement only the first slip is told, since the others mostly follow from it.
 */
export function parse(text: string): Parsed {
  const { tokens, comments, findings } = lex(text);
  const docs = docsOf(text, comments);
  const statements: Statement[] = [];
  const diagnostics: Diagnostic[] = [];
  let openBraces = 0;
  let lexical = 0;
  const parts = splitStatements(text, tokens);
  parts.forEach((part, index) => {
    const found = [...part.findings];
    const end = parts[index + 1]?.tokens[0]?.startOffset ?? text.length;
    for (let next = findings[lexical]; next !== undefined && next.start < end;) {
      found.push(next);
      lexical += 1;
      next = findings[lexical];
    }
    const first = part.tokens[0];
    if (part.opens && first !== undefined) {
      const read = readStatement(text, part, openBraces);
      openBraces = read.openBraces;
      found.push(...read.findings);
      const doc = docs.of(first.startOffset);
      statements.push(doc === undefined ? read.statement : { ...read.statement, doc });
    } else if (first !== undefined) found.push(noStatement(first));
    diagnostics.push(...earliest(found));
  });
  diagnostics.push(...earliest(findings.slice(lexical)));
  const recipe: Recipe = {
    start: 0,
    end: text.length,
    statements,
    comments: comments.map(commentOf),
    ...(docs.recipe === undefined ? {} : { doc: docs.recipe }),
  };
  return { recipe, diagnostics };
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
