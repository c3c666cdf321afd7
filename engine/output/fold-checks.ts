import type { ReportCheck } from './report.ts';

/** For showing: what holds and has no figure to tell becomes one line, before the others. */
export function foldChecks(checks: readonly ReportCheck[]): readonly ReportCheck[] {
  const plain = checks.filter(isPlain).map(({ title }) => title);
  const told = checks.filter((check) => !isPlain(check));
  return plain.length === 0 ? told : [{ title: plain.join(', '), outcome: 'holds' }, ...told];
}

function isPlain({ outcome, detail }: ReportCheck): boolean {
  return outcome === 'holds' && detail === undefined;
}
