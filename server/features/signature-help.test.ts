import { describe, expect, it } from 'vitest';
import { check } from '../test-kit.ts';
import { signatureHelpAt } from './signature-help.ts';

/** The signature with what is being written marked. */
function helped(text: string): string {
  const { analysis, offset } = check(text);
  const help = signatureHelpAt(analysis, offset);
  const signature = help?.signatures[0];
  if (help === undefined || signature === undefined) return 'nothing';
  const active = signature.parameters?.[help.activeParameter ?? -1]?.label;
  if (active === undefined) return signature.label;
  if (typeof active === 'string') return signature.label.replace(active, `⟦${active}⟧`);
  const [start, end] = active;
  const { label } = signature;
  return `${label.slice(0, start)}⟦${label.slice(start, end)}⟧${label.slice(end)}`;
}

describe('signature help', () => {
  it('marks the input being written', () => {
    expect(helped('merge m = lerp(‸')).toMatchInlineSnapshot(
      `"lerp(⟦a⟧, b, t: Scalar, compat: paper | mergekit = paper, compute: storage | f32 | bf16 | f16 = storage)"`,
    );
    expect(helped('merge m = lerp(base, ‸')).toMatchInlineSnapshot(
      `"lerp(a, ⟦b⟧, t: Scalar, compat: paper | mergekit = paper, compute: storage | f32 | bf16 | f16 = storage)"`,
    );
    expect(helped('merge m = ties(base, [math, ‸')).toMatchInlineSnapshot(
      `"ties(base, ⟦[x, …]⟧, density: Ratio = 20% (mergekit: 100%), weight: Scalar = 1, scale: Scalar = 1, combine: mean | sum | max = mean, elect: mass | count = mass, trim: count = count, rescale: none | l1 | inverse = none, scope: tensor | whole = tensor, compat: paper | mergekit = paper, compute: storage | f32 | bf16 | f16 = storage)"`,
    );
  });

  it('marks the argument by its name, wherever it stands', () => {
    expect(helped('merge m = lerp(base, math, t: ‸0.5)')).toMatchInlineSnapshot(
      `"lerp(a, b, ⟦t: Scalar⟧, compat: paper | mergekit = paper, compute: storage | f32 | bf16 | f16 = storage)"`,
    );
    expect(helped('merge m = ties(base, [math], weight: { math: ‸')).toMatchInlineSnapshot(
      `"ties(base, [x, …], density: Ratio = 20% (mergekit: 100%), ⟦weight: Scalar = 1⟧, scale: Scalar = 1, combine: mean | sum | max = mean, elect: mass | count = mass, trim: count = count, rescale: none | l1 | inverse = none, scope: tensor | whole = tensor, compat: paper | mergekit = paper, compute: storage | f32 | bf16 | f16 = storage)"`,
    );
  });

  it('marks nothing before the argument has a name', () => {
    expect(helped('merge m = lerp(base, math, ‸')).toMatchInlineSnapshot(
      `"lerp(a, b, t: Scalar, compat: paper | mergekit = paper, compute: storage | f32 | bf16 | f16 = storage)"`,
    );
  });

  it('helps with measures', () => {
    expect(helped('expect gap(base, ‸')).toMatchInlineSnapshot(`"gap(step, ⟦a⟧)"`);
  });

  it('is silent outside of calls', () => {
    expect(helped('merge m = ‸')).toBe('nothing');
    expect(helped('merge m = lerp(base, math, t: 0) ‸')).toBe('nothing');
  });
});
