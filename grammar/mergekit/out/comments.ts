/** The comments of a recipe, each with what it is about, for the lines of YAML that say the same. */
import type { Span } from '../../syntax/span.ts';
import type { Comment } from '../../syntax/tree.ts';
import type { OutNotes } from './yaml-text.ts';

export interface RecipeComments {
  /** The comments about anything within the span; each is given once. */
  take(span: Span): OutNotes;
  /** Those that stand above anything within the span with an empty line between. */
  takeHeads(span: Span): readonly string[];
  /** What is left at last. */
  rest(): readonly string[];
  /** Gives back, when called, all that was taken since. */
  mark(): () => void;
}

interface Placed {
  readonly text: string;
  readonly about: number;
  readonly isBeside: boolean;
  readonly isHead: boolean;
}

export function recipeComments(text: string, comments: readonly Comment[]): RecipeComments {
  const left = new Set(comments.map((comment) => placed(text, comment, comments)));
  return {
    take({ start, end }) {
      const taken = [...left].filter(
        ({ about, isHead }) => !isHead && start <= about && about < end,
      );
      for (const comment of taken) left.delete(comment);
      const beside = taken.find(({ isBeside }) => isBeside);
      return {
        above: taken.filter((comment) => comment !== beside).map((comment) => comment.text),
        ...(beside === undefined ? {} : { beside: beside.text }),
      };
    },
    takeHeads({ start, end }) {
      const taken = [...left].filter(
        ({ about, isHead }) => isHead && start <= about && about < end,
      );
      for (const comment of taken) left.delete(comment);
      return taken.map((comment) => comment.text);
    },
    rest: () => [...left].map((comment) => comment.text),
    mark() {
      const before = [...left];
      return () => {
        left.clear();
        for (const comment of before) left.add(comment);
      };
    },
  };
}

function placed(text: string, comment: Comment, all: readonly Comment[]): Placed {
  const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1;
  const isBeside = text.slice(lineStart, comment.start).trim() !== '';
  const about = isBeside
    ? text.slice(0, comment.start).trimEnd().replace(/,$/, '').length - 1
    : nextText(text, comment, all);
  // The tree's own text lacks one blank; what follows the slashes is kept as it is.
  const written = text
    .slice(comment.start, comment.end)
    .replace(/^\/{2,3}/, '')
    .trimEnd();
  const isHead = !isBeside && isFarFrom(text, comment, all);
  return { text: written, about, isBeside, isHead };
}

/** Whether an empty line parts the block of comments from what follows. */
function isFarFrom(text: string, comment: Comment, all: readonly Comment[]): boolean {
  const next = nextText(text, comment, all);
  return /\n[ \t\r]*\n/.test(text.slice(comment.end, next));
}

function nextText(text: string, comment: Comment, all: readonly Comment[]): number {
  let at = comment.end;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
    const other = all.find(({ start }) => start === at);
    if (other === undefined) return at;
    at = other.end;
  }
}
