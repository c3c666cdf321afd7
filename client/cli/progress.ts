import type { HashingProgress } from '../../engine/lockfile/hash-files.ts';
import type { Progress } from '../../engine/run/progress.ts';
import { bytesText, secondsText } from './figures.ts';
import { lineOver, type Terminal } from './terminal.ts';

/** A run's progress on one line. */
export function progressLine(terminal: Terminal): {
  readonly show: (progress: Progress) => void;
  readonly clear: () => void;
} {
  const { show, clear } = lineOver(terminal);
  return { show: (progress) => show(progressText(progress)), clear };
}

/** While files are read whole for their SHA-256. */
export function hashingLine(terminal: Terminal): {
  readonly show: (progress: HashingProgress) => void;
  readonly clear: () => void;
} {
  const { show, clear } = lineOver(terminal);
  return { show: (progress) => show(hashingText(progress)), clear };
}

function hashingText({ bytesRead, bytes, seconds }: HashingProgress): string {
  const share = bytes > 0 ? bytesRead / bytes : 1;
  const speed = seconds > 0 ? bytesRead / seconds : 0;
  const left = share > 0.02 ? `, ${secondsText((seconds * (1 - share)) / share)} left` : '';
  return `hashing  ${Math.round(share * 100)} % of ${bytesText(bytes)}  ${bytesText(speed)}/s${left}`;
}

export function progressText({
  phase,
  bytesRead,
  bytesWritten,
  bytesToWrite,
  tensorsDone,
  tensors,
  seconds,
}: Progress): string {
  const speed = seconds > 0 ? (bytesRead + bytesWritten) / seconds : 0;
  const share = bytesToWrite > 0 ? Math.min(1, bytesWritten / bytesToWrite) : 0;
  const left = share > 0.02 ? `, ${secondsText((seconds * (1 - share)) / share)} left` : '';
  return `${phase}  ${tensorsDone} of ${tensors} tensors  ${Math.round(share * 100)} %  ${bytesText(speed)}/s${left}`;
}
