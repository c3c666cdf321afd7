/** Figures as a client tells them, for the tests of hovers and hints. */
import type { PreviewFigure, PreviewRow } from '../engine/measures/preview.ts';
import type { Measured } from './analysis/figures-store.ts';
import { testUri } from './test-kit.ts';

export interface FiguresOf {
  readonly conflict?: number;
  /** Gaps to `math` and `code`. */
  readonly gaps?: readonly [number, number];
  readonly isOlder?: boolean;
  /** Rows below the whole step's. */
  readonly rows?: readonly PreviewRow[];
}

export function row(
  place: Pick<PreviewRow, 'kind'> & Partial<PreviewRow>,
  { gaps = [0.5, 0.25], conflict }: FiguresOf = {},
): PreviewRow {
  return {
    tensors: 1,
    elements: 1,
    models: [
      { model: 'math', gap: figure(gaps[0]) },
      { model: 'code', gap: figure(gaps[1]) },
    ],
    pairs: [],
    ...(conflict === undefined ? {} : { signConflict: figure(conflict) }),
    ...place,
  };
}

const figure = (value: number): PreviewFigure => ({ value, exact: true });

export function measuredOf(step: string, figures: FiguresOf = {}): ReadonlyMap<string, Measured> {
  const { isOlder = false, rows = [] } = figures;
  const measured: Measured = {
    uri: testUri,
    textVersion: 1,
    step,
    reading: 'sampled',
    models: [{ name: 'math' }, { name: 'code' }],
    rows: [row({ kind: 'total' }, figures), ...rows],
    isOlder,
  };
  return new Map([[step, measured]]);
}
