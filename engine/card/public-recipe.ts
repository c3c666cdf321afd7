/** A recipe as others may read it: paths of the author's machine are shortened to what they lead to. */
import { homedir, userInfo } from 'node:os';
import { basename } from 'node:path';
import { lex } from '../../grammar/syntax/lexer.ts';

/** Whose machine it is. */
export interface Author {
  readonly home: string;
  readonly user: string;
}

export function thisAuthor(): Author {
  return { home: homedir(), user: nameOfUser() };
}

/** A container may run under a number that has no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

const absolute = /^(?:~|[\\/]|[A-Za-z]:[\\/])/;

/** Within a sentence: what begins like an absolute path and has a folder in it. */
const absoluteInWords =
  /(?<![\w.:/\\~-])(?:~[\\/]|\/(?=[^/\s]+\/[^\s])|[A-Za-z]:[\\/]|\\\\)[^\s"'`<>()[\]{},;]*/g;

/** Relative paths stay, but for a folder that has the author's name; what is no path stays as it is. */
export function publicRecipe(text: string, author: Author = thisAuthor()): string {
  const { tokens, comments } = lex(text);
  const parts = [
    ...tokens.filter(({ image }) => /^["']/.test(image)).map((token) => ({ token, isText: true })),
    ...comments.map((token) => ({ token, isText: false })),
  ].sort((a, b) => a.token.startOffset - b.token.startOffset);
  let shown = '';
  let at = 0;
  for (const { token, isText } of parts) {
    const { image, startOffset } = token;
    const open = isText ? image.charAt(0) : /^\/*/.exec(image)![0];
    const close = isText ? image.charAt(0) : '';
    const inside = image.slice(open.length, image.length - close.length);
    const plain = isText ? publicPath(inside, author) : publicWords(inside, author);
    shown += text.slice(at, startOffset) + open + plain + close;
    at = startOffset + image.length;
  }
  return shown + text.slice(at);
}

/** A path as a recipe writes it, escapes and all. */
export function publicPath(path: string, author: Author): string {
  const names = path.split(/[\\/]+/);
  if (absolute.test(path)) {
    const last = names.findLast((name) => name !== '') ?? '';
    return last === path || isAuthor(last, author) || /^[A-Za-z]:$/.test(last) ? '…' : `…/${last}`;
  }
  return names.some((name) => isAuthor(name, author))
    ? names.map((name) => (isAuthor(name, author) ? '…' : name)).join('/')
    : path;
}

function publicWords(words: string, author: Author): string {
  return words.replace(absoluteInWords, (path) => publicPath(path, author));
}

function isAuthor(name: string, { home, user }: Author): boolean {
  return name !== '' && (name === user || name === basename(home));
}
