import { figureFindings } from '../../engine/measures/figure-findings.ts';
import { firstPicture } from '../../engine/measures/first-picture.ts';
import { preview } from '../../engine/measures/make-preview.ts';
import type {
  Preview,
  PreviewExpectation,
  PreviewFigure,
  PreviewProgress,
  PreviewRow,
} from '../../engine/measures/preview.ts';
import { diagnosticJson, printDiagnostic, printFault } from './diagnostics.ts';
import { notAllowed } from '../../grammar/check/suppress.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { secondsText } from './figures.ts';
import type { PreviewFlags } from './flags.ts';
import { chooseStep, openSound, usageError } from './opened.ts';
import { lineOver, printJson, type Terminal } from './terminal.ts';
import { wrappedTables } from './wrapped-table.ts';

/** A step of a large model has many tensors. */
const showEveryMs = 100;

/** `preview`: where the models interfere, layer by layer and part by part, before anything is merged. */
export async function previewCommand(
  terminal: Terminal,
  recipe: string,
  flags: PreviewFlags,
): Promise<ExitCode> {
  const sound = await openSound(terminal, recipe, flags);
  if ('end' in sound) return sound.end;
  const { checked, checkpoints } = sound.opened;
  const step = chooseStep(checked, flags.step);
  if (typeof step === 'string') return usageError(terminal, step);
  const look = {
    checked,
    checkpoints,
    step,
    by: flags.columns === true ? 'column' : 'part',
    backend: 'wasm',
    threads: flags.threads,
    memory: flags.memory,
  } as const;
  const reading = { kind: flags.exact === true ? 'exact' : 'sample' } as const;
  const result = await onScreen(terminal, look, (onProgress) =>
    preview({ ...look, reading, onProgress }),
  );
  if (!result.ok) {
    printFault(terminal, result.fault);
    return result.fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
  }
  const { opened } = sound;
  const { comments } = checked.recipe;
  const findings = notAllowed(figureFindings(step, result.value), { comments, text: opened.text });
  if (flags.json === true) {
    const told = findings.map((one) => diagnosticJson(opened, one));
    printJson(terminal, { ...result.value, findings: told });
    return exitCode.done;
  }
  terminal.out(previewText(result.value, terminal.columns));
  for (const one of findings) printDiagnostic(terminal, opened, one);
  return exitCode.done;
}

/** While a step is measured, a terminal shows how far it is, and of a large one the first layer. */
async function onScreen<T>(
  terminal: Terminal,
  look: Parameters<typeof firstPicture>[0],
  measure: (onProgress: (progress: PreviewProgress) => void) => Promise<T>,
): Promise<T> {
  const screen = lineOver(terminal);
  const first = terminal.isInteractive ? await firstPicture(look) : undefined;
  const picture = first?.ok === true ? firstText(first.value, terminal.columns) : '';
  let shownAt = -Infinity;
  const show = ({ tensorsDone, tensors }: PreviewProgress): void => {
    if (performance.now() - shownAt < showEveryMs) return;
    shownAt = performance.now();
    screen.show(`measuring  ${tensorsDone} of ${tensors} tensors${picture}`);
  };
  show({ tensorsDone: 0, tensors: look.step.value.signature?.tensors.length ?? 0 });
  const measured = await measure(show);
  screen.clear();
  return measured;
}

function firstText(shown: Preview, width: number): string {
  const { read } = shown;
  return `\n\n${shown.step}, the first layer: ${read.blocks} blocks read, ± one standard error\n\n${tablesText(shown, width)}`;
}

function previewText(shown: Preview, width: number): string {
  const { models, expectations, leftOut } = shown;
  return [
    `${headline(shown)}\n\n`,
    tablesText(shown, width),
    ...(expectations.length === 0 ? [] : ['\n', ...expectations.map(expectationText)]),
    ...models.flatMap(({ name, severalBases }) =>
      severalBases === undefined
        ? []
        : [`${name} has no one base (${severalBases.join(', ')}): its change is not measured\n`],
    ),
    ...(leftOut.length === 0 ? [] : [`not measured: ${leftOut.join(', ')}\n`]),
  ].join('');
}

function tablesText(shown: Preview, width: number): string {
  const rows = layersOpened(shown.rows);
  const names = shown.models.map(({ name }) => name);
  const pairs = rows[0]!.pairs.length === 0 ? '' : `\n${pairTable(rows, width)}`;
  return `${modelTable(rows, names, width)}${pairs}`;
}

function headline({ step, read, storedAs, seconds }: Preview): string {
  const reading = read.exact
    ? 'every element read'
    : `${read.blocks} of ${read.ofBlocks} blocks read, ± one standard error`;
  const type = storedAs === undefined || storedAs === 'own types' ? '' : `, stored as ${storedAs}`;
  return `${step}${type}: ${reading}, ${secondsText(seconds)}`;
}

/** Each layer with its parts under it. */
function layersOpened(rows: readonly PreviewRow[]): readonly PreviewRow[] {
  const cells = rows.filter(({ kind }) => kind === 'cell');
  return rows
    .filter(({ kind }) => kind !== 'cell')
    .flatMap((row) => [
      row,
      ...(row.kind === 'layer'
        ? cells.filter(({ tower, layer }) => tower === row.tower && layer === row.layer)
        : []),
    ]);
}

/** Gap, distance and kept share of each model. */
function modelTable(rows: readonly PreviewRow[], names: readonly string[], width: number): string {
  const measures = ['gap', 'distance', 'kept'] as const;
  const used = measures.filter((measure) =>
    rows.some(({ models }) => models.some((model) => model[measure] !== undefined)),
  );
  const groups = used.map((measure) =>
    names.map((name, index) => [
      `${measure} ${name}`,
      ...rows.map(({ models }) => percent(models[index]![measure])),
    ]),
  );
  return wrappedTables(rowNames(rows), groups, width);
}

/** Cosine and sign conflict of each pair, and the sign conflict among all. */
function pairTable(rows: readonly PreviewRow[], width: number): string {
  const pairs = rows[0]!.pairs.map(({ models }) => models.join(' · '));
  const hasAll = rows.some(({ signConflict }) => signConflict !== undefined) && pairs.length > 1;
  const cosines = pairs.map((pair, index) => [
    `cosine ${pair}`,
    ...rows.map((row) => number(row.pairs[index]!.cosine)),
  ]);
  const conflicts = pairs.map((pair, index) => [
    `conflict ${pair}`,
    ...rows.map((row) => percent(row.pairs[index]!.signConflict)),
  ]);
  const ofAll = ['conflict of all', ...rows.map(({ signConflict }) => percent(signConflict))];
  return wrappedTables(
    rowNames(rows),
    [cosines, hasAll ? [...conflicts, ofAll] : conflicts],
    width,
  );
}

function rowNames(rows: readonly PreviewRow[]): readonly string[] {
  return ['', ...rows.map(rowName)];
}

function rowName(row: PreviewRow): string {
  const { kind, tower, layer, block } = row;
  const place = block ?? (layer === undefined ? undefined : `layer ${layer}`);
  switch (kind) {
    case 'total':
      return 'all';
    case 'tower':
      return tower ?? 'tower';
    case 'part':
      return partName(row);
    case 'layer':
      return place ?? 'layer';
    case 'cell':
      return `  ${partName(row)}`;
  }
}

/** `attention`, or its `attention q`; what is a part of its own is said once. */
function partName({ part = 'other', column }: PreviewRow): string {
  if (column === undefined || column === part) return part;
  return part === 'other' ? column : `${part} ${column}`;
}

function percent(figure: PreviewFigure | undefined): string {
  if (figure === undefined) return '–';
  const error =
    figure.standardError === undefined ? '' : ` ± ${digits(100 * figure.standardError, 2)}`;
  return `${digits(100 * figure.value, 3)}${error} %`;
}

function number(figure: PreviewFigure | undefined): string {
  if (figure === undefined) return '–';
  const error = figure.standardError === undefined ? '' : ` ± ${digits(figure.standardError, 2)}`;
  return `${digits(figure.value, 3)}${error}`;
}

function digits(value: number, count: number): string {
  return String(Number(value.toPrecision(count)));
}

function expectationText({ text, verdict, figures }: PreviewExpectation): string {
  const shown = figures.map(({ measure, shown: figure }) => `${measure} is ${figure}`).join(', ');
  return `${verdict}: ${text}${shown === '' ? '' : ` (${shown})`}\n`;
}
