/** Where each row of a model's embedding comes from when the model is brought to another vocabulary. */
import { raise } from '../faults/fault.ts';
import { shown } from '../faults/shown.ts';
import { noSuchToken } from '../faults/no-such-token.ts';
import type { TargetVocabulary } from './target.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Rows of zeros. */
export const zeroRows = -1;
/** Each the mean of all rows that stand for a token. */
export const meanRows = -2;
/** The first of the means over several models' rows; the next is one less. */
export const firstMean = -3;

export interface RowRuns {
  /**
   * Threes of numbers: how many rows, from where, and which row is the first there. From where: the number of a model, or one of
   * the words above, which have no first row.
   */
  readonly runs: readonly number[];
  /** By mean: pairs of a model's number and its row. */
  readonly means: readonly (readonly number[])[];
}

/** A model as a giver of rows. */
export interface RowModel {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** Rows that its matrix has; a token of a higher number has none. */
  readonly rows: number;
}

export interface RowQuestion {
  readonly target: TargetVocabulary;
  /** All models of the output, and those that its settings name. */
  readonly models: readonly RowModel[];
  /** The number of the model that is brought to the target. */
  readonly own: number;
  /** The number of the output's base, whose row is the default. */
  readonly base: number;
  /** What the recipe says of single tokens, by the name of the model where one is named. */
  readonly settings: ReadonlyMap<string, SettledRow>;
}

export interface SettledRow {
  readonly from: 'zero' | { readonly model: string; readonly token?: string | number };
  readonly forced: boolean;
}

/**
 * A model's own row where it has the token; else what the recipe says; else the row of the only model that has it; else the
 * base's; else the mean of those that have it. Numbers without a token, and what is added for a round height, get the mean of
 * all rows. Throws MW4571.
 */
export function rowRuns(question: RowQuestion): RowRuns {
  const { target } = question;
  const runs: number[] = [];
  const means: number[][] = [];
  const meanIndex = new Map<string, number>();
  let last = { count: 0, from: 0, first: 0 };
  const end = (): void => {
    if (last.count > 0) runs.push(last.count, last.from, last.first);
  };
  const put = (from: number, row: number): void => {
    const goesOn = from === last.from && (from < 0 || row === last.first + last.count);
    if (last.count > 0 && goesOn) {
      last.count++;
      return;
    }
    end();
    last = { count: 1, from, first: from < 0 ? 0 : row };
  };
  const putMean = (pairs: number[]): void => {
    const key = pairs.join();
    let index = meanIndex.get(key);
    if (index === undefined) {
      index = means.push(pairs) - 1;
      meanIndex.set(key, index);
    }
    put(firstMean - index, 0);
  };
  for (let row = 0; row < target.height; row++) {
    const token = target.tokens[row];
    const found = token === undefined ? meanRows : rowOf(token, question);
    if (typeof found === 'number') put(found, 0);
    else if (found.length === 2) put(found[0]!, found[1]!);
    else putMean(found);
  }
  end();
  return { runs, means };
}

/** One pair of model and row, several of which the mean is taken, or a word. */
function rowOf(token: string, question: RowQuestion): number[] | typeof zeroRows | typeof meanRows {
  const { models, own, base, settings } = question;
  const setting = settings.get(token);
  const has = (number: number): number | undefined => {
    const { vocabulary, rows } = models[number]!;
    const id = vocabulary.tokens.get(token);
    return id !== undefined && id < rows ? id : undefined;
  };
  const ownRow = has(own);
  if (ownRow !== undefined && setting?.forced !== true) return [own, ownRow];
  if (setting !== undefined) return settledRow(token, setting, question);
  const holders = models.flatMap((_, number) => {
    const id = has(number);
    return id === undefined ? [] : [[number, id] as const];
  });
  if (holders.length === 0) return meanRows;
  const ofBase = holders.find(([number]) => number === base);
  return [...(holders.length === 1 ? holders[0]! : (ofBase ?? holders.flat()))];
}

function settledRow(
  token: string,
  { from }: SettledRow,
  { models }: RowQuestion,
): number[] | typeof zeroRows {
  if (from === 'zero') return zeroRows;
  const { model, token: other = token } = from;
  const number = models.findIndex(({ name }) => name === model);
  const giver = models[number];
  if (giver === undefined) refuse(token, model, 'has no embedding like it');
  const { vocabulary, rows } = giver;
  const id = typeof other === 'number' ? other : vocabulary.tokens.get(other);
  if (id !== undefined && id < rows) return [number, id];
  const what =
    typeof other === 'number'
      ? `has no row ${other}: its embedding has ${rows}`
      : id === undefined
        ? `has no token ${shown(other)}`
        : `has the token ${shown(other)} as number ${id}, and its embedding has ${rows} rows`;
  refuse(token, model, what);
}

function refuse(token: string, model: string, what: string): never {
  raise(noSuchToken, {
    message: `The row of ${shown(token)} is to come from ${model}, which ${what}.`,
    help: 'Name a model that has it, or a token that it has: `row(model, "token")`.',
  });
}
