/** The map as figures: lines by columns, and the scale that colours them. */
import type { PreviewFigure, PreviewModel, PreviewRow } from '../../engine/measures/preview.ts';
import type { MapState } from '../../engine/protocol/panel.ts';
import type { Column } from './columns.ts';
import type { Layout } from './layout.ts';
import { linesOf, type Line } from './lines.ts';
import type { Measure } from './measures.ts';
import { scaleOf, type Scale } from './scale.ts';

export type Cell =
  | { readonly state: 'figure'; readonly figure: PreviewFigure; readonly row: PreviewRow }
  /** Its blocks were not read yet. */
  | { readonly state: 'unread' }
  /** There are such weights, and no such figure of them. */
  | { readonly state: 'none'; readonly row: PreviewRow }
  /** There are no such weights. */
  | { readonly state: 'absent' };

export interface GridLine extends Line {
  /** Over all layers, where that is one figure. */
  readonly whole: Cell;
  /** One a column; found when they are first looked at, which most of a large map never are. */
  readonly cells: () => readonly Cell[];
}

export interface Grid {
  readonly measure: Measure;
  readonly models: readonly PreviewModel[];
  readonly columns: readonly Column[];
  readonly lines: readonly GridLine[];
  /** Parts that stand in layers, shown or not. */
  readonly parts: readonly string[];
  readonly scale: Scale;
  /** Whether more figures are to come. */
  readonly isReading: boolean;
}

export function gridOf(
  map: MapState,
  layout: Layout,
  measure: Measure,
  open: readonly string[],
): Grid {
  const { models, reading } = map;
  const subjects = measure.subjects(models, map.rows);
  const missing: Cell = {
    state: reading === 'sampled' || reading === 'exact' ? 'absent' : 'unread',
  };
  const cellOf = (line: Line, row: PreviewRow | undefined): Cell => {
    if (row === undefined) return missing;
    const figure = measure.figure(row, line.subject);
    if (figure !== undefined) return { state: 'figure', figure, row };
    return row.models.length === 0 ? missing : { state: 'none', row };
  };
  const lines = linesOf({ subjects, parts: layout.parts, open }).map((line): GridLine => {
    const rows = line.part === undefined ? layout.subject : layout.byPart.get(line.part)!;
    return {
      ...line,
      whole: wholeOf(line, layout, cellOf),
      cells: lazily(() =>
        layout.columns.map(({ kind }, column) =>
          kind === 'outside' && line.part !== undefined ? absent : cellOf(line, rows[column]),
        ),
      ),
    };
  });
  return {
    measure,
    models,
    columns: layout.columns,
    lines,
    parts: layout.parts,
    scale: scaleOf(measure, subjects, layout.drawn),
    isReading: reading === 'sampling' || reading === 'measuring',
  };
}

const absent: Cell = { state: 'absent' };

function wholeOf(
  line: Line,
  { total, wholeOfPart }: Layout,
  cellOf: (line: Line, row: PreviewRow | undefined) => Cell,
): Cell {
  if (line.part === undefined) return cellOf(line, total);
  const row = wholeOfPart.get(line.part);
  return row === undefined ? absent : cellOf(line, row);
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
