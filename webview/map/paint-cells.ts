/** Draws the cells in view: colour, hatch, figure. */
import { cellText } from '../words/figures.ts';
import type { Palette } from './palette.ts';
import { positionOf } from './scale.ts';
import { visibleColumns, visibleLines, type MapScene } from './scene.ts';

export function paintCells(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { grid, geometry, palette, scroll } = scene;
  const lines = visibleLines(scene);
  const columns = visibleColumns(scene);
  const ramp = grid.scale.sides === 'one' ? palette.oneSided : palette.twoSided;
  const left = geometry.labelWidth + geometry.wholeWidth - scroll.left;
  const hatches = hatchesOf(context, palette);
  context.textAlign = 'center';
  for (let row = lines.first; row <= lines.last; row++) {
    const line = grid.lines[row]!;
    const cells = line.cells();
    const reference = grid.measure.reference(line.subject);
    const y = geometry.axisHeight + geometry.y[row]! - scroll.top;
    const height = geometry.rowHeight - 1;
    context.font = `${line.part === undefined ? '600 ' : ''}10.5px ${palette.font}`;
    if (palette.isHighContrast && geometry.seam === 0) paintRuns(context, scene, row);
    for (let column = columns.first; column <= columns.last; column++) {
      const cell = cells[column]!;
      if (cell.state === 'absent') continue;
      const x = left + geometry.x[column]!;
      const width = geometry.widths[column]! - geometry.seam;
      if (cell.state === 'unread') {
        context.fillStyle = hatches.unread;
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
      const isOlder = cell.row.isOlder === true;
      if (isOlder) {
        context.fillStyle = hatches.older;
        context.fillRect(x, y, width, height);
      }
      if (palette.isHighContrast) {
        const hasEdge = geometry.seam === 1 || grid.columns[column]!.kind === 'outside';
        paintRim(context, { x, y, width, height }, { position, palette, hasEdge });
      }
      if (!geometry.hasFigures) continue;
      const text = cellText(cell.figure.value, grid.measure.unit);
      if (isOlder) {
        // A figure is read on the plain colour.
        const room = context.measureText(text).width + 4;
        context.fillStyle = ramp.colour(position);
        context.fillRect(x + (width - room) / 2, y + 2, room, height - 4);
      }
      context.fillStyle = ramp.ink(position);
      context.fillText(text, x + width / 2, y + height / 2 + 0.5);
    }
  }
}

/** Cells too narrow for an edge of their own share one: those at the reference have the background's colour. */
function paintRuns(context: CanvasRenderingContext2D, scene: MapScene, row: number): void {
  const { grid, geometry, palette, scroll } = scene;
  const cells = grid.lines[row]!.cells();
  const left = geometry.labelWidth + geometry.wholeWidth - scroll.left;
  const y = geometry.axisHeight + geometry.y[row]! - scroll.top;
  context.globalAlpha = 0.45;
  context.fillStyle = palette.line;
  for (const [column, { kind }] of grid.columns.entries()) {
    if (kind !== 'layer' || cells[column]!.state === 'absent') continue;
    const isEnd = grid.columns[column + 1]?.kind !== 'layer';
    context.fillRect(
      left + geometry.x[column]!,
      y + geometry.rowHeight - 1,
      geometry.widths[column]! + Number(isEnd),
      1,
    );
    if (grid.columns[column]!.isFirst)
      context.fillRect(left + geometry.x[column]! - 1, y, 1, geometry.rowHeight);
    if (isEnd)
      context.fillRect(
        left + geometry.x[column]! + geometry.widths[column]!,
        y,
        1,
        geometry.rowHeight,
      );
  }
  context.globalAlpha = 1;
}

/** Where hue says nothing: cells have an edge, and a corner marks those below the reference. */
function paintRim(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  {
    position,
    palette,
    hasEdge,
  }: { readonly position: number; readonly palette: Palette; readonly hasEdge: boolean },
): void {
  const { x, y, width, height } = at;
  if (hasEdge) {
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

interface Hatches {
  readonly unread: CanvasPattern;
  /** Laid over a colour: figures of a text before. */
  readonly older: CanvasPattern;
}

const knownHatches = new WeakMap<Palette, Hatches>();

function hatchesOf(context: CanvasRenderingContext2D, palette: Palette): Hatches {
  const known = knownHatches.get(palette);
  if (known !== undefined) return known;
  const made = {
    unread: hatch(context, { ink: palette.dim, strength: 0.5, width: 1 }),
    older: hatch(context, { ink: palette.background, strength: 0.9, width: 2 }),
  };
  knownHatches.set(palette, made);
  return made;
}

function hatch(
  context: CanvasRenderingContext2D,
  {
    ink,
    strength,
    width,
  }: { readonly ink: string; readonly strength: number; readonly width: number },
): CanvasPattern {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const lines = tile.getContext('2d')!;
  lines.strokeStyle = ink;
  lines.globalAlpha = strength;
  lines.lineWidth = width;
  lines.beginPath();
  for (const start of [-6, 0, 6]) {
    lines.moveTo(start - 1, 7);
    lines.lineTo(start + 7, -1);
  }
  lines.stroke();
  return context.createPattern(tile, 'repeat')!;
}
