/** Links: sources and imported files by the paths in the text, where they are on this disk. */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DocumentLink, DocumentLinkRequest } from 'vscode-languageserver';
import { absolutePath } from '../../engine/checkpoints/source.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Expr } from '../../grammar/syntax/tree.ts';
import { childrenOf, type Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { rangeOf } from '../analysis/positions.ts';
import { documentFeature } from './feature.ts';

export interface Link {
  /** The text within its quotes. */
  readonly span: Span;
  /** Absolute. */
  readonly path: string;
}

/** `folder` is where relative paths start; absent, only what was opened has a link. */
export function linksOf(analysis: Analysis, folder: string | undefined): readonly Link[] {
  return analysis.recipe.statements.flatMap((statement): readonly Link[] => {
    if (statement.kind === 'use') {
      const { path } = statement;
      if (path === undefined || folder === undefined || path.value === '') return [];
      return [{ span: within(path), path: absolutePath(path.value, folder) }];
    }
    if (statement.kind === 'model') return modelLink(analysis, statement);
    return filesIn(statement).flatMap((text) =>
      folder === undefined ? [] : [{ span: within(text), path: resolve(folder, text.value) }],
    );
  });
}

/** A folder opens in an editor by its configuration; a model that was not found has no link. */
function modelLink(
  { models }: Analysis,
  { name, value }: { readonly name?: { readonly text: string }; readonly value: Expr },
): readonly Link[] {
  const answer = models.get(name?.text ?? '');
  const text = firstText(value);
  if (answer?.kind !== 'read' || text === undefined) return [];
  const { folder, configText, files } = answer.checkpoint;
  const path = configText === undefined ? files[0]?.path : join(folder, 'config.json');
  return path === undefined ? [] : [{ span: within(text), path }];
}

type Text = Extract<Node, { readonly kind: 'text' }>;

function firstText(node: Node): Text | undefined {
  if (node.kind === 'text') return node;
  for (const child of childrenOf(node)) {
    const text = firstText(child);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The texts of `file("…")`. */
function filesIn(node: Node): readonly Text[] {
  const isFile = node.kind === 'call' && node.callee.parts[0]?.text === 'file';
  const own = isFile ? firstText(node) : undefined;
  return own === undefined ? childrenOf(node).flatMap(filesIn) : [own];
}

const within = ({ start, end }: Span): Span => ({ start: start + 1, end: end - 1 });

export const documentLinks = documentFeature({
  name: 'document links',
  about: 'Models, used recipes and files open by a click on their path.',
  capabilities: { documentLinkProvider: { resolveProvider: false } },
  request: DocumentLinkRequest.type,
  reads: 'headers',
  empty: null as DocumentLink[] | null,
  answer: (analysis, _params, desk) =>
    linksOf(analysis, desk.folderOf(analysis.uri)).map(({ span, path }) => ({
      range: rangeOf(analysis, span),
      target: pathToFileURL(path).href,
      tooltip: path,
    })),
});
