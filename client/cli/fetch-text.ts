/** What a fetch brings, in words: before, as the user agrees to it, and while it comes. */
import { bytesToFetch, type FetchPlan, type FetchProgress } from '../../engine/hub/fetch.ts';
import { writtenReference } from '../../engine/hub/repository.ts';
import { shownPlain } from '../../engine/faults/shown.ts';
import { bytesText, secondsText } from './figures.ts';
import { table } from './terminal.ts';

/** Each model with what is missing of it, the sum, and the room there is. */
export function fetchText(plan: FetchPlan, free: number | undefined): string {
  const { models } = plan;
  if (models.length === 0) return 'nothing is missing in the cache\n';
  const parts = models.map(({ reference, commit, missing, present }) => {
    const head = `${writtenReference(reference)} (commit ${commit.slice(0, 7)})`;
    if (missing.length === 0) return `${head}: all ${present} files are in the cache\n`;
    const rows = missing.map(({ file: { path, size }, there }) => [
      `  ${shownPlain(path)}`,
      bytesText(size),
      there === 0 ? '' : there === size ? 'there' : `${bytesText(there)} there`,
    ]);
    return `${head}\n${table(rows)}`;
  });
  const files = models.reduce((sum, { missing }) => sum + missing.length, 0);
  if (files === 0) return parts.join('');
  const room = free === undefined ? '' : `, ${bytesText(free)} free`;
  const sum = `${bytesText(bytesToFetch(plan))} to fetch for ${files} ${files === 1 ? 'file' : 'files'} into ${shownPlain(plan.cache)}${room}\n`;
  return parts.join('') + sum;
}

/** The same as JSON. */
export function planOfFetch(plan: FetchPlan, { isWhole }: { readonly isWhole: boolean }): unknown {
  return {
    cache: plan.cache,
    bytesToFetch: bytesToFetch(plan),
    whole: isWhole,
    models: plan.models.map(({ reference, commit, present, missing }) => ({
      ...reference,
      commit,
      present,
      missing: missing.map(({ file, there }) => ({ path: file.path, size: file.size, there })),
    })),
  };
}

export function fetchProgressText(progress: FetchProgress): string {
  const { bytes, bytesToFetch: all, filesDone, files, seconds } = progress;
  const share = all > 0 ? bytes / all : 1;
  const speed = seconds > 0 ? bytes / seconds : 0;
  const left =
    share > 0.01 && share < 1 ? `, ${secondsText((seconds * (1 - share)) / share)} left` : '';
  return `fetch  ${filesDone} of ${files} files  ${Math.floor(100 * share)} % of ${bytesText(all)}  ${bytesText(speed)}/s${left}`;
}
