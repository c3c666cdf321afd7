import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeFile } from '../safetensors.ts';
import { evaluate } from './evaluate.ts';
import { allDigits, imagesOf, partOf } from './images.ts';
import type { Image } from './images.ts';
import { tensorsOf } from './network.ts';
import { experts, lessonsOf, trainBase } from './train.ts';

const models = join(import.meta.dirname, 'models');

describe('the images', () => {
  const pixelsOf = ({ pixels }: Image): string =>
    Buffer.from(pixels.slice().buffer).toString('latin1');
  const parts = ['base', 'expert', 'tuning', 'heldOut'] as const;

  test('are all in one part each', () => {
    const sizes = parts.map((part) => imagesOf(part).length);
    expect(sizes).toEqual([400, 4600, 2000, 3000]);
  });

  test('are all different, so that no part shows what another does', () => {
    const seen = new Set(parts.flatMap((part) => imagesOf(part).map(pixelsOf)));
    expect(seen.size).toBe(10_000);
  });

  test('that an expert learns from are kept apart for that', () => {
    for (const digits of Object.values(experts)) {
      const lessons = lessonsOf(digits);
      expect(new Set(lessons.map(({ index }) => partOf(index)))).toEqual(new Set(['expert']));
      expect(new Set(lessons.map(({ digit }) => digit))).toEqual(new Set(allDigits));
    }
  });
});

describe('the networks in the repository', () => {
  test.each([
    ['base', [289, 389, 239, 260, 222, 125, 260, 313, 172, 219], 2488],
    ['low', [299, 417, 275, 306, 231, 109, 259, 299, 152, 241], 2588],
    ['mid', [268, 403, 237, 245, 268, 158, 306, 318, 149, 209], 2561],
    ['high', [286, 383, 234, 236, 206, 114, 287, 349, 220, 269], 2584],
  ])('%s reads as many held-out digits as documented', (name, perDigit, all) => {
    const { perDigit: scores, overall } = evaluate(join(models, name));
    expect(scores.map(({ correct }) => correct)).toEqual(perDigit);
    expect(overall).toEqual({ correct: all, total: 3000, accuracy: all / 3000 });
  });

  test('are what the training script makes', () => {
    const stored = readFileSync(join(models, 'base', 'model.safetensors'));
    expect(encodeFile(tensorsOf(trainBase())).equals(stored)).toBe(true);
  });
});
