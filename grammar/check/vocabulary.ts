/** The one vocabulary to which a recipe's models are brought. */
import { severalVocabularies } from '../diagnostics/mw4118-several-vocabularies.ts';
import type { Recipe, Statement } from '../syntax/tree.ts';
import type { Output, OutputVocabulary, TokenRow } from './checked.ts';
import { type Checking, report } from './checking.ts';
import { nameOfValue } from './tensor-value.ts';

/** Whether an output sets a tokenizer, itself or by a map that it spreads: then rows need not agree before. */
export function bringsRows(statements: readonly Statement[]): boolean {
  const outputs = statements.filter((statement) => statement.kind === 'output');
  const settings = outputs.flatMap((output) => output.settings);
  if (settings.some((one) => one.kind === 'setting' && one.path.parts[0]?.text === 'tokenizer'))
    return true;
  return settings.some(({ kind }) => kind === 'spread') && statements.some(holdsTokenizer);
}

function holdsTokenizer(statement: Statement): boolean {
  if (statement.kind !== 'let' || statement.value.kind !== 'map') return false;
  return statement.value.entries.some(
    (entry) =>
      entry.kind === 'entry' &&
      entry.key.kind === 'path' &&
      entry.key.parts[0]?.text === 'tokenizer',
  );
}

export function lintVocabularies(
  checking: Checking,
  { statements }: Pick<Recipe, 'statements'>,
  outputs: readonly Output[],
): void {
  const first = outputs.find(({ vocabulary }) => vocabulary !== undefined);
  if (first?.vocabulary === undefined) return;
  const wanted = described(first.vocabulary);
  for (const output of outputs) {
    if (output.vocabulary !== undefined && described(output.vocabulary) === wanted) continue;
    const what = output.vocabulary === undefined ? 'no tokenizer' : 'another vocabulary';
    const message = `This output has ${what}, and that of \`${first.step.name}\` brings all models to one: give both the same, or this one a recipe of its own.`;
    const written = statements.find(({ start }) => start === output.start);
    const target = written?.kind === 'output' ? written.target : undefined;
    const { start, end } = output.vocabulary ?? target ?? output;
    report(checking, severalVocabularies, { start, end }, message);
  }
}

function described({ models, tokens, padTo }: OutputVocabulary): string {
  const rows = [...tokens].map(([token, row]) => [token, rowDescribed(row)]);
  return JSON.stringify([models.map(nameOfValue), rows.sort(), padTo]);
}

function rowDescribed({ from, forced }: TokenRow): unknown {
  switch (from.kind) {
    case 'zero':
      return ['zero', forced];
    case 'model':
      return [nameOfValue(from.value), forced];
    case 'row':
      return [nameOfValue(from.value), from.token, forced];
  }
}
