/** The YAML at the head of a card. A module of its own, so that the parser is loaded only where there is such a head. */
import { parseDocument } from 'yaml';

/** A parser keeps a frame for each level. */
const deepest = 32;

/** Undefined for what is no YAML, nests deep or refers to itself: it is somebody's text, and says nothing then. */
export function parseFrontMatter(text: string): unknown {
  if (isDeep(text)) return undefined;
  const document = parseDocument(text, {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    // Aliases, which no card needs and some texts multiply without end.
    return undefined;
  }
}

/** Brackets, marks or columns that nest. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth = Math.max(0, depth - 1);
    if (depth > deepest) return true;
  }
  return new RegExp(`^(?:[ \\t]{${2 * deepest},}|(?:[-?:][ \\t]+){${deepest},})`, 'm').test(text);
}
