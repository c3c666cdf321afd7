/** What is asked before models are fetched, and what is said while they come. */
import type { CacheRoom, FetchPlan, FetchProgress } from '../../../engine/hub/fetch.ts';
import { shownPlain } from '../../../engine/faults/shown.ts';
import { bytesText, secondsText } from '../../cli/figures.ts';

export interface FetchQuestion {
  readonly title: string;
  readonly detail: string;
  readonly button: string;
}

/** Each model with what is missing of it, where it goes, and the room there is. */
export function fetchQuestion(
  { models, cache }: FetchPlan,
  { needed, free }: CacheRoom,
): FetchQuestion {
  const lines = models.map(({ reference: { id, revision }, missing }) => {
    const bytes = missing.reduce((sum, { file, there }) => sum + file.size - there, 0);
    const files = `${missing.length} ${missing.length === 1 ? 'file' : 'files'}`;
    return `${id} (${shownPlain(revision)}): ${bytesText(bytes)} in ${files}`;
  });
  return {
    title: `Fetch ${bytesText(needed)} from the hub?`,
    detail: [...lines, '', `Into ${shownPlain(cache)}, which has ${bytesText(free)} free.`].join(
      '\n',
    ),
    button: 'Fetch',
  };
}

export function fetchedShare(progress: FetchProgress): {
  /** Percent. */
  readonly share: number;
  readonly words: string;
} {
  const { bytes, bytesToFetch: all, seconds } = progress;
  const share = all > 0 ? Math.min(1, bytes / all) : 1;
  const left =
    share > 0.01 && share < 1 ? `, ${secondsText((seconds * (1 - share)) / share)} left` : '';
  return { share: 100 * share, words: `${bytesText(bytes)} of ${bytesText(all)}${left}` };
}
