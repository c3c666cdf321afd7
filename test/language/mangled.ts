/** Texts that no author would write: bytes, shuffled tokens, beginnings of real recipes. The same seed gives the same texts. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lex } from '../../grammar/syntax/lexer.ts';

/** Real recipes: the fixtures and the examples. */
export function realRecipes(): ReadonlyMap<string, string> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const folders = ['test/fixtures/recipes', 'examples/digits'];
  return new Map(
    folders.flatMap((folder) =>
      readdirSync(root + folder)
        .filter((name) => name.endsWith('.merge'))
        .map((name): [string, string] => {
          const path = `${folder}/${name}`;
          return [path, readFileSync(root + path, 'utf8')];
        }),
    ),
  );
}

/** Whole numbers from 0 below a bound, by a small xorshift. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

export function* beginnings(text: string, every = 1): Iterable<string> {
  for (let end = 0; end <= text.length; end += every) yield text.slice(0, end);
}

/** Bytes read as UTF-8, most of them letters and marks that recipes are made of. */
export function randomBytes(draw: Draw): string {
  const alphabet = 'abcdefmnotxy0123456789 \n\n"\'{}[]().,:=+-*/%|&<>!#@\\_';
  const bytes = Buffer.alloc(draw(400));
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = draw(10) === 0 ? draw(256) : alphabet.charCodeAt(draw(alphabet.length));
  }
  return bytes.toString('utf8');
}

const blanks = [' ', ' ', ' ', '\n', '\n', '', '  ', '\n\n', ' // why\n', '\r\n'];

/** The tokens of a real recipe in another order, some lost, some doubled, some from another recipe. */
export function shuffledTokens(texts: readonly string[], draw: Draw): string {
  const from = texts[draw(texts.length)]!;
  const other = texts[draw(texts.length)]!;
  const words = lex(from).tokens.map(({ image }) => image);
  const strangers = lex(other).tokens.map(({ image }) => image);
  const start = draw(Math.max(1, words.length - 40));
  const row = words.slice(start, start + 20 + draw(120));
  for (let slips = draw(12); slips > 0 && row.length > 0; slips--) {
    const at = draw(row.length);
    switch (draw(4)) {
      case 0:
        row.splice(at, 1);
        break;
      case 1:
        row.splice(at, 0, row[draw(row.length)]!);
        break;
      case 2:
        row[at] = strangers[draw(strangers.length)] ?? '';
        break;
      default: {
        const to = draw(row.length);
        [row[at], row[to]] = [row[to]!, row[at]!];
      }
    }
  }
  return row.map((word) => word + blanks[draw(blanks.length)]!).join('');
}

/** A real recipe with a few letters lost, doubled or exchanged. */
export function misspelt(texts: readonly string[], draw: Draw): string {
  let text = texts[draw(texts.length)]!;
  for (let slips = 1 + draw(4); slips > 0; slips--) {
    const at = draw(text.length + 1);
    const cut = draw(3);
    const put = draw(2) === 0 ? '' : text.slice(draw(text.length + 1)).slice(0, 1 + draw(4));
    text = text.slice(0, at) + put + text.slice(at + cut);
  }
  return text;
}
