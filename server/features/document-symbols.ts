/** The outline of a recipe: its declarations, outputs and expectations, with the rules of steps below them. */
import {
  type DocumentSymbol,
  DocumentSymbolRequest,
  type SymbolInformation,
  SymbolKind,
} from 'vscode-languageserver';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Statement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { nameOfStatement } from '../analysis/nodes-at.ts';
import { rangeOf } from '../analysis/positions.ts';
import { documentFeature } from './feature.ts';

export interface OutlineEntry {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly span: Span;
  /** What is selected when the entry is chosen; it lies in the span. */
  readonly selection: Span;
  readonly children: readonly OutlineEntry[];
}

export function outlineOf({
  recipe,
  text,
}: Pick<Analysis, 'recipe' | 'text'>): readonly OutlineEntry[] {
  return recipe.statements.map((statement) => {
    const name = nameOfStatement(statement) ?? targetOf(statement);
    return {
      name: name === undefined ? nameless(statement, text) : text.slice(name.start, name.end),
      detail: detailOf(statement, text),
      kind: kindOf(statement),
      span: statement,
      selection: name ?? statement.word,
      children: childrenOf(statement, text),
    };
  });
}

function targetOf(statement: Statement): Span | undefined {
  return statement.kind === 'output' ? statement.target : undefined;
}

const longest = 60;

function short(text: string, { start, end }: Span): string {
  const written = text.slice(start, end).replace(/\s+/g, ' ');
  return written.length > longest ? `${written.slice(0, longest - 1)}…` : written;
}

function nameless(statement: Statement, text: string): string {
  if (statement.kind === 'expect') return short(text, statement.condition) || 'expect';
  if (statement.kind === 'use') return statement.path?.value || 'use';
  return statement.kind;
}

function detailOf(statement: Statement, text: string): string {
  switch (statement.kind) {
    case 'expect':
      return 'expect';
    case 'use':
      return 'use';
    case 'output':
      return statement.folder === undefined ? 'output' : `output to ${statement.folder.value}`;
    default:
      return `${statement.kind} ${short(text, statement.value)}`.trimEnd();
  }
}

function kindOf({ kind }: Statement): SymbolKind {
  switch (kind) {
    case 'use':
      return SymbolKind.Module;
    case 'model':
    case 'adapter':
    case 'stats':
      return SymbolKind.File;
    case 'param':
    case 'let':
      return SymbolKind.Constant;
    case 'layers':
    case 'tensors':
      return SymbolKind.Array;
    case 'merge':
      return SymbolKind.Function;
    case 'evaluate':
    case 'sweep':
    case 'search':
      return SymbolKind.Event;
    case 'expect':
      return SymbolKind.Boolean;
    case 'output':
      return SymbolKind.Package;
    default:
      return kind satisfies never;
  }
}

function childrenOf(statement: Statement, text: string): readonly OutlineEntry[] {
  switch (statement.kind) {
    case 'merge':
      return statement.rules.map((rule) => ({
        name: `at ${short(text, rule.place)}`,
        detail: rule.actions.map((action) => short(text, action)).join(', '),
        kind: SymbolKind.Key,
        span: rule,
        selection:
          rule.place.end > rule.place.start
            ? rule.place
            : { start: rule.start, end: rule.start + 2 },
        children: [],
      }));
    case 'output':
      return statement.settings.map((setting) => ({
        name: setting.kind === 'spread' ? short(text, setting) : short(text, setting.path),
        detail: setting.kind === 'spread' ? '' : short(text, setting.value),
        kind: SymbolKind.Property,
        span: setting,
        selection: setting.kind === 'spread' ? setting : setting.path,
        children: [],
      }));
    default:
      return [];
  }
}

function symbolOf(analysis: Analysis, entry: OutlineEntry): DocumentSymbol {
  return {
    name: entry.name,
    detail: entry.detail,
    kind: entry.kind,
    range: rangeOf(analysis, entry.span),
    selectionRange: rangeOf(analysis, entry.selection),
    children: entry.children.map((child) => symbolOf(analysis, child)),
  };
}

export const documentSymbols = documentFeature({
  name: 'document symbols',
  about: 'The outline: declarations, outputs and expectations, with the rules of steps below them.',
  capabilities: { documentSymbolProvider: { label: 'Mergewright' } },
  request: DocumentSymbolRequest.type,
  reads: 'text',
  empty: null as DocumentSymbol[] | SymbolInformation[] | null,
  answer: (analysis) => outlineOf(analysis).map((entry) => symbolOf(analysis, entry)),
});
