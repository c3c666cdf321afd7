import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReportCheck } from '../output/report.ts';
import { judgeExpectations } from './judge.ts';
import { planFor, readModel, run, workplace, type Workplace } from './test-checkpoints.ts';
import {
  changeOf,
  cosineOf,
  distanceOf,
  gapOf,
  mapWeights,
  plus,
  randomWeights,
  shareKept,
  signConflictOf,
  trimmedOf,
} from './test-references.ts';

const lengths = {
  'model.embed_tokens.weight': 131,
  'model.layers.0.mlp.up_proj.weight': 70001,
  'model.layers.0.self_attn.q_proj.weight': 997,
  'model.layers.1.mlp.up_proj.weight': 333,
  'model.layers.1.self_attn.q_proj.weight': 1,
  'model.norm.weight': 17,
};

const base = randomWeights('base', lengths);
const math = plus(base, randomWeights('math', lengths, 0.1));
const code = plus(base, randomWeights('code', lengths, 0.2));
const models = { base: { weights: base }, math: { weights: math }, code: { weights: code } };

const merge = `merge final = ties(base, [math, code], density: 30%)
output final to "out" { dtype = bf16 }
`;

/** Two expectations that hold of this figure and hardly of another. */
function pinned(measure: string, figure: number): string {
  const wide = Math.abs(figure) * 2e-6 + 1e-12;
  return [
    `expect ${measure} > ${(figure - wide).toFixed(12)}`,
    `expect ${measure} < ${(figure + wide).toFixed(12)}`,
  ].join('\n');
}

async function judged(place: Workplace, only?: readonly string[]): Promise<readonly ReportCheck[]> {
  const plan = planFor(place, only);
  const checks: ReportCheck[] = [];
  const judge = judgeExpectations({ ...place, plan });
  await run(plan, async (...stored) => {
    checks.push(...(await judge(...stored)));
    return checks;
  });
  return checks;
}

const outcomes = (checks: readonly ReportCheck[]): string[] =>
  checks.map(({ title, outcome, detail }) => `${outcome} ${title} (${detail})`);

describe('expectations are judged on the values as they are stored', () => {
  it('every figure is the one of its definition', async () => {
    const plain = await workplace(models, merge);
    await judged(plain);
    const merged = readModel(join(plain.folder, 'out'));
    const figures = { merged, base };
    const changes = [changeOf(math, base), changeOf(code, base)];
    const kept = changes.map((change) => trimmedOf(change, 0.3));
    const attention = Object.keys(lengths).filter((name) => name.includes('self_attn'));

    const place = await workplace(
      models,
      [
        merge,
        'expect finite(final)',
        pinned('gap(final, math)', gapOf(figures, math)),
        pinned('gap(final, code, at: attention)', gapOf(figures, code, attention)),
        pinned('distance(final, code)', distanceOf(figures, code)),
        pinned('cosine(final, math, code)', cosineOf(base, math, code)),
        pinned('sign_conflict(final, math, code, stage: raw)', signConflictOf(changes)),
        pinned('sign_conflict(final, math, code)', signConflictOf(kept)),
        pinned('sign_conflict(final, math, code, of: nonzero)', signConflictOf(kept, 'nonzero')),
        pinned('sign_conflict(final, math, code, of: all)', signConflictOf(kept, 'all')),
        pinned('kept(final, math)', shareKept(kept[0]!)),
        pinned('gap(final, math) / gap(final, code)', gapOf(figures, math) / gapOf(figures, code)),
      ].join('\n'),
    );
    const checks = await judged(place);
    expect(checks).toHaveLength(21);
    expect(outcomes(checks).filter((text) => !text.startsWith('holds'))).toEqual([]);
    expect(existsSync(join(place.folder, 'out', 'model.safetensors'))).toBe(true);
  });

  it('one that fails says its figure, and nothing is published', async () => {
    const place = await workplace(models, `${merge}expect gap(final, math) < 1%`);
    const plan = planFor(place);
    const outcome = await run(plan, judgeExpectations({ ...place, plan }));
    expect(outcome.kind).toBe('failed-expectations');
    const [check] = outcome.kind === 'failed-expectations' ? outcome.checks : [];
    expect(check!.title).toBe('gap(final, math) < 1%');
    expect(check!.detail).toMatch(/^gap\(final, math\) = \d+\.?\d* %$/);
    expect(existsSync(join(place.folder, 'out'))).toBe(false);
  });

  it('memory, shards and slices do not show', async () => {
    const long = { a: 700_003, b: 40 };
    const [from, one, two] = ['base', 'math', 'code'].map((name) => randomWeights(name, long));
    const recipe = `merge final = ties(base, [math, code], density: 30%)
output final to "out"
expect gap(final, math) < 0%
expect kept(final, code) < 0%
expect sign_conflict(final, math, code) < 0%`;
    const details: string[][] = [];
    for (const [shardBytes, memory] of [
      [undefined, 256 << 20],
      [1000, 14 << 20],
    ] as const) {
      const place = await workplace(
        {
          base: { weights: from! },
          math: { weights: one!, ...(shardBytes === undefined ? {} : { shardBytes }) },
          code: { weights: two! },
        },
        recipe,
      );
      const plan = planFor(place);
      const outcome = await run(plan, judgeExpectations({ ...place, plan }), { memory });
      details.push(
        outcome.kind === 'failed-expectations' ? outcome.checks.map(({ detail }) => detail!) : [],
      );
    }
    expect(details[0]).toHaveLength(3);
    expect(details[1]).toEqual(details[0]);
  });
});

describe('where an expectation is judged', () => {
  const rounded = (weights: typeof base): typeof base =>
    mapWeights(weights, (_, value) => Math.fround(value));

  it('once for each output that holds the step', async () => {
    const near = plus(base, randomWeights('near', lengths, 0.003));
    const place = await workplace(
      { base: { weights: base }, math: { weights: near } },
      `merge final = average([math, base])
output final to "wide"
output final to "narrow" { dtype = bf16 }
expect gap(final, math, base: base) > 49%`,
    );
    const checks = await judged(place);
    expect(checks.map(({ outcome }) => outcome)).toEqual(['holds', 'holds']);
    expect(checks[0]!.detail).toContain('wide');
    expect(checks[1]!.detail).toContain('narrow');
    expect(checks[0]!.detail).not.toBe(checks[1]!.detail!.replace('narrow', 'wide'));
  });

  it('in f32 where no output holds the step', async () => {
    const middle = rounded(mapWeights(base, (t, _, i) => (math[t]![i]! + code[t]![i]!) / 2));
    const place = await workplace(
      models,
      `merge middle = average([math, code])
merge final = 0.5 * middle + 0.5 * base
output final to "out" { dtype = bf16 }
${pinned('gap(middle, math, base: base)', gapOf({ merged: middle, base }, math))}`,
    );
    expect(outcomes(await judged(place)).map((text) => text.split(' ')[0])).toEqual([
      'holds',
      'holds',
    ]);
  });

  it('not where a run does not reach it', async () => {
    const place = await workplace(
      models,
      `merge one = average([math, code])
merge two = lerp(math, code, t: 30%)
output one to "one"
output two to "two"
expect gap(two, math, base: base) < 1%
expect finite(one)`,
    );
    const checks = await judged(place, ['one']);
    expect(outcomes(checks)).toEqual([
      'skipped gap(two, math, base: base) < 1% (no output of this run holds two)',
      'holds finite(one) (elements not finite in one = 0)',
    ]);
  });

  it('against a model that no output reads', async () => {
    const place = await workplace(
      { ...models, other: { weights: plus(code, randomWeights('other', lengths)) } },
      `merge final = average([math, code])
output final to "out"
expect distance(final, other, base: base) > 10%`,
    );
    expect((await judged(place)).map(({ outcome }) => outcome)).toEqual(['holds']);
  });

  it('on what masks keep through a chain of steps and whole-model thresholds', async () => {
    const place = await workplace(
      models,
      `merge sparse = ties(base, [math, code], density: 25%, scope: whole)
merge final = 0.5 * sparse + 0.5 * base
output final to "out"
expect kept(final, math) > 24.9%
expect kept(final, math) < 25.1%`,
    );
    const checks = await judged(place);
    expect(outcomes(checks).map((text) => text.split(' ')[0])).toEqual(['holds', 'holds']);
  });
});
