/** A parameter as mergekit writes it: one value, or a list of which the first entry that fits decides. */
import { map, type OutItem, type OutNotes, plain, type YamlOut } from './yaml-text.ts';

export interface FilterEntry {
  /** Absent: it holds for all tensors. */
  readonly filter?: string | undefined;
  readonly value: YamlOut;
  readonly notes?: OutNotes;
}

/** What stands behind an entry without a filter is never reached, and left out. */
export function conditionals(entries: readonly FilterEntry[]): YamlOut {
  const last = entries.findIndex(({ filter }) => filter === undefined);
  const reached = last < 0 ? entries : entries.slice(0, last + 1);
  const [only] = reached;
  if (only !== undefined && last === 0) return only.value;
  const items = reached.map(({ filter, value, notes: { above, beside } = {} }): OutItem => ({
    ...(above === undefined ? {} : { above }),
    value: map([
      filter === undefined ? undefined : { key: 'filter', value: plain(filter) },
      { key: 'value', value, ...(beside === undefined ? {} : { beside }) },
    ]),
  }));
  return { kind: 'list', items };
}
