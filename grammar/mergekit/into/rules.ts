/** Filters become rules: there the first entry that fits decides, here the last line, so they are written last entry first. */
import { filterByNumber } from '../../diagnostics/mw7018-filter-by-number.ts';
import { entryNeverReached } from '../../diagnostics/mw7103-entry-never-reached.ts';
import type { Conditional } from '../config/config.ts';
import type { ForeignParameter } from '../methods.ts';
import { from, joined, type Piece, textOfPiece } from '../pieces.ts';
import { type Numbering, patternOf } from './filters.ts';
import { type Importing, say } from './importing.ts';
import { lined, type Row } from './rows.ts';
import { quote } from './source.ts';
import { valuePiece } from './values.ts';

/** The filters of one parameter, for one expert or for all. */
export interface Filtered {
  /** What a rule sets: `t`, `weight.math`. */
  readonly target: string;
  readonly parameter: ForeignParameter;
  readonly entries: readonly Conditional[];
  readonly numbering: Numbering;
}

interface Rule {
  readonly patterns: Piece[];
  readonly settings: Piece[];
  readonly rows: Conditional[];
}

/** Undefined: some filter cannot be carried over, and is said. */
export function rulesPiece(importing: Importing, all: readonly Filtered[]): Piece | undefined {
  const rules: Rule[] = [];
  let isWhole = true;
  for (const { target, parameter, entries, numbering } of all) {
    // Rules of another parameter are shared where the order allows it.
    let next = 0;
    for (const entry of entries.toReversed()) {
      const pattern = patternFor(importing, entry, numbering, parameter.name);
      const value = valuePiece(importing, parameter, entry.value);
      if (pattern === undefined || value === undefined) {
        isWhole &&= pattern !== undefined || reported(importing, entry);
        continue;
      }
      const setting = [target, ' = ', value];
      const text = textOfPiece(pattern);
      const shared = rules.findIndex(
        ({ patterns }, index) =>
          index >= next && patterns.length === 1 && textOfPiece(patterns[0]!) === text,
      );
      if (shared >= 0) {
        rules[shared]!.settings.push(setting);
        rules[shared]!.rows.push(entry);
        next = shared + 1;
      } else {
        rules.push({ patterns: [pattern], settings: [setting], rows: [entry] });
        next = rules.length;
      }
    }
  }
  if (!isWhole) return undefined;
  const rows = together(rules).map(({ patterns, settings, rows: entries }): Row => {
    const piece = ['at ', joined(patterns, ' | '), ' { ', joined(settings, ', '), ' }'];
    return { piece, comments: entries.flatMap((entry) => importing.comments.take(entry)) };
  });
  return rows.length === 0 ? '' : [' {\n', rows.map((row) => lined(row)), '}'];
}

/** Neighbours that set the same are one rule for either place. */
function together(rules: readonly Rule[]): readonly Rule[] {
  const merged: Rule[] = [];
  for (const rule of rules) {
    const last = merged.at(-1);
    const isSame = last !== undefined && settingsText(last) === settingsText(rule);
    if (isSame) {
      last.patterns.push(...rule.patterns);
      last.rows.push(...rule.rows);
    } else
      merged.push({ patterns: [...rule.patterns], settings: rule.settings, rows: [...rule.rows] });
  }
  return merged;
}

function settingsText({ settings }: Rule): string {
  return settings.map(textOfPiece).join(', ');
}

/** Undefined: the filter fits nothing, or it is said why it cannot be carried over. */
function patternFor(
  importing: Importing,
  { filter }: Conditional,
  numbering: Numbering,
  name: string,
): Piece | undefined {
  if (filter === undefined) return undefined;
  const pattern = patternOf(filter, numbering);
  switch (pattern.kind) {
    case 'pattern':
      return from(filter, quote(pattern.text));
    case 'nothing': {
      const why = /[*?{}]/.test(filter.value)
        ? 'a filter is a plain text here, and no tensor’s name holds these signs'
        : 'its layer is not in this slice';
      const message = `The filter \`${filter.value}\` of \`${name}\` fits no tensor: ${why}.`;
      say(importing, entryNeverReached, filter, message);
      return undefined;
    }
    case 'unclear': {
      const message = `The filter \`${filter.value}\` of \`${name}\` counts layers in a slice that does not start at 0, and does not say so plainly: write \`layers.${filter.value.replaceAll('.', '')}.\`.`;
      say(importing, filterByNumber, filter, message);
      return undefined;
    }
  }
}

/** Whether a filter that was left out was left out for good: it fits nothing. */
function reported({ reading }: Importing, { filter }: Conditional): boolean {
  return !reading.findings.some(
    ({ code, start }) => code === filterByNumber.code && start === filter?.start,
  );
}
