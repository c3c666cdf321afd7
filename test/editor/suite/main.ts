/** The suite of a trusted window. */
import { api, runCases } from './kit.ts';
import { languageCases } from './language.ts';
import { mergekitCases } from './mergekit.ts';
import { mergingCases } from './merging.ts';

export async function run(): Promise<void> {
  await runCases([
    { name: 'the packaged extension starts', run: async () => void (await api()) },
    ...languageCases,
    ...mergekitCases,
    ...mergingCases,
  ]);
}
