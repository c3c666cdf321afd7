/** Draws what a view of the map shows: names, axis, cells. All of it, each time: it is a few milliseconds. */
import { cellText } from '../words/figures.ts';
import type { Cell, Grid, GridLine } from './grid.ts';
import { paintCells } from './paint-cells.ts';
import { visibleColumns, visibleLines, type MapScene } from './scene.ts';

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
