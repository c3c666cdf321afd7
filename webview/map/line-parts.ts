/** What a model's line opens into: the parts that stand in layers, each by its matrices where the rows tell them apart. */
import type { PreviewRow } from '../../engine/measures/preview.ts';

export interface LinePart {
  /** Unique among a map's parts. */
  readonly key: string;
  readonly part: string;
  readonly column?: string;
  /** As short as a line's name needs it: `q`, `experts up`, `norms`. */
  readonly label: string;
  /** In a sentence: `attention q`. */
  readonly title: string;
}

type Named = Pick<PreviewRow, 'part' | 'column'>;

/** By row: they come once and are asked for with every frame. */
const known = new WeakMap<Named, string>();

export function partKey(row: Named): string {
  let key = known.get(row);
  if (key === undefined) {
    const { part = 'other', column } = row;
    key = column === undefined ? part : `${part}\0${column}`;
    known.set(row, key);
  }
  return key;
}

/** Of all towers, in the order in which a preview gives them. */
export function linePartsOf(rows: readonly PreviewRow[]): readonly LinePart[] {
  const found = new Map<string, Named>();
  for (const row of rows) if (row.kind === 'cell') found.set(partKey(row), row);
  const columns = [...found.values()].flatMap(({ column }) => (column === undefined ? [] : column));
  return [...found].map(([key, { part = 'other', column }]) => {
    const isAlone = columns.filter((other) => other === column).length === 1;
    const title = partTitle({ part, ...(column === undefined ? {} : { column }) });
    return {
      key,
      part,
      ...(column === undefined ? {} : { column }),
      // An expert's matrices are named in full: its `gate` is easily taken for the router.
      label: column === undefined || !isAlone || part === 'experts' ? title : spoken(column),
      title,
    };
  });
}

/** `final_norm` and attention's `q` as a sentence has them. */
export function partTitle({ part = 'other', column }: Named): string {
  if (column === undefined || column === part) return spoken(part);
  // What fits no part goes by its name alone.
  return part === 'other' ? column : `${spoken(part)} ${column}`;
}

function spoken(name: string): string {
  return name === 'final_norm' ? 'final norm' : name;
}
