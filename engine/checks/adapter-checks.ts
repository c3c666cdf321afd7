/** What is told of an adapter that was written: how much of the change it holds, and what it could not. */
import type { ReportCheck, ReportModule } from '../output/report.ts';
import type { PlannedAdapter } from '../plan/planned-adapter.ts';

/** Null where the change holds a number that is not finite. */
export interface ModuleFigures {
  /** Σ x² of the change of its tensor. */
  readonly square: number | null;
  /** The share of that which its factors hold, before they are rounded to be stored. */
  readonly captured: number | null;
}

export interface AdapterFigures {
  /** By the adapter's modules. */
  readonly modules: readonly ModuleFigures[];
  /** Σ x² of each tensor that is left out. */
  readonly leftOut: readonly (number | null)[];
}

export function adapterChecks(
  adapter: PlannedAdapter,
  figures: AdapterFigures,
): readonly ReportCheck[] {
  return [
    capturedCheck(adapter, figures),
    ...leftOutCheck(adapter, figures),
    ...idleCheck(adapter, figures),
  ];
}

function capturedCheck({ modules }: PlannedAdapter, figures: AdapterFigures): ReportCheck {
  const title = 'captured';
  const isExact = modules.every(({ work }) => work.of.kind === 'factors' && !work.of.isCut);
  if (isExact)
    return { title, outcome: 'holds', detail: 'all of it, by the adapters’ own factors' };
  const whole = sum(figures.modules.map(({ square }) => square));
  if (whole === 0) return { title, outcome: 'noted', detail: 'there is no change' };
  const kept = sum(figures.modules.map(keptOf));
  if (!Number.isFinite(whole) || !Number.isFinite(kept))
    return { title, outcome: 'skipped', detail: 'the change holds numbers that are not finite' };
  const least = figures.modules.reduce(
    (lowest, of, index) => (shareOf(of) < shareOf(figures.modules[lowest]!) ? index : lowest),
    0,
  );
  const lowest = shareOf(figures.modules[least]!);
  const where =
    modules.length === 1 || lowest >= kept / whole
      ? ''
      : `, and at least ${percent(lowest)} of each module’s: ${modules[least]!.name}`;
  return {
    title,
    outcome: 'holds',
    detail: `${percent(kept / whole)} of the squared norm${where}`,
  };
}

function leftOutCheck(
  { leftOut }: PlannedAdapter,
  figures: AdapterFigures,
): readonly ReportCheck[] {
  const changed = leftOut.filter((_, index) => figures.leftOut[index] !== 0);
  if (changed.length === 0) return [{ title: 'nothing left out', outcome: 'holds' }];
  const out = sum(figures.leftOut);
  const share = out / (out + sum(figures.modules.map(({ square }) => square)));
  const size = Number.isFinite(share) ? `, ${percent(share)} of the squared norm` : '';
  return [
    {
      title: 'left out',
      outcome: 'noted',
      detail: `${tensorsText(changed)} that an adapter cannot hold${size}: ${listed(changed.map(({ name }) => name))}`,
    },
  ];
}

function idleCheck({ modules }: PlannedAdapter, figures: AdapterFigures): readonly ReportCheck[] {
  const idle = modules.filter((_, index) => figures.modules[index]!.square === 0);
  if (idle.length === 0) return [];
  const detail = `${idle.length} of ${modules.length} hold no change: ${listed(idle.map(({ name }) => name))}`;
  return [{ title: 'modules', outcome: 'noted', detail }];
}

/** Before a run: what will be left out, as far as it changes. */
export function leftOutText({ leftOut }: PlannedAdapter): readonly string[] {
  if (leftOut.length === 0) return [];
  const names = listed(leftOut.map(({ name }) => name));
  return [
    `${tensorsText(leftOut)} that an adapter cannot hold will be left out, as far as they change: ${names}`,
  ];
}

export function reportModules(
  { modules }: PlannedAdapter,
  figures: AdapterFigures,
): readonly ReportModule[] {
  return modules.map(({ name, work }, index) => {
    const { square, captured } = figures.modules[index]!;
    const norm = square === null ? null : shortened(Math.sqrt(square));
    return {
      name,
      rank: work.rank,
      norm,
      captured: captured === null ? null : shortened(captured),
    };
  });
}

function keptOf({ square, captured }: ModuleFigures): number | null {
  return square === null || captured === null ? null : square * captured;
}

/** 1 where there is nothing to hold. */
function shareOf({ captured }: ModuleFigures): number {
  return captured ?? Number.NaN;
}

function sum(squares: readonly (number | null)[]): number {
  return squares.reduce((total: number, square) => total + (square ?? Number.NaN), 0);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}

function tensorsText({ length }: readonly unknown[]): string {
  return length === 1 ? 'one tensor' : `${length} tensors`;
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
}

function shortened(value: number): number {
  return Number(value.toPrecision(6));
}
