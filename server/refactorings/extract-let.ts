/** A selected value becomes a `let` above its statement, and its name stands where it stood. */
import type { Span } from '../../grammar/syntax/span.ts';
import type { Expr, Statement } from '../../grammar/syntax/tree.ts';
import { childrenOf, type Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { importedIn } from '../analysis/imported-names.ts';
import { mentionsOf } from '../analysis/mentions.ts';
import { statementAt } from '../analysis/nodes-at.ts';
import { isSound, type Refactoring } from './refactoring.ts';

export function extractLet(analysis: Analysis, selection: Span): readonly Refactoring[] {
  const { text, recipe } = analysis;
  const span = trimmed(text, selection);
  const statement = statementAt(recipe, span.start);
  if (span.start === span.end || statement === undefined) return [];
  const found = exprAt(statement, span, []);
  if (found === undefined || !isHeld(found.expr)) return [];
  const name = freeName(analysis, nameFor(found.expr, found.above));
  const at = headOf(analysis, statement);
  const edits = [
    { start: at, end: at, text: `let ${name} = ${text.slice(span.start, span.end)}\n` },
    { ...span, text: name },
  ];
  const title = `Extract to let ${name}`;
  return isSound(analysis, edits) ? [{ title, kind: 'refactor.extract', edits }] : [];
}

function trimmed(text: string, { start, end }: Span): Span {
  const written = text.slice(start, end);
  const from = start + written.length - written.trimStart().length;
  return { start: from, end: Math.max(from, end - (written.length - written.trimEnd().length)) };
}

interface Found {
  readonly expr: Expr;
  /** The nodes around it, outermost first. */
  readonly above: readonly Node[];
}

/** The expression that is exactly what is selected. */
function exprAt(node: Node, span: Span, above: readonly Node[]): Found | undefined {
  const isIt = node.start === span.start && node.end === span.end && isExpr(node);
  if (isIt) return { expr: node, above };
  for (const child of childrenOf(node)) {
    if (child.start > span.start || child.end < span.end) continue;
    const found = exprAt(child, span, [...above, node]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExpr(node: Node): node is Expr {
  return childrenOfStatementKinds.every((kind) => node.kind !== kind);
}

const childrenOfStatementKinds = [
  ...(['use', 'model', 'adapter', 'stats', 'param', 'let', 'layers', 'tensors', 'merge'] as const),
  ...(['evaluate', 'sweep', 'search', 'expect', 'output', 'rule', 'take', 'setting'] as const),
  ...(['spread', 'argument', 'item', 'entry'] as const),
] as const satisfies readonly Exclude<Node, Expr>['kind'][];

/** What a `let` may hold; a name alone gains nothing by another name. */
function isHeld({ kind }: Expr): boolean {
  switch (kind) {
    case 'number':
    case 'bytes':
    case 'duration':
    case 'text':
    case 'boolean':
    case 'call':
    case 'list':
    case 'map':
    case 'binary':
    case 'negation':
    case 'parenthesised':
      return true;
    case 'reference':
    case 'range':
    case 'layersOf':
    case 'index':
    case 'missing':
      return false;
    default:
      return kind satisfies never;
  }
}

/** After the parameter it is given to, else by what it is. */
function nameFor(expr: Expr, above: readonly Node[]): string {
  for (const node of above.toReversed()) {
    if (node.kind === 'argument' && node.name !== undefined) return node.name.text;
    if (node.kind === 'entry' && node.key.kind === 'path') return node.key.parts.at(-1)!.text;
    if (node.kind === 'setting') return node.path.parts[0]!.text;
  }
  switch (expr.kind) {
    case 'call':
      return expr.callee.parts[0]?.text === 'curve' ? 'shape' : 'change';
    case 'binary':
      return 'change';
    case 'list':
      return 'experts';
    case 'map':
      return 'preset';
    default:
      return 'value';
  }
}

function freeName(analysis: Analysis, wanted: string): string {
  const { all, declared } = mentionsOf(analysis);
  const isTaken = (name: string): boolean =>
    declared.has(name) ||
    importedIn(analysis).has(name) ||
    all.some((of) => of.kind === 'unknown' && of.text === name);
  const base = `the_${wanted}`;
  let name = base;
  for (let number = 2; isTaken(name); number += 1) name = `${base}_${number}`;
  return name;
}

/** Where a statement begins with what documents it. */
function headOf({ recipe, text, lines }: Analysis, statement: Statement): number {
  let { line } = lines.positionAt(statement.start);
  const isComment = (of: number): boolean => /^\s*\/\//.test(lines.lineText(of));
  const firstOffset = lines.offsetAt({ line, column: 1 });
  // A statement behind another on its line has no line of its own to stand above.
  if (text.slice(firstOffset, statement.start).trim() !== '') return statement.start;
  while (line > 1 && isComment(line - 1)) line -= 1;
  const isHeadOfFile = line === 1 && recipe.doc !== undefined;
  return isHeadOfFile ? firstOffset : lines.offsetAt({ line, column: 1 });
}
