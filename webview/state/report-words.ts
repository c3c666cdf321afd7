/** What a finished output's report says, in the order in which it is asked. */
import type { FinishedState } from '../../engine/protocol/panel.ts';
import { foldChecks } from '../../engine/output/fold-checks.ts';
import type { BackendShare, MergeReport, ReportCheck } from '../../engine/output/report.ts';
import { bytesText, counted, secondsText } from '../words/amounts.ts';

export interface ReportWords {
  readonly title: string;
  readonly folder: string;
  readonly size: string;
  readonly useIt: string;
  readonly checks: readonly ReportCheck[];
  readonly checked: string;
  readonly digest: string;
  readonly planHash: string;
  /** Who computed it, and why slices were moved to another. */
  readonly computedBy: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly folder: string }[];
  readonly finished: string;
}

export function reportWords({
  step,
  folder,
  bytes,
  upToDate,
  report,
  useIt,
}: FinishedState): ReportWords {
  const seconds = report.times.reduce((sum, time) => sum + time.seconds, 0);
  const when = finishedText(report.finishedAt);
  return {
    title: step,
    folder,
    size: `${bytesText(bytes)} in ${counted(report.files.length, 'file')}`,
    useIt,
    checks: foldChecks(report.checks),
    checked: checkedText(report.checks),
    digest: report.weightsDigest,
    planHash: report.planHash,
    computedBy: report.backends.flatMap(backendText),
    inputs: report.inputs.map(({ name, folder: from, revision }) => ({
      name,
      folder: revision === undefined ? from : `${from} at ${revision.slice(0, 8)}`,
    })),
    finished: upToDate
      ? `Up to date: an earlier run of this plan made it, ${when}.`
      : `Took ${secondsText(seconds)}, ${when}.`,
  };
}

const backendNames: Readonly<Record<string, string>> = {
  wasm: 'WebAssembly',
  gpu: 'GPU',
  oracle: 'the reference arithmetic',
  none: 'nothing: bytes were copied',
};

function backendText({ backend, slices, device, host, moved }: BackendShare): readonly string[] {
  const kind = backendNames[backend] ?? backend;
  const name = host === 'panel' ? `${kind} in the panel` : kind;
  return [
    `${device === undefined ? name : `${name}, ${device}`}: ${counted(slices, 'slice')}`,
    ...(moved ?? []).map(
      ({ slices: count, reason }) => `${counted(count, 'slice')} moved: ${reason}`,
    ),
  ];
}

export function checkedText(checks: MergeReport['checks']): string {
  const failed = checks.filter(({ outcome }) => outcome === 'fails').length;
  if (failed > 0) return `${failed} of ${counted(checks.length, 'check')} failed`;
  const held = checks.filter(({ outcome }) => outcome === 'holds').length;
  const rest = checks.length - held;
  return `${counted(held, 'check')} held${rest === 0 ? '' : `, ${rest} noted or skipped`}`;
}

/** An ISO time as its own zone's clock shows it, to the minute. */
function finishedText(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return `at ${time}`;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `on ${day} at ${two(date.getHours())}:${two(date.getMinutes())}`;
}
