/** What a running merge says of itself. */
import type { Progress } from '../../engine/run/progress.ts';
import { bytesText, secondsText } from '../words/amounts.ts';

export interface RunWords {
  /** 0 to 1; absent while that cannot be known. */
  readonly share?: number;
  readonly phase: string;
  readonly details: readonly string[];
}

const phases: Readonly<Record<Progress['phase'], string>> = {
  statistics: 'Reading what the merge must know first',
  merging: 'Merging',
  judging: 'Checking expectations',
  finishing: 'Putting the files in their places',
};

export function runWords(progress: Progress | undefined): RunWords {
  if (progress === undefined) return { phase: 'Starting', details: [] };
  const { phase, bytesRead, bytesWritten, bytesToWrite, tensorsDone, tensors, seconds } = progress;
  const share = bytesToWrite > 0 ? Math.min(1, bytesWritten / bytesToWrite) : undefined;
  const speed = seconds > 0 ? (bytesRead + bytesWritten) / seconds : undefined;
  const left =
    phase === 'merging' && share !== undefined && share > 0.02
      ? (seconds * (1 - share)) / share
      : undefined;
  return {
    ...(share === undefined ? {} : { share }),
    phase: phases[phase],
    details: [
      `${tensorsDone} of ${tensors} tensors`,
      `${bytesText(bytesWritten)} of ${bytesText(bytesToWrite)} written`,
      ...(speed === undefined ? [] : [`${bytesText(speed)}/s`]),
      ...(left === undefined ? [] : [`${secondsText(left)} left`]),
    ],
  };
}
