/** What stands in the report beside an output, and how two outputs are compared. */
import { outputChecks } from '../engine/checks/registry.ts';
import { code, generated, type Page, page, table } from './docs-text.ts';

export function reportPages(): readonly Page[] {
  return [
    page(
      'docs/reports.md',
      '# What a run says of itself',
      'Beside every output lies `mergewright.json`, the report of the run that made it.\nIt is JSON, and each tensor has a line of its own.',
      table(
        ['key', 'what it holds'],
        [
          ['`step`, `recipe`', 'the step, and the text of the recipe and of those it uses'],
          [
            '`inputs`',
            'the models: where each was found, its revision, the size, time and header of each file',
          ],
          [
            '`weightsDigest`',
            'SHA-256 over names, types, shapes and bytes of all tensors: the same for the same weights, however they are cut into files',
          ],
          ['`files`', 'what the run wrote, with sizes'],
          ['`checks`', 'what was looked at, see below; expectations are among them'],
          ['`tensors`', 'each tensor beside its inputs, see below'],
          [
            '`modules`',
            'of a written adapter: each module’s rank, the norm of its change and the share that the factors hold',
          ],
          ['`backends`, `times`', 'what computed, and how long each phase took'],
          [
            '`engineVersion`, `planHash`',
            'by the second a later run knows that there is nothing to do',
          ],
        ],
      ),
      '## Checks after a merge',
      'When a tensor has been stored it is read back and looked at beside its inputs, whatever computed it.\nNothing that is noted stops a run: some of it is meant, and only a person can tell.\n`expect` in the recipe is what stops one.',
      table(
        ['check', 'what is looked at'],
        [
          [
            code('finite'),
            'Infinities and NaNs stop a run; noted where `--allow-nonfinite` let them pass.',
          ],
          ...outputChecks.map(({ title, what }) => [code(title), what]),
          [
            code('captured'),
            'Of an adapter: the share of the change’s squared norm that its factors hold, over all, and the least of a module.',
          ],
          [
            `${code('left out')}, ${code('nothing left out')}`,
            'Of an adapter: tensors whose change it cannot hold, and how much that is.',
          ],
          [code('modules'), 'Of an adapter: modules of which nothing changed.'],
        ],
      ),
      'Figures come from a sample: one block of 65,536 values in 32, at least one of each tensor, chosen by the tensor’s name.\nThe report says how much was read; every backend, thread count and slice size gives the same figures.\nThat a tensor equals an input, or does not, is no estimate: it is compared to the last byte, with the base first, and one is enough.\nThat it is like others too is told as far as it was read.',
      '## Tensors',
      table(
        ['key', 'what it holds'],
        [
          ['`copied`', 'the model from which the tensor was taken as it is; nothing more is told'],
          ['`elements`, `read`', 'how many values it has, and from how many the figures come'],
          ['`equals`', 'a model that has the same bytes, though the tensor was computed'],
          [
            '`change`',
            '‖m − r‖ / ‖r‖, where m is what was stored and r the base’s tensor, or without a base the first input’s',
          ],
          ['`rms`, `inputs`', 'root mean square of its values, and of each input’s'],
        ],
      ),
      '## Two outputs side by side',
      '`mergewright diff A B` compares two models: folders, files, or ids of the Hugging Face cache.\nIt reads every value, in bounded memory, and lists what differs most first.',
      '```sh\nmergewright diff ./base ./out\nmergewright diff ./out ./out-again --tensors "*.mlp.*" --top 50\nmergewright diff ./out org/published-model --json\n```',
      [
        '- A tensor is **equal** where all bytes are; the **same values** in another type are told apart from a **change**.',
        '- Of a change it tells the share of values that differ, ‖B − A‖/‖A‖, max |B − A| and the cosine, as the engine computes: in f32, summed in f64.',
        '- Tensors that one side lacks, other shapes, and keys of `config.json` that differ are listed too.',
        '- Where both are outputs of runs, so are the lines of their recipes, inputs and engine versions that differ.',
        '- With `--tensors` only the tensors that fit the pattern are compared, and no configuration.',
      ].join('\n'),
      'It ends with 0 where weights and configuration are equal, with 1 where they differ, and with 2 or 3 where that could not be found out.\nReports do not decide: two runs of different recipes may give the same model.',
      generated('`engine/checks/` and `scripts/docs-reports.ts`'),
    ),
  ];
}
