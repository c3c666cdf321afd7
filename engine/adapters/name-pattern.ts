/**
 * The patterns by which an adapter's configuration gives some modules a rank of their own: regular expressions, out of a file that
 * may be hostile. They are matched by all their states at once, in time that grows with pattern and name, and not by trying.
 */

type Piece =
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'all'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'any'; readonly pieces: readonly Piece[] }
  | {
      readonly kind: 'often';
      readonly piece: Piece;
      readonly least: number;
      readonly most: number;
    };

/** Whether a module's dotted name ends in what the pattern fits, from its beginning or from behind a dot. */
export type NamePattern = (name: string) => boolean;

/** What all patterns of a configuration may take together. It is spent as they are read and matched. */
export interface PatternEffort {
  states: number;
  /** Below 0: names were not matched to their ends, and what was said of them counts for nothing. */
  steps: number;
}

/** Enough for a rank of its own for each of four thousand modules, and less than a second of work. */
export function patternEffort(): PatternEffort {
  return { states: 100_000, steps: 20_000_000 };
}

/** Looking at a state takes about as long as comparing so many plain names. */
const stepsOfState = 10;

const longest = 1000;
const mostStates = 4000;
const mostRepeats = 100;
const deepest = 20;

/** Undefined where the pattern is none, or has what is not read: references back, looking around, long repetitions. */
export function namePattern(
  text: string,
  effort: PatternEffort = patternEffort(),
): NamePattern | undefined {
  if (text.length > longest) return undefined;
  if (/^[\w.-]*$/.test(text)) return (name) => fitsPlain(text, name, effort);
  const reading = { text, at: 0 };
  const piece = readAny(reading, 0);
  if (piece === undefined || reading.at < text.length) return undefined;
  const states = statesOf(piece, Math.min(mostStates, effort.states));
  if (states === undefined) return undefined;
  effort.states -= states.all.length;
  return (name) => fits(states, name, effort);
}

/** Most patterns are names of modules, whose only signs are the dots. */
function fitsPlain(text: string, name: string, effort: PatternEffort): boolean {
  effort.steps -= 1;
  const start = name.length - text.length;
  if (start < 0 || (start > 0 && name[start - 1] !== '.')) return false;
  for (let i = text.length - 1; i >= 0; i--) {
    const of = name[start + i];
    if (text[i] === '.' ? of === '\n' : of !== text[i]) return false;
  }
  return true;
}

interface Reading {
  readonly text: string;
  at: number;
}

function readAny(reading: Reading, depth: number): Piece | undefined {
  if (depth > deepest) return undefined;
  const pieces: Piece[] = [];
  do {
    const all: Piece[] = [];
    while (reading.at < reading.text.length && !'|)'.includes(reading.text[reading.at]!)) {
      const one = readRepeated(reading, depth);
      if (one === undefined) return undefined;
      all.push(one);
    }
    pieces.push({ kind: 'all', pieces: all });
  } while (taken(reading, '|'));
  return pieces.length === 1 ? pieces[0] : { kind: 'any', pieces };
}

function readRepeated(reading: Reading, depth: number): Piece | undefined {
  const piece = readOne(reading, depth);
  if (piece === undefined) return undefined;
  const times = readTimes(reading);
  if (times === undefined) return piece;
  // Whether as few or as many as possible are taken does not matter to whether anything fits.
  taken(reading, '?');
  if (times.most < times.least || (times.most !== Infinity && times.most > mostRepeats))
    return undefined;
  return times.least > mostRepeats ? undefined : { kind: 'often', piece, ...times };
}

function readTimes(reading: Reading): { least: number; most: number } | undefined {
  if (taken(reading, '*')) return { least: 0, most: Infinity };
  if (taken(reading, '+')) return { least: 1, most: Infinity };
  if (taken(reading, '?')) return { least: 0, most: 1 };
  const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(reading.text.slice(reading.at, reading.at + 12));
  if (found === null) return undefined;
  reading.at += found[0].length;
  const least = Number(found[1]);
  if (found[2] === undefined) return { least, most: least };
  return { least, most: found[3] === '' ? Infinity : Number(found[3]) };
}

function readOne(reading: Reading, depth: number): Piece | undefined {
  const character = reading.text[reading.at++]!;
  switch (character) {
    case '.':
      return { kind: 'one', fits: (of) => of !== '\n' };
    case '^':
      return { kind: 'start' };
    case '$':
      return { kind: 'end' };
    case '\\':
      return readEscape(reading);
    case '[':
      return readClass(reading);
    case '(': {
      if (taken(reading, '?') && !taken(reading, ':')) return undefined;
      const inner = readAny(reading, depth + 1);
      return taken(reading, ')') ? inner : undefined;
    }
    case '*':
    case '+':
    case '?':
    case '{':
      return undefined;
    default:
      return { kind: 'one', fits: (of) => of === character };
  }
}

const classes: Readonly<Record<string, RegExp>> = { d: /\d/, w: /\w/, s: /\s/ };

function readEscape(reading: Reading): (Piece & { readonly kind: 'one' }) | undefined {
  const character = reading.text[reading.at++];
  if (character === undefined) return undefined;
  const known = classes[character];
  if (known !== undefined) return { kind: 'one', fits: (of) => known.test(of) };
  if (/[A-Za-z0-9]/.test(character)) return undefined;
  return { kind: 'one', fits: (of) => of === character };
}

function readClass(reading: Reading): Piece | undefined {
  const isNegated = taken(reading, '^');
  const within: ((character: string) => boolean)[] = [];
  while (!taken(reading, ']') || within.length === 0) {
    const from = readClassCharacter(reading);
    if (from === undefined) return undefined;
    if (
      typeof from === 'string' &&
      /^-[^\]]/.test(reading.text.slice(reading.at, reading.at + 2))
    ) {
      reading.at++;
      const to = readClassCharacter(reading);
      if (typeof to !== 'string' || to < from) return undefined;
      within.push((of) => from <= of && of <= to);
    } else {
      within.push(typeof from === 'string' ? (of) => of === from : from);
    }
  }
  return { kind: 'one', fits: (of) => within.some((fits) => fits(of)) !== isNegated };
}

function readClassCharacter(
  reading: Reading,
): string | ((character: string) => boolean) | undefined {
  const character = reading.text[reading.at++];
  if (character !== '\\') return character;
  const next = reading.text[reading.at];
  const escaped = readEscape(reading);
  return next !== undefined && /[^A-Za-z0-9]/.test(next) ? next : escaped?.fits;
}

function taken(reading: Reading, character: string): boolean {
  if (reading.text[reading.at] !== character) return false;
  reading.at++;
  return true;
}

interface State {
  readonly fits?: (character: string) => boolean;
  readonly at?: 'start' | 'end';
  /** Where a character leads, or where one is without one. */
  next: readonly number[];
}

/** Each piece is built in front of what follows it; state 0 is the end. */
function statesOf(
  piece: Piece,
  most: number,
): { readonly all: readonly State[]; readonly first: number } | undefined {
  const all: State[] = [{ next: [] }];
  const add = (state: State): number => {
    if (all.length >= most) throw new RangeError('too many states');
    return all.push(state) - 1;
  };
  const build = (of: Piece, next: number): number => {
    switch (of.kind) {
      case 'one':
        return add({ fits: of.fits, next: [next] });
      case 'start':
      case 'end':
        return add({ at: of.kind, next: [next] });
      case 'all':
        return of.pieces.reduceRight((behind, inner) => build(inner, behind), next);
      case 'any':
        return add({ next: of.pieces.map((inner) => build(inner, next)) });
      case 'often': {
        let behind = next;
        if (of.most === Infinity) {
          const again: State = { next: [next] };
          behind = add(again);
          again.next = [build(of.piece, behind), next];
        } else {
          for (let i = of.least; i < of.most; i++)
            behind = add({ next: [build(of.piece, behind), next] });
        }
        for (let i = 0; i < of.least; i++) behind = build(of.piece, behind);
        return behind;
      }
    }
  };
  try {
    return { all, first: build(piece, 0) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function fits(
  { all, first }: { readonly all: readonly State[]; readonly first: number },
  name: string,
  effort: PatternEffort,
): boolean {
  let now = new Set<number>();
  for (let at = 0; at <= name.length; at++) {
    if (effort.steps < 0) return false;
    // It may begin at the name's beginning, and behind every dot.
    const begins = at === 0 || name[at - 1] === '.' ? [first] : [];
    now = reached(all, [...now, ...begins], { isStart: at === 0, isEnd: at === name.length });
    effort.steps -= stepsOfState * (1 + now.size);
    if (at === name.length) return now.has(0);
    const character = name[at]!;
    const next = new Set<number>();
    for (const state of now) {
      if (all[state]!.fits?.(character) === true) next.add(all[state]!.next[0]!);
    }
    now = next;
  }
  return false;
}

/** The states that are reached without a character. */
function reached(
  all: readonly State[],
  from: readonly number[],
  { isStart, isEnd }: { readonly isStart: boolean; readonly isEnd: boolean },
): Set<number> {
  const seen = new Set<number>();
  const pending = [...from];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const { fits: isCharacter, at, next } = all[state]!;
    if (isCharacter !== undefined) continue;
    if ((at === 'start' && !isStart) || (at === 'end' && !isEnd)) continue;
    pending.push(...next);
  }
  return seen;
}
