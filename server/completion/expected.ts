/**
 * What the grammar lets stand behind some tokens: the productions are walked in all ways at once, one token after another.
 * A way is a linked list of frames, each a place in a sequence and where to go on when it ends; nothing is looked ahead.
 */
import {
  Alternation,
  Alternative,
  type IProduction,
  type IToken,
  NonTerminal,
  Option,
  Repetition,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';
import { grammarProductions } from '../../grammar/syntax/parser.ts';

interface Frame {
  readonly sequence: readonly IProduction[];
  /** Where in the sequence the way stands. */
  readonly at: number;
  /** Where it goes on; absent at the end of a whole statement. */
  readonly up: Frame | undefined;
}

/** Ways to read a text so far: the frames before each possible next token, and whether it may end here. */
export interface Ways {
  readonly open: readonly { readonly token: TokenType; readonly after: Frame }[];
  readonly mayEnd: boolean;
}

let productions: ReadonlyMap<string, Rule> | undefined;

function ruleNamed(name: string): Rule {
  productions ??= new Map(Object.entries(grammarProductions()));
  const rule = productions.get(name);
  if (rule === undefined) throw new Error(`the grammar has no rule ${name}`);
  return rule;
}

/** All ways into a rule, before its first token. */
export function waysInto(rule: string): Ways {
  return standing([{ sequence: ruleNamed(rule).definition, at: 0, up: undefined }]);
}

/** What becomes of the ways when these tokens follow; none are open where the tokens can't stand there. */
export function advance(ways: Ways, tokens: readonly IToken[]): Ways {
  return tokens.reduce<Ways>((before, token) => {
    const after = before.open.filter((way) => isA(token.tokenType, way.token));
    return standing(after.map((way) => way.after));
  }, ways);
}

/** Whether a text may go on with these tokens. */
export function accepts(ways: Ways, tokens: readonly IToken[]): boolean {
  if (tokens.length === 0) return true;
  const after = advance(ways, tokens);
  return after.open.length > 0 || after.mayEnd;
}

export function expects(ways: Ways, type: TokenType): boolean {
  return ways.open.some((way) => isA(type, way.token));
}

export function isDead({ open, mayEnd }: Ways): boolean {
  return open.length === 0 && !mayEnd;
}

export function joined(...all: readonly Ways[]): Ways {
  return {
    open: all.flatMap(({ open }) => open),
    mayEnd: all.some(({ mayEnd }) => mayEnd),
  };
}

function isA(type: TokenType, wanted: TokenType): boolean {
  return type === wanted || (type.CATEGORIES?.includes(wanted) ?? false);
}

/** Follows frames to every token that may come next. */
function standing(frames: readonly Frame[]): Ways {
  const open: { token: TokenType; after: Frame }[] = [];
  let mayEnd = false;
  const waiting = [...frames];
  for (let frame = waiting.pop(); frame !== undefined; frame = waiting.pop()) {
    const { sequence, at, up } = frame;
    const next = sequence[at];
    if (next === undefined) {
      if (up === undefined) mayEnd = true;
      else waiting.push(up);
      continue;
    }
    const past: Frame = { sequence, at: at + 1, up };
    if (next instanceof Terminal) {
      open.push({ token: next.terminalType, after: past });
    } else if (next instanceof NonTerminal) {
      waiting.push({ sequence: next.referencedRule.definition, at: 0, up: past });
    } else if (next instanceof Alternative) {
      waiting.push({ sequence: next.definition, at: 0, up: past });
    } else if (next instanceof Alternation) {
      for (const alternative of next.definition) {
        waiting.push({ sequence: [alternative], at: 0, up: past });
      }
    } else if (next instanceof Option) {
      waiting.push(past, { sequence: next.definition, at: 0, up: past });
    } else if (next instanceof Repetition) {
      waiting.push(past, { sequence: next.definition, at: 0, up: frame });
    } else throw new Error('the grammar holds a production that is not walked');
  }
  return { open, mayEnd };
}
