/** A used recipe, as far as it has been checked: its names and what is wrong with it. */
import type { Diagnostic, Related } from '../diagnostics/diagnostic.ts';
import type { Span } from '../syntax/span.ts';
import type { Statement } from '../syntax/tree.ts';
import { childrenOf, type Node } from '../syntax/walk.ts';
import type { Checking } from './checking.ts';
import { fileAt, type PlacedFile } from './imports.ts';
import { declarationOf, type Scope } from './scopes.ts';

export interface ImportedFile {
  readonly scope: Scope;
  readonly findings: Diagnostic[];
  /** Whether its statements are still being read: a way back to it is a circle. */
  isOpen: boolean;
}

/**
 * Where the recipe is to blame for what stands in another file: the first word of the statement that leads there, else the
 * word it opens with.
 */
export function placeInRecipe(checking: Checking, statement: Statement, file: PlacedFile): Span {
  const waiting: Node[] = [statement];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    if (node.kind === 'reference') {
      const found = declarationOf(checking, node.path);
      if (found !== undefined && fileAt(checking.placed, found.declaration.span) === file) {
        return node;
      }
    }
    waiting.unshift(...childrenOf(node));
  }
  return statement.word;
}

/** A finding whose places in other files are said as such: by the file's key, at the file's own offsets. */
export function toldOfFiles(checking: Checking, finding: Diagnostic): Diagnostic {
  const { placed } = checking;
  const { related, fixes, ...rest } = finding;
  const isHere = (span: Span): boolean => fileAt(placed, span) === undefined;
  const mends = fixes?.filter(({ edits }) => edits.every(isHere));
  return {
    ...rest,
    ...(mends === undefined || mends.length === 0 ? {} : { fixes: mends }),
    ...(related === undefined
      ? {}
      : { related: related.map((other) => relatedIn(checking, other)) }),
  };
}

function relatedIn({ placed }: Checking, related: Related): Related {
  const file = fileAt(placed, related);
  if (file === undefined) return related;
  const { start, end, message } = related;
  return { message, start: start - file.offset, end: end - file.offset, file: file.key };
}
