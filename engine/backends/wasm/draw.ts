import type { Node } from '../../formula/node.ts';
import { i32x4, local, v128 } from './instructions.ts';
import type { Half, Scope } from './scope.ts';

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;
/** The key comes in after every fourth of the 20 rounds. */
const injections = 5;

/** What the rounds of one draw add, in locals: the words of its key by round, the count of the rounds in the second. */
export interface Schedule {
  readonly node: Node;
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** Makes the keys' schedules, once before the loop. */
export function drawSchedules(scope: Scope): readonly Schedule[] {
  const { code } = scope;
  return scope.draws.map((node) => {
    const low = scope.uniform(node.imm);
    const high = scope.uniform(node.imm + 1);
    const third = scope.local('v128');
    local.get(local.get(code, low), high);
    v128.xor(code);
    local.set(v128.xor(v128.const(code, [parity, parity, parity, parity])), third);
    const keys = [low, high, third];
    const second = [high];
    for (let injection = 1; injection <= injections; injection++) {
      const counted = scope.local('v128');
      local.get(code, keys[(injection + 1) % 3]!);
      v128.const(code, [injection, injection, injection, injection]);
      local.set(i32x4.add(code), counted);
      second.push(counted);
    }
    return { node, first: Array.from(second, (_, injection) => keys[injection % 3]!), second };
  });
}

/**
 * Threefry-2x32, 20 rounds, four counters at a time: the first word is of the even elements, the second of the odd.
 * All keys of the formula go through the rounds in lockstep, since a round waits for the one before it.
 */
export function drawWords(scope: Scope): ReadonlyMap<number, Readonly<Record<Half, number>>> {
  const { code } = scope;
  const streams = scope.schedules.map((schedule) => {
    const [first, second] = [scope.local('v128'), scope.local('v128')];
    local.set(i32x4.add(local.get(local.get(code, scope.counterLow), schedule.first[0]!)), first);
    local.set(
      i32x4.add(local.get(local.get(code, scope.counterHigh), schedule.second[0]!)),
      second,
    );
    return { schedule, first, second };
  });
  for (let round = 0; round < 4 * injections; round++) {
    for (const { first, second } of streams) {
      local.get(local.get(code, first), second);
      local.set(i32x4.add(code), first);
      rotate(scope, second, rotations[round % 8]!);
      local.set(v128.xor(local.get(code, first)), second);
    }
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    for (const { first, second, schedule } of streams) {
      local.set(i32x4.add(local.get(local.get(code, first), schedule.first[injection]!)), first);
      local.set(i32x4.add(local.get(local.get(code, second), schedule.second[injection]!)), second);
    }
  }
  return new Map(
    streams.map(({ schedule, first, second }) => [schedule.node.id, { even: first, odd: second }]),
  );
}

/** Leaves the rotated vector on the stack; by whole bytes it is one shuffle. */
function rotate(scope: Scope, at: number, count: number): void {
  const { code } = scope;
  if (count % 8 === 0) {
    const bytes = count / 8;
    local.get(local.get(code, at), at);
    v128.shuffle(
      code,
      Array.from({ length: 16 }, (_, lane) => (lane & ~3) + ((lane - bytes) & 3)),
    );
    return;
  }
  i32x4.shl(local.get(code, at).byte(0x41).signed(count));
  i32x4.shrU(
    local
      .get(code, at)
      .byte(0x41)
      .signed(32 - count),
  );
  v128.or(code);
}
