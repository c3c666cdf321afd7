import type { Node, Sink } from '../../formula/node.ts';
import { type Group, pack16, wordLanes } from './group.ts';
import { control, f64, f64x2, i16x8, i32, i32x4, local, v128 } from './instructions.ts';
import { highBins, highBytes, lowBins } from '../layout.ts';
import { halves, isAlias, type Half, type Scope, type Valid } from './scope.ts';

/** What a sink does in a function: before the loop, for each group, and after the last. */
export interface SinkEmitter {
  group(group: Group, valid: Valid): void;
  advance(): void;
  epilogue(): void;
}

export function sinkEmitter(scope: Scope, sink: Sink, at: number): SinkEmitter {
  switch (sink.kind) {
    case 'store':
      return storeSink(scope, sink, at);
    case 'hist':
      return histSink(scope, sink, at);
    case 'dot':
      return dotSink(scope, sink, at);
    case 'count':
      return countSink(scope, sink, at);
    case 'keep':
      return keepSink(scope, sink);
  }
}

/** Masks the lanes on the stack that lie behind the end. */
function onlyValid(scope: Scope, half: Half, valid: Valid): void {
  if (valid !== undefined) v128.and(local.get(scope.code, valid[half]));
}

function storeSink(scope: Scope, sink: Sink & { kind: 'store' }, at: number): SinkEmitter {
  const { code } = scope;
  const pointer = scope.local('i32');
  const bad = scope.local('v128');
  scope.loadPointer(at, pointer);
  const pattern = sink.width === 16 ? sink.nonFinite * 0x10001 : sink.nonFinite;
  /** Notes the words on the stack whose bits under the pattern are all set; `onlyIn` masks those behind the end. */
  const noteNonFinite = (onlyIn: () => void): void => {
    v128.and(v128.const(code, [pattern, pattern, pattern, pattern]));
    const equal = sink.width === 16 ? i16x8.eq : i32x4.eq;
    equal(v128.const(code, [pattern, pattern, pattern, pattern]));
    onlyIn();
    local.set(v128.or(local.get(code, bad)), bad);
  };
  return {
    group(group, valid) {
      if (sink.width === 16) {
        const packed = scope.local('v128');
        group.pushPacked16(sink.word);
        local.set(code, packed);
        v128.store(local.get(local.get(code, pointer), packed), 0);
        local.get(code, packed);
        noteNonFinite(() => {
          if (valid === undefined) return;
          pack16(
            code,
            () => local.get(code, valid.even),
            () => local.get(code, valid.odd),
          );
          v128.and(code);
        });
        return;
      }
      const words = { even: scope.local('v128'), odd: scope.local('v128') };
      for (const half of halves) {
        group.push(sink.word, half);
        local.set(code, words[half]);
      }
      local.get(local.get(code, pointer), words.even);
      v128.store(v128.shuffle(local.get(code, words.odd), wordLanes([0, 4, 1, 5])), 0);
      local.get(local.get(code, pointer), words.even);
      v128.store(v128.shuffle(local.get(code, words.odd), wordLanes([2, 6, 3, 7])), 16);
      for (const half of halves) {
        local.get(code, words[half]);
        noteNonFinite(() => onlyValid(scope, half, valid));
      }
    },
    advance: () => scope.step(pointer, sink.width),
    epilogue() {
      local.get(code, 0);
      i32.load(local.get(code, 0), scope.layout.flag);
      v128.anyTrue(local.get(code, bad));
      i32.store(i32.or(code), scope.layout.flag);
    },
  };
}

function histSink(scope: Scope, sink: Sink & { kind: 'hist' }, at: number): SinkEmitter {
  const { code } = scope;
  const bin = scope.local('i32');
  /** Adds one to the bin of each lane of the byte offsets in a local. */
  const countLanes = (offsets: number, within: number): void => {
    for (let lane = 0; lane < 4; lane++) {
      local.tee(i32x4.extract(local.get(code, offsets), lane), bin);
      i32.const(i32.load(local.get(code, bin), at + within), 1);
      i32.store(i32.add(code), at + within);
    }
  };
  const spare = (bins: number): readonly [number, number, number, number] => [
    4 * bins,
    4 * bins,
    4 * bins,
    4 * bins,
  ];
  return {
    group(group, valid) {
      for (const half of halves) {
        const offsets = scope.local('v128');
        if (sink.prefix === undefined) {
          group.push(sink.key, half);
          i32x4.shl(i32x4.shrU(code.byte(0x41).signed(16)).byte(0x41).signed(2));
          if (valid !== undefined) {
            v128.const(code, spare(highBins));
            i32x4.laneSelect(local.get(code, valid[half]));
          }
          local.set(code, offsets);
          countLanes(offsets, half === 'even' ? 0 : highBytes);
          continue;
        }
        // The key has a local before the branch: it is used twice, and every way must have it set.
        const matches = scope.local('v128');
        group.push(sink.key, half);
        i32x4.shrU(code.byte(0x41).signed(16));
        group.push(sink.prefix, half);
        i32x4.eq(code);
        onlyValid(scope, half, valid);
        v128.anyTrue(local.tee(code, matches));
        control.when(code);
        group.push(sink.key, half);
        v128.and(v128.const(code, [65535, 65535, 65535, 65535]));
        i32x4.shl(code.byte(0x41).signed(2));
        v128.const(code, spare(lowBins));
        local.set(i32x4.laneSelect(local.get(code, matches)), offsets);
        countLanes(offsets, 0);
        control.end(code);
      }
    },
    advance: () => undefined,
    epilogue: () => undefined,
  };
}

function dotSink(scope: Scope, sink: Sink & { kind: 'dot' }, at: number): SinkEmitter {
  const { code } = scope;
  // Lanes 0 2, 4 6, 1 3 and 5 7 of the eight.
  const sums = {
    even: [scope.local('v128'), scope.local('v128')],
    odd: [scope.local('v128'), scope.local('v128')],
  } as const;
  const isSquare = sink.p === sink.q;
  const isPlain = isOne(sink.q);
  return {
    group(group, valid) {
      const factor = (node: Node, half: Half): number => {
        const at = scope.local('v128');
        group.push(node, half);
        onlyValid(scope, half, valid);
        local.set(code, at);
        return at;
      };
      /** Leaves two of the four lanes, in f64. */
      const promote = (lanes: number, part: 0 | 1): void => {
        local.get(code, lanes);
        if (part === 1) v128.shuffle(local.get(code, lanes), wordLanes([2, 3, 2, 3]));
        f64x2.promoteLow(code);
      };
      for (const half of halves) {
        const p = factor(sink.p, half);
        const q = isSquare || isPlain ? p : factor(sink.q, half);
        for (const part of [0, 1] as const) {
          const sum = sums[half][part];
          promote(p, part);
          if (isSquare) {
            const twice = scope.local('v128');
            f64x2.mul(local.get(local.tee(code, twice), twice));
          } else if (!isPlain) {
            promote(q, part);
            f64x2.mul(code);
          }
          local.set(f64x2.add(local.get(code, sum)), sum);
        }
      }
    },
    advance: () => undefined,
    epilogue() {
      const total = scope.local('v128');
      f64x2.add(local.get(local.get(code, sums.even[0]), sums.odd[0]));
      f64x2.add(local.get(local.get(code, sums.even[1]), sums.odd[1]));
      local.set(f64x2.add(code), total);
      local.get(code, 0);
      f64x2.extract(local.get(code, total), 0);
      f64x2.extract(local.get(code, total), 1);
      f64.store(f64.add(code), at);
    },
  };
}

function isOne(node: Node): boolean {
  return isAlias(node) ? isOne(node.args[0]!) : node.op === 'const' && node.imm === 0x3f800000;
}

function countSink(scope: Scope, sink: Sink & { kind: 'count' }, at: number): SinkEmitter {
  const { code } = scope;
  const counts = scope.local('v128');
  return {
    group(group, valid) {
      for (const half of halves) {
        local.get(code, counts);
        group.push(sink.mask, half);
        onlyValid(scope, half, valid);
        local.set(i32x4.sub(code), counts);
      }
    },
    advance: () => undefined,
    epilogue() {
      local.get(code, 0);
      for (let lane = 0; lane < 4; lane++) {
        i32x4.extract(local.get(code, counts), lane);
        if (lane > 0) i32.add(code);
      }
      i32.store(code, at);
    },
  };
}

/** Lanes behind the end keep what nobody reads. */
function keepSink(scope: Scope, sink: Sink & { kind: 'keep' }): SinkEmitter {
  const { code } = scope;
  return {
    group(group) {
      local.get(code, scope.maskPointers.get(sink.as)!);
      group.push(sink.mask, 'even');
      i32x4.bitmask(code);
      group.push(sink.mask, 'odd');
      i32.shl(i32.const(i32x4.bitmask(code), 4));
      i32.storeByte(i32.or(code), 0);
    },
    // The scope's own pointers move with its loop.
    advance: () => undefined,
    epilogue: () => undefined,
  };
}
