/** A comparison of two checkpoints as the terminal shows it. Names and texts out of files are made plain. */
import { shownPlain } from '../../engine/faults/shown.ts';
import type { ConfigDifference } from '../../engine/diff/config-keys.ts';
import type { CheckpointDiff } from '../../engine/diff/diff.ts';
import type { RunDifference } from '../../engine/diff/run-difference.ts';
import type {
  ChangeFigures,
  DiffTotals,
  TensorDifference,
} from '../../engine/diff/tensor-difference.ts';
import type { TensorShape } from '../../engine/diff/tensor-pairs.ts';
import { table } from './terminal.ts';

/** Tensors that are listed unless more are asked for. */
const listed = 20;

export function diffText(
  diff: CheckpointDiff,
  [a, b]: readonly [a: string, b: string],
  top = listed,
): string {
  const { tensors, config, runs, totals } = diff;
  return [
    `a  ${a}\nb  ${b}\n`,
    `${totalsText(totals)}\n`,
    tensorTable(tensors.slice(0, top)),
    tensors.length > top ? `and ${tensors.length - top} more: --top ${tensors.length}\n` : '',
    configText(config),
    runs === undefined ? '' : runsText(runs),
  ].join('');
}

function totalsText(totals: DiffTotals): string {
  const { equal, elements, differing, figures } = totals;
  const counts: readonly (readonly [number, string])[] = [
    [totals.changed, 'changed'],
    [totals.sameValues, 'with the same values in other bytes'],
    [totals.otherType, 'of types that are not compared'],
    [totals.otherShape, 'of another shape'],
    [totals.onlyInA, 'only in a'],
    [totals.onlyInB, 'only in b'],
  ];
  const others = counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  const tensors = `${equal} tensor${equal === 1 ? '' : 's'} equal to the last byte`;
  if (figures === undefined) return [tensors, ...others].join(', ');
  const share = percent(differing / elements);
  return [
    [tensors, ...others].join(', '),
    `${share} of the values differ; over the tensors that changed ${figuresText(figures)}`,
  ].join('\n');
}

function figuresText({ relative, largest, cosine }: ChangeFigures): string {
  return [
    `‖B − A‖/‖A‖ ${percent(relative)}`,
    `max |B − A| ${number(largest)}`,
    `cosine ${number(cosine, 6)}`,
  ].join(', ');
}

function tensorTable(tensors: readonly TensorDifference[]): string {
  if (tensors.length === 0) return '';
  const rows = [
    ['tensor', '', 'differ', '‖B−A‖/‖A‖', 'max |B−A|', 'cosine'],
    ...tensors.map((tensor) => [shownPlain(tensor.name, 120), ...cells(tensor)]),
  ];
  return `\n${table(rows, 2)}`;
}

function cells(tensor: TensorDifference): readonly string[] {
  switch (tensor.kind) {
    case 'only':
      return [`only in ${tensor.side}: ${shapeText(tensor.is)}`];
    case 'other-shape':
      return [tensor.sides.map(shapeText).join(' → ')];
    case 'other-type':
      return [typesText(tensor.dtypes)];
    case 'same-values':
      return [`${typesText(tensor.dtypes)}, the same values`, '0 %'];
    case 'changed': {
      const { differing, elements, figures, dtypes } = tensor;
      const told = [typesText(dtypes), percent(differing / elements)];
      if (figures === undefined) return told;
      const { relative, largest, cosine } = figures;
      return [...told, percent(relative), number(largest), number(cosine, 6)];
    }
  }
}

function shapeText({ dtype, shape }: TensorShape): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function typesText([a, b]: readonly [a: string, b: string]): string {
  return a === b ? a : `${a} → ${b}`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${number(100 * share)} %`;
}

function number(value: number | undefined, digits = 3): string {
  return value === undefined ? '–' : String(Number(value.toPrecision(digits)));
}

function configText(config: readonly ConfigDifference[]): string {
  if (config.length === 0) return '';
  const value = (one: unknown): string =>
    one === undefined ? '(none)' : shownPlain(JSON.stringify(one), 120);
  const rows = config.map(
    ({ key, a, b }) => `  ${shownPlain(key, 120)}  ${value(a)} → ${value(b)}\n`,
  );
  return `\nconfig.json\n${rows.join('')}`;
}

/** What the two runs say of themselves. */
function runsText(runs: RunDifference): string {
  const { recipe, imports, inputs, step, engineVersion, weightsDigest } = runs;
  const pair = (title: string, values: readonly [string, string] | undefined): string =>
    values === undefined
      ? ''
      : `  ${title}  ${shownPlain(values[0], 120)} → ${shownPlain(values[1], 120)}\n`;
  const lines = [
    pair('step', step),
    pair('engine', engineVersion),
    pair('weights', weightsDigest),
    ...inputs.map(({ name, what, folders }) => {
      const places = [...new Set(folders.filter((folder) => folder !== undefined))];
      return `  input ${shownPlain(name, 120)}  ${what}: ${places.map((one) => shownPlain(one)).join(' → ')}\n`;
    }),
    ...imports.map((path) => `  use  ${shownPlain(path)} differs\n`),
    ...recipe.map(
      ({ kind, line, text }) =>
        `  ${kind === 'removed' ? '-' : '+'} ${line}: ${shownPlain(text)}\n`,
    ),
  ].join('');
  return `\nruns\n${lines === '' ? '  of the same recipe, inputs and engine\n' : lines}`;
}
