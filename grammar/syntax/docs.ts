/** Comments as the tree has them, and which of them document what. */
import type { IToken } from 'chevrotain';
import { endOf, spanOf } from './lexer.ts';
import { beginsLine } from './statements.ts';
import { DocComment } from './tokens.ts';
import type { Comment } from './tree.ts';

export function commentOf(token: IToken): Comment {
  const isDoc = token.tokenType === DocComment;
  const text = token.image.replace(isDoc ? /^\/\/\/ ?/ : /^(?:\/\/|#) ?/, '').trimEnd();
  return { kind: isDoc ? 'doc' : 'comment', ...spanOf(token), text };
}

/** Comments on neighbouring lines of their own. */
interface CommentBlock {
  readonly comments: readonly IToken[];
  readonly start: number;
  readonly end: number;
}

function lineEndsBetween(text: string, start: number, end: number): number {
  return text.slice(start, end).match(/\r\n|\n|\r/g)?.length ?? 0;
}

function blocksOf(text: string, comments: readonly IToken[]): readonly CommentBlock[] {
  const blocks: { comments: IToken[]; start: number; end: number }[] = [];
  for (const comment of comments) {
    if (!beginsLine(text, comment)) continue;
    const last = blocks.at(-1);
    const gap = last === undefined ? '' : text.slice(last.end, comment.startOffset);
    const neighbours =
      gap.trim() === '' && lineEndsBetween(text, last?.end ?? 0, comment.startOffset) === 1;
    if (last !== undefined && neighbours) {
      last.comments.push(comment);
      last.end = endOf(comment);
    } else {
      blocks.push({ comments: [comment], start: comment.startOffset, end: endOf(comment) });
    }
  }
  return blocks;
}

function docOf(block: CommentBlock): string | undefined {
  const docs = block.comments.filter((comment) => comment.tokenType === DocComment);
  if (docs.length === 0) return undefined;
  return docs.map((comment) => commentOf(comment).text).join('\n');
}

export interface Docs {
  /** The documentation of the whole recipe. */
  readonly recipe?: string;
  /** The documentation of the declaration whose opening word starts at an offset. */
  of(start: number): string | undefined;
}

/** Where the text goes on behind an offset. */
function nextText(text: string, offset: number): number {
  const blank = /\s*/y;
  blank.lastIndex = offset;
  blank.exec(text);
  return blank.lastIndex;
}

/**
 * `///` lines right above a declaration document it; plain comments may stand among them.
 * Those at the head of the file, followed by an empty line or by nothing, document the file.
 */
export function docsOf(text: string, comments: readonly IToken[]): Docs {
  const blocks = blocksOf(text, comments);
  const above = new Map<number, CommentBlock>();
  let recipe: string | undefined;
  for (const block of blocks) {
    const following = nextText(text, block.end);
    const lineEnds = lineEndsBetween(text, block.end, following);
    if (lineEnds === 1) above.set(following, block);
    const isApart = lineEnds > 1 || following === text.length;
    if (isApart && nextText(text, 0) === block.start) recipe = docOf(block);
  }
  return {
    ...(recipe === undefined ? {} : { recipe }),
    of(start) {
      const block = above.get(start);
      return block === undefined ? undefined : docOf(block);
    },
  };
}
