/** Where lines and columns of the map lie, in CSS pixels. Content coordinates start at the first cell's corner. */
import type { Column } from './columns.ts';
import type { GridLine } from './grid.ts';

export interface Room {
  /** Of the scrolled view. */
  readonly width: number;
  /** What the map may take before it scrolls. */
  readonly height: number;
  /** The widest name of a line, and the widest figure of a cell. */
  readonly label: number;
  readonly figure: number;
}

export interface Geometry {
  /** Names of lines stand left of the cells, and their whole's figure between. */
  readonly labelWidth: number;
  readonly wholeWidth: number;
  /** Above the cells: towers' names where there are several, and the layers' numbers. */
  readonly axisHeight: number;
  readonly rowHeight: number;
  /** Left edges of the columns, and the right edge of the last. */
  readonly x: readonly number[];
  readonly widths: readonly number[];
  readonly y: readonly number[];
  readonly contentWidth: number;
  readonly contentHeight: number;
  readonly hasFigures: boolean;
  /** Between a cell and its neighbour. */
  readonly seam: number;
}

const groupGap = 8;
const subjectGap = 3;
const narrowestLayer = 4;
const widestLayer = 72;
/** Room for `norm` over a column. */
const outsideWidth = 33;
const tallRow = 19;
const lowRow = 15;

export function geometryOf(
  columns: readonly Column[],
  lines: readonly GridLine[],
  room: Room,
): Geometry {
  const labelWidth = Math.ceil(Math.max(44, Math.min(room.label + 22, room.width * 0.34)));
  const wholeWidth = room.width >= 440 ? 38 : 0;
  const isOfTowers = new Set(columns.map(({ tower }) => tower)).size > 1;
  const axisHeight = isOfTowers ? 32 : 18;
  const { x, widths, seam } = columnEdges(columns, room.width - labelWidth - wholeWidth - 2);
  const tall = lineTops(lines, tallRow);
  const isTight = tall.height + axisHeight > room.height;
  const tops = isTight ? lineTops(lines, lowRow) : tall;
  const layerWidth = Math.min(...widths);
  return {
    labelWidth,
    wholeWidth,
    axisHeight,
    rowHeight: isTight ? lowRow : tallRow,
    x,
    widths,
    y: tops.y,
    contentWidth: columns.length === 0 ? 0 : x.at(-1)! + widths.at(-1)!,
    contentHeight: tops.height,
    hasFigures: layerWidth >= Math.max(20, room.figure + 2),
    seam,
  };
}

function columnEdges(columns: readonly Column[], available: number) {
  const layers = columns.filter(({ kind }) => kind === 'layer').length;
  const gaps = columns.filter(({ isFirst }, index) => isFirst && index > 0).length;
  const outside = columns.length - layers;
  const left = available - gaps * groupGap - outside * outsideWidth;
  const width = Math.min(widestLayer, Math.max(narrowestLayer, left / Math.max(1, layers)));
  const x: number[] = [];
  const widths: number[] = [];
  let edge = 0;
  for (const [index, { kind, isFirst }] of columns.entries()) {
    if (isFirst && index > 0) edge += groupGap;
    const end = edge + (kind === 'layer' ? width : outsideWidth);
    x.push(Math.round(edge));
    widths.push(Math.round(end) - Math.round(edge));
    edge = end;
  }
  const seam = width >= 7 ? 1 : 0;
  // Narrow layers run into each other; parts beside them stay apart.
  const own = widths.map((each, index) =>
    columns[index]!.kind === 'outside' ? each + seam - 1 : each,
  );
  return { x, widths: own, seam };
}

function lineTops(lines: readonly GridLine[], rowHeight: number) {
  const y: number[] = [];
  let top = 0;
  for (const [index, { part }] of lines.entries()) {
    if (part === undefined && index > 0) top += subjectGap;
    y.push(top);
    top += rowHeight;
  }
  return { y, height: top };
}

/** The whole view's size, with names and axis. */
export function wholeSize(geometry: Geometry): { readonly width: number; readonly height: number } {
  return {
    width: geometry.labelWidth + geometry.wholeWidth + geometry.contentWidth,
    height: geometry.axisHeight + geometry.contentHeight,
  };
}

export interface Scroll {
  readonly left: number;
  readonly top: number;
}

/** What lies under a point of the view; the names' column stays in view while the cells scroll under it. */
export function placeAt(
  geometry: Geometry,
  point: { readonly x: number; readonly y: number },
  scroll: Scroll,
): { readonly line: number; readonly column?: number } | undefined {
  const y = point.y - geometry.axisHeight + scroll.top;
  if (point.y < geometry.axisHeight) return undefined;
  const line = lastAtMost(geometry.y, y);
  if (line < 0 || y >= geometry.y[line]! + geometry.rowHeight) return undefined;
  const cells = geometry.labelWidth + geometry.wholeWidth;
  if (point.x < cells) return { line };
  const x = point.x - cells + scroll.left;
  const column = lastAtMost(geometry.x, x);
  if (column < 0 || x >= geometry.x[column]! + geometry.widths[column]!) return undefined;
  return { line, column };
}

/** The first and last of the edges that a stretch of the view shows. */
export function visible(
  edges: readonly number[],
  from: number,
  to: number,
): { readonly first: number; readonly last: number } {
  return { first: Math.max(0, lastAtMost(edges, from)), last: lastAtMost(edges, to) };
}

function lastAtMost(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How far to scroll so that a stretch of the content lies in a view of the given size. */
export function scrolledTo(from: number, to: number, scroll: number, size: number): number {
  if (from < scroll) return from;
  if (to > scroll + size) return Math.min(from, to - size);
  return scroll;
}
