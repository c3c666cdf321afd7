/** Draws what changes with the pointer and the cursor, over the map and apart from it. */
import type { Palette } from './palette.ts';
import { nothingLit } from './lit.ts';
import { visibleColumns, visibleLines, type MapScene } from './scene.ts';

export interface Mark {
  readonly line: number;
  /** Absent on a line's name. */
  readonly column?: number;
}

export interface Marks {
  readonly pointed?: Mark;
  readonly chosen?: Mark;
  /** Whether a cell is lit by the cursor in the text. */
  readonly isLit: (line: number, column: number) => boolean;
  readonly hasFocus: boolean;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function paintMarks(context: CanvasRenderingContext2D, scene: MapScene, marks: Marks): void {
  const { geometry, palette, width, height } = scene;
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(0, geometry.axisHeight - 2, width, height);
  context.clip();
  paintLit(context, scene, marks);
  if (marks.pointed !== undefined) {
    paintBox(context, boxOf(scene, marks.pointed), { outer: palette.strong, inner: undefined });
  }
  if (marks.chosen !== undefined) {
    const outer = marks.hasFocus ? palette.focus : palette.strong;
    paintBox(context, boxOf(scene, marks.chosen), { outer, inner: palette.background });
  }
  context.restore();
}

/** Cells beside each other share one frame. */
function paintLit(context: CanvasRenderingContext2D, scene: MapScene, { isLit }: Marks): void {
  if (isLit === nothingLit) return;
  const { grid, palette } = scene;
  const lines = visibleLines(scene);
  const columns = visibleColumns(scene);
  for (let line = lines.first; line <= lines.last; line++) {
    let first: number | undefined;
    for (let column = columns.first; column <= columns.last + 1; column++) {
      const is = column <= columns.last && isLit(line, column);
      const ends = !is || grid.columns[column]!.isFirst;
      if (first !== undefined && ends) {
        const from = boxOf(scene, { line, column: first });
        const to = boxOf(scene, { line, column: column - 1 });
        const run = { ...from, width: to.x + to.width - from.x };
        paintBox(context, run, { outer: palette.focus, inner: undefined });
        first = undefined;
      }
      if (is) first ??= column;
    }
  }
}

function boxOf({ geometry, scroll }: MapScene, { line, column }: Mark): Box {
  const y = geometry.axisHeight + geometry.y[line]! - scroll.top;
  const height = geometry.rowHeight - 1;
  const left = geometry.labelWidth + geometry.wholeWidth;
  if (column === undefined) return { x: 0, y, width: left - 4, height };
  const x = left + geometry.x[column]! - scroll.left;
  return { x, y, width: geometry.widths[column]! - geometry.seam, height };
}

function paintBox(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  { outer, inner }: { readonly outer: Palette['focus']; readonly inner: string | undefined },
): void {
  context.lineWidth = 2;
  context.strokeStyle = outer;
  context.strokeRect(x, y, width, height);
  if (inner === undefined || width < 8) return;
  context.lineWidth = 1;
  context.strokeStyle = inner;
  context.strokeRect(x + 1.5, y + 1.5, width - 3, height - 3);
}
