/**
 * Patterns for whole tensor names: `*` any run of characters, dots too, `?` one, `{q,k}` either.
 * A pattern becomes a small automaton whose states are walked all at once,
 * so that matching takes at most time in proportion to pattern times name, whatever somebody writes.
 */

export type Pattern = (name: string) => boolean;

export type PatternAnswer =
  | { readonly ok: true; readonly matches: Pattern }
  /** `at` and `end` bound the faulty part within the pattern's text. */
  | { readonly ok: false; readonly at: number; readonly end: number; readonly fault: PatternFault };

export type PatternFault = 'unclosed brace' | 'stray brace' | 'empty';

/** One state: what it reads, and where it leads. `fork` and `end` read nothing. */
type State =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'run' }
  | { kind: 'fork'; to: number[] }
  | { kind: 'jump'; to: number }
  | { readonly kind: 'end' };

const compiled = new Map<string, PatternAnswer>();
const compiledAtMost = 1000;

export function compilePattern(text: string): PatternAnswer {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= compiledAtMost) compiled.clear();
  const answer = compile(text);
  compiled.set(text, answer);
  return answer;
}

function compile(text: string): PatternAnswer {
  if (text === '') return { ok: false, at: 0, end: 0, fault: 'empty' };
  const states: State[] = [];
  /** For every open brace: where it stands, its fork, and the jumps that leave its alternatives. */
  const open: { at: number; fork: { to: number[] }; leaving: { to: number }[] }[] = [];
  for (let at = 0, letter = ''; at < text.length; at += letter.length) {
    letter = String.fromCodePoint(text.codePointAt(at)!);
    const brace = open.at(-1);
    if (letter === '{') {
      const fork = { kind: 'fork' as const, to: [states.length + 1] };
      states.push(fork);
      open.push({ at, fork, leaving: [] });
    } else if (letter === ',' && brace !== undefined) {
      const jump = { kind: 'jump' as const, to: 0 };
      states.push(jump);
      brace.leaving.push(jump);
      brace.fork.to.push(states.length);
    } else if (letter === '}') {
      if (brace === undefined) return { ok: false, at, end: at + 1, fault: 'stray brace' };
      for (const jump of brace.leaving) jump.to = states.length;
      open.pop();
    } else if (letter === '*') {
      states.push({ kind: 'run' });
    } else if (letter === '?') {
      states.push({ kind: 'one' });
    } else {
      states.push({ kind: 'letter', letter });
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    return { ok: false, at: unclosed.at, end: text.length, fault: 'unclosed brace' };
  }
  states.push({ kind: 'end' });
  return { ok: true, matches: matcherOf(states) };
}

/** All the states stood in at once, and where each letter leads from them: worked out when first met. */
interface Standing {
  readonly states: readonly number[];
  readonly accepts: boolean;
  readonly next: Map<string, Standing>;
}

/** More are forgotten and worked out anew, so that a hostile pattern holds no memory. */
const mostStandings = 500;

function matcherOf(states: readonly State[]): Pattern {
  const known = new Map<string, Standing>();
  const standingIn = (from: readonly number[]): Standing => {
    const reached = [...reach(states, from)].sort((a, b) => a - b);
    const key = reached.join(' ');
    let standing = known.get(key);
    if (standing === undefined) {
      const accepts = reached.at(-1) === states.length - 1;
      standing = { states: reached, accepts, next: new Map() };
      known.set(key, standing);
    }
    return standing;
  };
  let first = standingIn([0]);
  return (name) => {
    if (known.size > mostStandings) {
      known.clear();
      first = standingIn([0]);
    }
    let at = first;
    for (const letter of name) {
      let next = at.next.get(letter);
      if (next === undefined) {
        next = standingIn(step(states, at.states, letter));
        at.next.set(letter, next);
      }
      if (next.states.length === 0) return false;
      at = next;
    }
    return at.accepts;
  };
}

function step(states: readonly State[], from: readonly number[], letter: string): number[] {
  return from.flatMap((index) => {
    const state = states[index]!;
    if (state.kind === 'run') return [index];
    const reads = state.kind === 'one' || (state.kind === 'letter' && state.letter === letter);
    return reads ? [index + 1] : [];
  });
}

/** The states that can be stood in without reading: forks, jumps and runs let through. */
function reach(states: readonly State[], from: readonly number[]): Set<number> {
  const reached = new Set<number>();
  const waiting = [...from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const state = states[index]!;
    if (state.kind === 'run') waiting.push(index + 1);
    else if (state.kind === 'jump') waiting.push(state.to);
    else if (state.kind === 'fork') waiting.push(...state.to);
  }
  return reached;
}
