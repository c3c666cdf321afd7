/** Draws the README's picture from real figures: the digits recipe's preview, and the accuracy of its networks. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluate } from '../examples/digits/evaluate.ts';
import type { Preview } from '../engine/measures/preview.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const recipe = 'examples/digits/digits.merge';
const width = 860;
const height = 262;

function command(...args: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['client/bin/mergewright.mjs', ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

interface Cell {
  readonly model: string;
  readonly place: string;
  readonly gap: number;
}

/** The gap of each model in each place, outside and within the layers. */
function cellsOf({ rows }: Preview): readonly Cell[] {
  return rows
    .filter(
      ({ kind, part, layer }) =>
        kind === 'layer' ||
        (kind === 'part' && layer === undefined && part !== 'mlp' && part !== 'norms'),
    )
    .flatMap((row) =>
      row.models.map(({ model, gap }) => ({
        model,
        place: row.kind === 'layer' ? `layer ${row.layer}` : row.part!.replace('_', ' '),
        gap: gap!.value,
      })),
    );
}

const text = (x: number, y: number, words: string, rest = ''): string =>
  `<text x="${x}" y="${y}" ${rest}>${words}</text>`;

function shade(gap: number): string {
  // Lightness carries the value: the further from the model, the darker.
  const lightness = 96 - 58 * Math.min(1, Math.max(0, (gap - 0.5) / 0.75));
  return `hsl(215 55% ${lightness.toFixed(0)}%)`;
}

function heatMap(cells: readonly Cell[]): string {
  const order = ['embeddings', 'layer 0', 'layer 1', 'layer 2', 'layer 3', 'final norm', 'head'];
  const models = [...new Set(cells.map(({ model }) => model))];
  const [left, top, cellWidth, cellHeight] = [70, 78, 66, 44];
  const heads = order.map((place, column) =>
    text(
      left + column * cellWidth + cellWidth / 2,
      top - 10,
      place,
      'text-anchor="middle" class="small"',
    ),
  );
  const body = models.flatMap((model, row) => [
    text(left - 10, top + row * cellHeight + 27, model, 'text-anchor="end"'),
    ...order.map((place, column) => {
      const { gap } = cells.find((cell) => cell.model === model && cell.place === place)!;
      const x = left + column * cellWidth;
      const y = top + row * cellHeight;
      const ink = gap > 0.9 ? '#fff' : '#1b2733';
      return `<rect x="${x}" y="${y}" width="${cellWidth - 3}" height="${cellHeight - 3}" rx="3" fill="${shade(gap)}"/>${text(
        x + cellWidth / 2 - 1,
        y + 26,
        `${Math.round(100 * gap)} %`,
        `text-anchor="middle" style="fill:${ink}"`,
      )}`;
    }),
  ]);
  return [
    text(left, 34, 'How far the merge is from each network, layer by layer', 'class="title"'),
    text(
      left,
      top + 3 * cellHeight + 22,
      'gap: 0 % is the network itself, 100 % as far as the base is from it',
      'class="small"',
    ),
    ...heads,
    ...body,
  ].join('\n');
}

function bars(accuracies: readonly (readonly [string, number])[]): string {
  const [left, top, barHeight, full] = [610, 62, 34, 190];
  const body = accuracies.map(([name, accuracy], row) => {
    const y = top + row * barHeight;
    const length = full * ((accuracy - 0.7) / 0.3);
    const fill = name === 'merge' ? '#1f5fae' : '#b9c7d6';
    return `${text(left - 8, y + 18, name, 'text-anchor="end"')}<rect x="${left}" y="${y + 2}" width="${length.toFixed(1)}" height="24" rx="3" fill="${fill}"/>${text(left + length + 6, y + 18, `${(100 * accuracy).toFixed(1)} %`)}`;
  });
  return [
    text(left - 40, 34, 'Held-out digits read right', 'class="title"'),
    ...body,
    text(left - 40, top + 5 * barHeight + 20, 'bars begin at 70 %', 'class="small"'),
  ].join('\n');
}

const preview = JSON.parse(command('preview', recipe, '--exact', '--json')) as Preview;
const folders = ['base', 'low', 'mid', 'high'].map(
  (name) => [name, `${root}examples/digits/models/${name}`] as const,
);
const networks = [...folders, ['merge', `${root}examples/digits/out/digits`] as const];
const accuracies = networks.map(
  ([name, folder]) => [name, evaluate(folder).overall.accuracy] as const,
);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Gap of the merge to each network by layer, and accuracy of all networks">
<style>text{font:13px system-ui,sans-serif;fill:#1b2733}.title{font-weight:600;font-size:14px}.small{font-size:11px;fill:#4a5a6a}</style>
<rect width="${width}" height="${height}" rx="8" fill="#fbfcfd"/>
${heatMap(cellsOf(preview))}
${bars(accuracies)}
</svg>
`;
writeFileSync(`${root}docs/digits.svg`, svg);
