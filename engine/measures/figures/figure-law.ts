import type { Change, Stage, Sum } from '../measured.ts';

/** What is asked of some models: whose change by its place in a study, and with which options. */
export interface Question {
  readonly law: FigureLaw;
  readonly changes: readonly number[];
  readonly of?: 'shared' | 'nonzero' | 'all';
  readonly stage?: Stage;
}

/** A figure of the catalogue: its sums over each tensor, and what becomes of their totals. */
export interface FigureLaw {
  readonly name: string;
  readonly title: string;
  readonly unit: 'percent' | 'cosine' | 'count';
  /** It describes the models, whatever the recipe does with them. */
  readonly isOfInputs?: boolean;
  /** Undefined where the tensor has no part in the figure. */
  readonly sums: (question: Question, changes: readonly Change[]) => readonly Sum[] | undefined;
  /** Over several tensors it is a ratio of sums. Undefined where weights give no such number. */
  readonly of: (totals: readonly number[]) => number | undefined;
}

/** ‖p‖ / ‖q‖ from squares; nothing over nothing is nothing. */
export function ratioOfNorms(p: number, q: number): number | undefined {
  if (p === 0) return 0;
  return finite(Math.sqrt(p / q));
}

/** Part of a count; of nothing, nothing. */
export function shareOf(part: number, whole: number): number | undefined {
  return part === 0 ? 0 : finite(part / whole);
}

export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
