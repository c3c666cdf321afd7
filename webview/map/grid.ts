/** The map as figures: lines by columns, and the scale that colours them. */
import type { PreviewFigure, PreviewModel } from '../../engine/measures/preview.ts';
import type { MapPlace } from '../../engine/protocol/measure.ts';
import type { MapRow } from '../../engine/protocol/older-rows.ts';
import type { MapState } from '../../engine/protocol/panel.ts';
import type { Column } from './columns.ts';
import type { Layout } from './layout.ts';
import type { LinePart } from './line-parts.ts';
import { linesOf, type Line } from './lines.ts';
import type { Measure } from './measures.ts';
import { scaleOf, type Scale } from './scale.ts';

export type Cell =
  | { readonly state: 'figure'; readonly figure: PreviewFigure; readonly row: MapRow }
  /** Its blocks were not read yet. */
  | { readonly state: 'unread' }
  /** There are such weights, and no such figure of them. */
  | { readonly state: 'none'; readonly row: MapRow }
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
  readonly parts: readonly LinePart[];
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
  const cellOf = (line: Line, row: MapRow | undefined): Cell => {
    if (row === undefined) return missing;
    const figure = measure.figure(row, line.subject);
    if (figure !== undefined) return { state: 'figure', figure, row };
    return row.models.length === 0 ? missing : { state: 'none', row };
  };
  const lines = linesOf({ subjects, parts: layout.parts, open }).map((line): GridLine => {
    const rows = line.part === undefined ? layout.subject : layout.byPart.get(line.part.key)!;
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

/** What a cell is of, as the text speaks of it. */
export function placeOf(
  { lines, columns }: Grid,
  at: { readonly line: number; readonly column: number },
): MapPlace {
  const { tower, layer, part: outside, column: outsideColumn } = columns[at.column]!;
  const within = lines[at.line]!.part;
  const [part, column] =
    outside === undefined ? [within?.part, within?.column] : [outside, outsideColumn];
  return {
    ...(tower === undefined ? {} : { tower }),
    ...(layer === undefined ? {} : { layer }),
    ...(part === undefined ? {} : { part }),
    ...(column === undefined ? {} : { column }),
  };
}

const absent: Cell = { state: 'absent' };

function wholeOf(
  line: Line,
  { total, wholeOfPart }: Layout,
  cellOf: (line: Line, row: MapRow | undefined) => Cell,
): Cell {
  if (line.part === undefined) return cellOf(line, total);
  const row = wholeOfPart.get(line.part.key);
  return row === undefined ? absent : cellOf(line, row);
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
