/** What the user chose to see: kept by the editor over hiding and reloading, and read back with suspicion. */
import type { At } from '../map/cursor.ts';
import type { Scroll } from '../map/geometry.ts';
import { measures, type MeasureId } from '../map/measures.ts';

export interface ViewState {
  /** The recipe and step that were shown, for the extension to open them again. */
  readonly uri?: string;
  readonly step?: string;
  readonly measure: MeasureId;
  readonly shape: 'map' | 'table';
  /** Names of opened models and pairs; absent until the user opens or closes one. */
  readonly open?: readonly string[];
  readonly chosen?: At | undefined;
  readonly isListingKeys: boolean;
  readonly scroll: Scroll;
  readonly pageScroll: number;
}

export const firstView: ViewState = {
  measure: measures[0]!.id,
  shape: 'map',
  isListingKeys: false,
  scroll: { left: 0, top: 0 },
  pageScroll: 0,
};

export function readViewState(saved: unknown): ViewState {
  if (!isRecord(saved)) return firstView;
  const { uri, step, measure, shape, open, chosen, scroll, pageScroll } = saved;
  return {
    ...firstView,
    ...(typeof uri === 'string' ? { uri } : {}),
    ...(typeof step === 'string' ? { step } : {}),
    measure: measures.find(({ id }) => id === measure)?.id ?? firstView.measure,
    shape: shape === 'table' ? 'table' : 'map',
    ...(isTexts(open) ? { open } : {}),
    ...(isRecord(chosen) && typeof chosen.line === 'string' && typeof chosen.column === 'string'
      ? { chosen: { line: chosen.line, column: chosen.column } }
      : {}),
    scroll: isRecord(scroll)
      ? { left: pixels(scroll.left), top: pixels(scroll.top) }
      : firstView.scroll,
    pageScroll: pixels(pageScroll),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function pixels(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
