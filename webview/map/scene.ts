/** What the map's painters are given, and which of it is in view. */
import { visible, type Geometry, type Scroll } from './geometry.ts';
import type { Grid } from './grid.ts';
import type { Palette } from './palette.ts';

export interface MapScene {
  readonly grid: Grid;
  readonly geometry: Geometry;
  readonly palette: Palette;
  readonly scroll: Scroll;
  readonly width: number;
  readonly height: number;
}

export function visibleLines({ geometry, scroll, height }: MapScene) {
  return visible(geometry.y, scroll.top, scroll.top + height - geometry.axisHeight);
}

export function visibleColumns({ geometry, scroll, width }: MapScene) {
  const cells = width - geometry.labelWidth - geometry.wholeWidth;
  return visible(geometry.x, scroll.left, scroll.left + cells);
}
