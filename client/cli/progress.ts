import type { Progress } from '../../engine/run/progress.ts';
import { bytesText, secondsText } from './figures.ts';
import type { Terminal } from './terminal.ts';

/** One line on a terminal that is written over and over; nothing where there is none. */
export function progressLine(terminal: Terminal): {
  readonly show: (progress: Progress) => void;
  readonly clear: () => void;
} {
  let isShown = false;
  const erase = '\r\u001b[2K';
  return {
    show(progress) {
      if (!terminal.isInteractive) return;
      isShown = true;
      terminal.err(`${erase}${progressText(progress).slice(0, terminal.columns - 1)}`);
    },
    clear() {
      if (isShown) terminal.err(erase);
      isShown = false;
    },
  };
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
