import { describe, expect, test } from 'vitest';
import { widen } from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { FNode, UNode } from '../../formula/node.ts';
import { checkedNodes } from './checked-nodes.ts';
import { storing } from './formula-building.ts';
import { operationNames, operationTrial } from './operation-samples.ts';
import { chain, conversion, linear, rounding, samples, ties } from './sample-formulas.ts';
import { emitWgsl } from './wgsl.ts';

const texts = [
  ...samples.map(({ name, formula }) => ({ name, formula })),
  ...operationNames.map((op) => ({ name: op, formula: operationTrial(op).formula })),
].map(({ name, formula }) => ({ name, code: emitWgsl(formula, { workgroupSize: 64 }).code }));

describe('every float operation is guarded', () => {
  test.each(texts)('$name', ({ code }) => {
    const withFloats = code.split('\n').filter((line) => line.includes('f32'));
    expect(withFloats.length).toBeGreaterThan(0);
    for (const line of withFloats) expect(guarded(line), line).toBe(true);
  });

  /** One operation, whose result goes through the guard before anything else sees it. */
  function guarded(line: string): boolean {
    const float = (name: string) => String.raw`bitcast<vec4<f32>>\(${name}\)`;
    const operation = String.raw`(?:${float('a')} [-+*] ${float('b')}|vec4<f32>\(a\))`;
    const parameters = String.raw`a: vec4<u32>(?:, b: vec4<u32>)?`;
    return new RegExp(
      String.raw`^fn \w+\(${parameters}\) -> vec4<u32> \{ return bitcast<vec4<u32>>\(${operation}\) \^ zero; \}$`,
    ).test(line);
  }

  test('and the guard is what only the parameters say', () => {
    for (const { code } of texts) {
      expect(code.match(/\bzero = /g)).toHaveLength(1);
      expect(code).toContain('zero = vec4<u32>(P[0]);');
    }
  });
});

test('nothing is asked of a device that WGSL leaves open', () => {
  const open =
    /\b(?:fma|mix|dot|pow|exp2?|log2?|sqrt|inverseSqrt|round|floor|abs|sign|f16|pack2x16float|unpack2x16float|arrayLength)\b/;
  for (const { name, code } of texts) expect(open.exec(code), name).toBeNull();
});

describe('the shape of a kernel', () => {
  const main = (code: string) => code.slice(code.indexOf('fn compute'));

  test('bf16 operands are high halves, and the result is packed from them', () => {
    const g = new Graph();
    const x = widen(g, 'BF16', g.operand(16));
    const formula = storing(g, 'BF16', g.mul(x, g.float(g.uniform())));
    const { code, outputWidth } = emitWgsl(formula, { workgroupSize: 64 });
    expect(outputWidth).toBe(16);
    expect(main(code)).toContain('packed0 << vec4<u32>(0x10u)');
    expect(main(code)).toContain('packed0 & vec4<u32>(0xffff0000u)');
    expect(main(code)).not.toContain('raw0');
    expect(main(code)).toContain(
      'stored[at] = (firstWords >> vec4<u32>(0x10u)) | (secondWords & vec4<u32>(0xffff0000u));',
    );
  });

  test('f32 goes through as it lies in memory', () => {
    const { code } = emitWgsl(linear({ from: 'F32', to: 'F32' }).formula, { workgroupSize: 64 });
    expect(main(code)).toContain('stored[2u * at] = firstWords;');
    expect(main(code)).not.toContain('.xz');
  });
});

describe('what is watched', () => {
  const watched = ({ formula }: { readonly formula: Parameters<typeof checkedNodes>[0] }) =>
    checkedNodes(formula).size;
  const brain = { from: 'BF16', to: 'BF16' } as const;

  test('operands that are computed with', () => {
    expect(watched(linear(brain))).toBe(3);
    expect(watched(ties(brain))).toBe(4);
  });

  test('a border beside them, and no result that is rounded to bf16', () => {
    expect(watched(chain(brain))).toBe(4);
    expect(watched(rounding(brain))).toBe(3);
  });

  test('nothing that is only moved, chosen or stored', () => {
    expect(watched(conversion(brain))).toBe(0);
    const g = new Graph();
    const [a, b]: readonly [UNode, UNode] = [g.operand(32), g.operand(32)];
    const chosen: FNode = g.selF(g.ltU(a, b), g.float(a), g.float(b));
    expect(watched({ formula: storing(g, 'F32', chosen) })).toBe(0);
  });

  test('each watched value has its call', () => {
    const { formula } = chain(brain);
    const { code } = emitWgsl(formula, { workgroupSize: 64 });
    expect(code.match(/^ {2}watch\(/gm)).toHaveLength(watched({ formula }));
  });
});
