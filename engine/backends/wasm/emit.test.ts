/** Formulas of any operations, on any words: WebAssembly gives what the plain oracle gives, to the last bit. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalBits } from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { FNode, Formula, MNode, Sink, UNode, Width } from '../../formula/node.ts';
import { mostHistograms } from '../../program/histograms.ts';
import { kernelsOf } from '../../run/kernels.ts';
import { Workbench } from '../../run/workbench.ts';

const words = [
  0, 1, 2, 0x7fff, 0x8000, 0xffff, 0x10000, 0x007fffff, 0x3f800000, 0x7f7fffff, 0x7f800000,
  0x7f800001, 0x7fc00000, 0x7fffffff, 0x80000000, 0x80000001, 0xbf800000, 0xff800000, 0xffc00000,
  0xffffffff,
] as const;
const word = fc.oneof(fc.constantFrom(...words), fc.integer({ min: 0, max: 0xffffffff }));

/** One operation more: which, and which of the nodes so far it takes. */
const step = fc.record({
  op: fc.nat({ max: 34 }),
  a: fc.nat(),
  b: fc.nat(),
  c: fc.nat(),
  imm: word,
});

const asked = fc.record({
  steps: fc.array(step, { minLength: 4, maxLength: 24 }),
  widths: fc.tuple(fc.constantFrom<Width>(16, 32), fc.constantFrom<Width>(16, 32)),
  stored: fc.constantFrom<Width>(16, 32),
  nonFinite: fc.constantFrom(0x7f80, 0x7c00),
  elements: fc.integer({ min: 1, max: 40 }),
  seen: fc.array(word, { minLength: 80, maxLength: 80 }),
  uniforms: fc.array(word, { minLength: 8, maxLength: 8 }),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

test('any formula', () => {
  fc.assert(
    fc.property(asked, (of) => {
      const formula = formulaOf(of);
      expect(found('wasm', formula, of)).toEqual(found('oracle', formula, of));
    }),
    { numRuns: 300 },
  );
});

/** Nodes of each lane as they come; where the operation makes a NaN, its bits are looked at as every backend sees them. */
function formulaOf({ steps, widths, stored, nonFinite }: Asked): Formula {
  const g = new Graph();
  const us: UNode[] = widths.map((width) => g.operand(width));
  us.push(g.uniform(), g.uniform(), g.index(), g.draw().word);
  const fs: FNode[] = [g.constant(1), g.constant(-0.5)];
  const ms: MNode[] = [g.ltU(us[0]!, us[1]!)];
  for (const { op, a, b, c, imm } of steps) {
    const u = (at: number): UNode => us[at % us.length]!;
    const f = (at: number): FNode => fs[at % fs.length]!;
    const m = (at: number): MNode => ms[at % ms.length]!;
    const count = imm % 32;
    const toU: readonly (() => UNode)[] = [
      () => g.word(imm),
      () => g.and(u(a), u(b)),
      () => g.or(u(a), u(b)),
      () => g.xor(u(a), u(b)),
      () => g.shl(u(a), count),
      () => g.shr(u(a), count),
      () => g.sar(u(a), count),
      () => g.iadd(u(a), u(b)),
      () => g.isub(u(a), u(b)),
      () => g.imul(u(a), u(b)),
      () => g.minU(u(a), u(b)),
      () => g.maxU(u(a), u(b)),
      () => g.minS(u(a), u(b)),
      () => g.maxS(u(a), u(b)),
      () => g.selU(m(a), u(b), u(c)),
      () => g.fromMask(m(a)),
      () => g.addMask(u(a), m(b)),
      () => canonicalBits(g, f(a)),
      () => g.and(u(a), g.word(0x7fffffff)),
    ];
    const toM: readonly (() => MNode)[] = [
      () => g.gtS(u(a), u(b)),
      () => g.ltU(u(a), u(b)),
      () => g.ltU(g.and(u(a), g.word(0x7fffffff)), u(b)),
      () => g.ltU(g.word(0x7f800000), g.and(u(a), g.word(0x7fffffff))),
      () => g.eqU(u(a), u(b)),
      () => g.both(m(a), m(b)),
      () => g.either(m(a), m(b)),
      () => g.not(m(a)),
    ];
    const toF: readonly (() => FNode)[] = [
      () => g.float(g.and(u(a), g.word(0xbfffffff))),
      () => g.add(f(a), f(b)),
      () => g.sub(f(a), f(b)),
      () => g.mul(f(a), f(b)),
      () => g.div(f(a), f(b)),
      () => g.selF(m(a), f(b), f(c)),
      () => g.toFloat(g.shr(u(a), 8)),
    ];
    if (op < toU.length) us.push(toU[op]!());
    else if (op < toU.length + toM.length) ms.push(toM[op - toU.length]!());
    else if (op < toU.length + toM.length + toF.length)
      fs.push(g.float(canonicalBits(g, toF[op - toU.length - toM.length]!())));
  }
  const [p, q] = [fs.at(-1)!, fs.at(-2)!];
  const key = g.and(us.at(-1)!, g.word(0x7fffffff));
  const sinks: readonly Sink[] = [
    {
      kind: 'store',
      word: us.at(-1)!,
      width: stored,
      nonFinite: stored === 16 ? nonFinite : 0x7f800000,
    },
    { kind: 'count', mask: ms.at(-1)! },
    { kind: 'count', mask: g.not(ms.at(-1)!) },
    { kind: 'hist', key },
    { kind: 'hist', key, prefix: g.and(us[2]!, g.word(0x7fff)) },
    { kind: 'dot', p, q },
    { kind: 'dot', p, q: p },
    { kind: 'dot', p, q: g.constant(1) },
    { kind: 'dot', p: g.constant(1), q },
  ];
  return g.formula(sinks);
}

const benches = {
  wasm: new Workbench(kernelsOf('wasm')),
  oracle: new Workbench(kernelsOf('oracle')),
};

function found(backend: keyof typeof benches, formula: Formula, of: Asked) {
  const { widths, stored, elements, seen, uniforms } = of;
  const bench = benches[backend];
  bench.prepare({
    operandWidths: widths,
    elements,
    outputWidth: stored,
    histograms: mostHistograms([{ formula, sinks: [] }]),
  });
  widths.forEach((width, index) => {
    const own = seen.slice(index * 40, index * 40 + elements);
    const bytes = width === 16 ? Uint16Array.from(own) : Uint32Array.from(own);
    bench.operand(index, elements).set(new Uint8Array(bytes.buffer));
  });
  bench.clearBins(formula);
  const stretch = { first: 0, elements };
  const { figures, nonFinite } = bench.run(formula, () => Uint32Array.from(uniforms), stretch);
  return {
    nonFinite,
    figures: figures.map((blocks) => [...blocks]),
    bins: bench.bins(formula).map(filled),
    stored: bench.output(stored, elements).slice(),
  };
}

/** The bins that hold something: most hold nothing. */
function filled(bins: Uint32Array | Float64Array | undefined) {
  const counts: (readonly [bin: number, count: number])[] = [];
  bins?.forEach((count, bin) => count !== 0 && counts.push([bin, count]));
  return counts;
}
