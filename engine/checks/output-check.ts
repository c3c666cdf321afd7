import { shownPlain } from '../faults/shown.ts';
import type { ReportCheck } from '../output/report.ts';
import type { SeenOutput } from './seen-output.ts';

/** Something that is looked at after a merge. Nothing that it finds stops a run: it is noted, for somebody to judge. */
export interface OutputCheck {
  /** What holds where nothing is noted. */
  readonly title: string;
  /** Its entry in the documentation: what is looked at, and when it is noted. */
  readonly what: string;
  readonly look: (seen: SeenOutput) => Omit<ReportCheck, 'title'>;
}

export type Looked = ReturnType<OutputCheck['look']>;

export const holds: Looked = { outcome: 'holds' };

export function noted(detail: string): Looked {
  return { outcome: 'noted', detail };
}

/** Holds where nothing was found; else the first few, and how many more there are. */
export function notedEach(found: readonly string[], most = 3): Looked {
  if (found.length === 0) return holds;
  const more = found.length > most ? [`and ${found.length - most} more`] : [];
  return noted([...found.slice(0, most), ...more].join('; '));
}

/** A tensor's name in a sentence. */
export function tensorText(name: string): string {
  return shownPlain(name, 120);
}

/** Three digits. */
export function figureText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
