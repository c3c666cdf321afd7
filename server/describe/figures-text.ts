/** What the preview found, in words: of a whole step, or of a place in it. */
import type { ModelFigures, PreviewFigure, PreviewRow } from '../../engine/measures/preview.ts';
import { anatomyOf, type PlaceOfTensor } from '../../grammar/places/anatomy.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Measured } from '../analysis/figures-store.ts';
import { code, paragraphs, table } from './markdown.ts';

/** `tensors` absent: the whole step. Undefined where the preview has no figure of the place. */
export function figuresHere(
  measured: Measured | undefined,
  signature: Signature | undefined,
  tensors?: ReadonlySet<string>,
): string | undefined {
  if (measured === undefined) return undefined;
  const rows = rowsOf(measured.rows, signature, tensors);
  if (rows.length === 0) return undefined;
  const names = measured.models.map(({ name }) => name);
  const figures = names.map((name, index) => {
    const cells = measures.map(({ of }) => spread(rows.map((row) => of(row.models[index]))));
    return [code(name), ...cells.map((cell) => cell ?? '')];
  });
  const used = measures.filter((_, column) => figures.some((row) => row[column + 1] !== ''));
  const shown = figures.map(([name, ...cells]) => [
    name!,
    ...cells.filter((_, column) => used.includes(measures[column]!)),
  ]);
  const conflict = spread(rows.map(({ signConflict }) => signConflict));
  return paragraphs(
    headOf(measured, rows),
    used.length === 0 ? undefined : table(['', ...used.map(({ name }) => name)], shown),
    conflict === undefined ? undefined : `sign conflict ${conflict}`,
  );
}

const measures: readonly {
  readonly name: string;
  readonly of: (figures: ModelFigures | undefined) => PreviewFigure | undefined;
}[] = [
  { name: 'gap', of: (figures) => figures?.gap },
  { name: 'distance', of: (figures) => figures?.distance },
  { name: 'kept', of: (figures) => figures?.kept },
  { name: 'size of its change', of: (figures) => figures?.size },
];

function headOf({ step, reading, isOlder }: Measured, rows: readonly PreviewRow[]): string {
  const over = rows.length === 1 ? '' : `, over ${rows.length} places of the map`;
  const older = isOlder ? ', before the last edit' : '';
  const how = reading === 'exact' ? 'exact' : 'on samples';
  return `**Preview** of ${code(step)}, ${how}${over}${older}:`;
}

/** One row where the place is one of the map's own, else its cells: figures of norms cannot be added up. */
function rowsOf(
  rows: readonly PreviewRow[],
  signature: Signature | undefined,
  tensors: ReadonlySet<string> | undefined,
): readonly PreviewRow[] {
  const total = rows.filter(({ kind }) => kind === 'total');
  if (tensors === undefined || signature === undefined) return total;
  if (tensors.size >= signature.tensors.length) return total;
  const places = [...anatomyOf(signature).places];
  const isWhole = (row: PreviewRow): boolean => {
    const held = places.filter(([, place]) => isIn(place, row));
    return held.length > 0 && held.every(([name]) => tensors.has(name));
  };
  const alone = rows.filter((row) => (row.kind === 'part' || row.kind === 'layer') && isWhole(row));
  if (alone.length === 1) return alone;
  const cells = rows.filter((row) => row.kind === 'cell' && isWhole(row));
  return cells.length > 0 ? cells : alone;
}

function isIn(place: PlaceOfTensor, row: PreviewRow): boolean {
  return (['tower', 'layer', 'part', 'column'] as const).every(
    (key) => row[key] === undefined || row[key] === place[key],
  );
}

/** `12%`, or `12% to 80%` where rows differ. */
function spread(figures: readonly (PreviewFigure | undefined)[]): string | undefined {
  const values = figures.flatMap((figure) => (figure === undefined ? [] : [figure.value]));
  if (values.length === 0) return undefined;
  const [least, most] = [percentText(Math.min(...values)), percentText(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

export function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}
