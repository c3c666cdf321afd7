/** Draws what a view of the map shows: names, axis, cells. All of it, each time: it is a few milliseconds. */
import { cellText } from '../words/figures.ts';
import { visible, type Geometry, type Scroll } from './geometry.ts';
import type { Cell, Grid, GridLine } from './grid.ts';
import type { Palette } from './palette.ts';
import { positionOf } from './scale.ts';

export interface MapScene {
  readonly grid: Grid;
  readonly geometry: Geometry;
  readonly palette: Palette;
  readonly scroll: Scroll;
  readonly width: number;
  readonly height: number;
}

export function paintMap(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { geometry, palette, width, height } = scene;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  const left = geometry.labelWidth + geometry.wholeWidth;
  clipped(context, { x: left, y: geometry.axisHeight, width, height }, () =>
    paintCells(context, scene),
  );
  clipped(context, { x: 0, y: geometry.axisHeight, width: left, height }, () =>
    paintNames(context, scene),
  );
  clipped(context, { x: left, y: 0, width, height: geometry.axisHeight }, () =>
    paintAxis(context, scene),
  );
}

function clipped(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  paint: () => void,
): void {
  context.save();
  context.beginPath();
  context.rect(at.x, at.y, at.width, at.height);
  context.clip();
  paint();
  context.restore();
}

export function visibleLines({ geometry, scroll, height }: MapScene) {
  return visible(geometry.y, scroll.top, scroll.top + height - geometry.axisHeight);
}

export function visibleColumns({ geometry, scroll, width }: MapScene) {
  const cells = width - geometry.labelWidth - geometry.wholeWidth;
  return visible(geometry.x, scroll.left, scroll.left + cells);
}

function paintCells(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { grid, geometry, palette, scroll } = scene;
  const lines = visibleLines(scene);
  const columns = visibleColumns(scene);
  const ramp = grid.scale.sides === 'one' ? palette.oneSided : palette.twoSided;
  const left = geometry.labelWidth + geometry.wholeWidth - scroll.left;
  const hatch = hatchOf(context, palette);
  context.textAlign = 'center';
  for (let row = lines.first; row <= lines.last; row++) {
    const line = grid.lines[row]!;
    const cells = line.cells();
    const reference = grid.measure.reference(line.subject);
    const y = geometry.axisHeight + geometry.y[row]! - scroll.top;
    const height = geometry.rowHeight - 1;
    context.font = `${line.part === undefined ? '600 ' : ''}10.5px ${palette.font}`;
    for (let column = columns.first; column <= columns.last; column++) {
      const cell = cells[column]!;
      if (cell.state === 'absent') continue;
      const x = left + geometry.x[column]!;
      const width = geometry.widths[column]! - geometry.seam;
      if (cell.state === 'unread') {
        context.fillStyle = hatch;
        context.fillRect(x, y, width, height);
        continue;
      }
      if (cell.state === 'none') {
        context.fillStyle = palette.dim;
        context.fillRect(
          x + width / 2 - Math.min(3, width / 4),
          y + height / 2,
          Math.min(6, width / 2),
          1,
        );
        continue;
      }
      const position = positionOf(cell.figure, reference, grid.scale);
      context.fillStyle = ramp.colour(position);
      context.fillRect(x, y, width, height);
      if (palette.isHighContrast) paintRim(context, { x, y, width, height }, position, palette);
      if (!geometry.hasFigures) continue;
      context.fillStyle = ramp.ink(position);
      context.fillText(
        cellText(cell.figure.value, grid.measure.unit),
        x + width / 2,
        y + height / 2 + 0.5,
      );
    }
  }
}

/** Where hue says nothing: cells have an edge, and a corner marks those below the reference. */
function paintRim(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  position: number,
  palette: Palette,
): void {
  const { x, y, width, height } = at;
  if (width >= 7) {
    context.globalAlpha = 0.45;
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    context.globalAlpha = 1;
  }
  if (position >= 0) return;
  const corner = Math.min(5, width / 2);
  context.fillStyle = palette.twoSided.ink(position);
  context.beginPath();
  context.moveTo(x + 1, y + height - 1);
  context.lineTo(x + 1 + corner, y + height - 1);
  context.lineTo(x + 1, y + height - 1 - corner);
  context.fill();
}

const hatches = new WeakMap<Palette, CanvasPattern>();

function hatchOf(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern {
  const known = hatches.get(palette);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const ink = tile.getContext('2d')!;
  ink.strokeStyle = palette.dim;
  ink.globalAlpha = 0.5;
  ink.beginPath();
  for (const start of [-6, 0, 6]) {
    ink.moveTo(start, 6);
    ink.lineTo(start + 6, 0);
  }
  ink.stroke();
  const pattern = context.createPattern(tile, 'repeat')!;
  hatches.set(palette, pattern);
  return pattern;
}

function paintNames(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { grid, geometry, palette, scroll } = scene;
  const lines = visibleLines(scene);
  for (let row = lines.first; row <= lines.last; row++) {
    const line = grid.lines[row]!;
    const middle = geometry.axisHeight + geometry.y[row]! - scroll.top + geometry.rowHeight / 2;
    paintName(context, scene, line, middle);
    const whole = wholeText(line.whole, grid);
    if (geometry.wholeWidth === 0 || whole === '') continue;
    context.textAlign = 'right';
    context.font = `${line.part === undefined ? '600 ' : ''}11px ${palette.font}`;
    context.fillStyle = palette.strong;
    context.fillText(whole, geometry.labelWidth + geometry.wholeWidth - 8, middle);
  }
}

function paintName(
  context: CanvasRenderingContext2D,
  { geometry, palette }: MapScene,
  line: GridLine,
  middle: number,
): void {
  const isSubject = line.part === undefined;
  context.textAlign = 'left';
  context.font = `${isSubject ? '600 12px' : '11.5px'} ${palette.font}`;
  context.fillStyle = isSubject ? palette.strong : palette.text;
  const start = isSubject ? 14 : 22;
  if (line.isOpen !== undefined) paintTwist(context, middle, line.isOpen);
  context.fillText(
    shortened(context, line.label, geometry.labelWidth - start - 6),
    start,
    middle + 0.5,
  );
}

/** The triangle that says whether a line's parts are shown. */
function paintTwist(context: CanvasRenderingContext2D, middle: number, isOpen: boolean): void {
  context.beginPath();
  if (isOpen) {
    context.moveTo(2, middle - 2.5);
    context.lineTo(10, middle - 2.5);
    context.lineTo(6, middle + 3.5);
  } else {
    context.moveTo(3, middle - 4);
    context.lineTo(9, middle);
    context.lineTo(3, middle + 4);
  }
  context.fill();
}

/** A text that fits a width, its end cut where it must be. */
function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

function wholeText(cell: Cell, { measure }: Grid): string {
  return cell.state === 'figure' ? cellText(cell.figure.value, measure.unit) : '';
}

function paintAxis(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { grid, geometry, palette, scroll } = scene;
  const { first, last } = visibleColumns(scene);
  const left = geometry.labelWidth + geometry.wholeWidth - scroll.left;
  const middle = geometry.axisHeight - 8;
  const narrowest = Math.min(...geometry.widths);
  const every = [1, 2, 5, 10, 20, 50].find((step) => step * narrowest >= 21) ?? 100;
  context.font = `10.5px ${palette.font}`;
  context.fillStyle = palette.dim;
  context.textAlign = 'center';
  for (let index = first; index <= last; index++) {
    const column = grid.columns[index]!;
    if (column.kind === 'layer' && column.layer! % every !== 0) continue;
    const width = geometry.widths[index]! - geometry.seam;
    const text = column.kind === 'layer' ? column.label : shortened(context, column.label, 34);
    context.fillText(text, left + geometry.x[index]! + width / 2, middle);
  }
  if (geometry.axisHeight < 30) return;
  context.font = `600 11px ${palette.font}`;
  context.fillStyle = palette.strong;
  context.textAlign = 'left';
  for (const [index, { tower }] of grid.columns.entries()) {
    if (tower === undefined || grid.columns[index - 1]?.tower === tower) continue;
    const end = grid.columns.findLastIndex((other) => other.tower === tower);
    const width = geometry.x[end]! + geometry.widths[end]! - geometry.x[index]!;
    context.fillText(shortened(context, tower, width), left + geometry.x[index]!, 8);
  }
}
