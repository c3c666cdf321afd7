/** The questions of every row, and their answers as a preview gives them. */
import { estimateOf, standardError } from './estimate.ts';
import { cosine } from './figures/cosine.ts';
import { distance } from './figures/distance.ts';
import type { FigureLaw, Question } from './figures/figure-law.ts';
import { gap } from './figures/gap.ts';
import { atThreshold, kept } from './figures/kept.ts';
import { signConflict } from './figures/sign-conflict.ts';
import { size } from './figures/size.ts';
import type { Row } from './places.ts';
import type { ModelFigures, PairFigures, PreviewFigure, PreviewRow } from './preview.ts';
import type { Asked, Study } from './study.ts';

interface NamedChange {
  readonly name: string;
  readonly change: number;
}

/** How exact the answers are. */
export interface Read {
  /** Thresholds over the whole model came from a sample. */
  readonly areGroupsSampled: boolean;
}

/** Pairs of more models than this are too many to read: what all do together is still told. */
const mostPaired = 8;

/** Asks now; the rows are there once the study has been read. */
export function askRows(
  study: Study,
  rows: readonly Row[],
  { models }: { readonly models: readonly NamedChange[] },
): (read: Read) => readonly PreviewRow[] {
  const questions = questionsAbout(models, study);
  const asked = rows.map((row) => ({
    row,
    ask: (question: Question): Asked => study.ask(question, row.tensors),
  }));
  const open = asked.map(({ row, ask }) => ({
    row,
    models: questions.models.map(({ name, ...figures }) => ({
      name,
      figures: mapValues(figures, ask),
    })),
    pairs: questions.pairs.map(({ of, ...figures }) => ({ of, figures: mapValues(figures, ask) })),
    together: questions.together === undefined ? undefined : ask(questions.together),
  }));
  return (read) =>
    open.map(({ row, models: ofModels, pairs, together }): PreviewRow => {
      const conflict = together && shown(together, read);
      return {
        ...row.place,
        tensors: row.tensors.size,
        elements: row.elements,
        models: ofModels.map(({ name, figures }): ModelFigures => ({
          model: name,
          ...answers(figures, read),
        })),
        pairs: pairs.map(({ of, figures }): PairFigures => ({
          models: of,
          ...answers(figures, read),
        })),
        ...(conflict === undefined ? {} : { signConflict: conflict }),
      };
    });
}

function questionsAbout(models: readonly NamedChange[], study: Study) {
  const ask = (law: FigureLaw, ...changes: readonly number[]): Question => ({ law, changes });
  const isPaired = models.length <= mostPaired;
  const changed = models.filter(({ change }) => study.isChange(change));
  return {
    models: models.map(({ name, change }) => ({
      name,
      gap: ask(gap, change),
      distance: ask(distance, change),
      size: ask(size, change),
      kept: ask(kept, change),
      atThreshold: ask(atThreshold, change),
    })),
    pairs: (isPaired ? models : []).flatMap((a, index) =>
      models.slice(index + 1).map((b) => ({
        of: [a.name, b.name] as const,
        cosine: ask(cosine, a.change, b.change),
        signConflict: ask(signConflict, a.change, b.change),
      })),
    ),
    together:
      changed.length < 2 ? undefined : ask(signConflict, ...changed.map(({ change }) => change)),
  };
}

function mapValues<K extends string, A, B>(
  record: Readonly<Record<K, A>>,
  each: (value: A) => B,
): Readonly<Record<K, B>> {
  return Object.fromEntries(
    Object.entries<A>(record).map(([key, value]) => [key, each(value)]),
  ) as Readonly<Record<K, B>>;
}

/** The figures that there are. */
function answers<K extends string>(
  asked: Readonly<Record<K, Asked>>,
  read: Read,
): Readonly<Partial<Record<K, PreviewFigure>>> {
  return Object.fromEntries(
    Object.entries<Asked>(asked).flatMap(([name, one]) => {
      const figure = shown(one, read);
      return figure === undefined ? [] : [[name, figure]];
    }),
  ) as Readonly<Partial<Record<K, PreviewFigure>>>;
}

function shown(asked: Asked, { areGroupsSampled }: Read): PreviewFigure | undefined {
  const estimate = estimateOf(asked);
  const { value, resampled } = estimate;
  if (value === undefined) return undefined;
  const error = standardError(estimate);
  const isOfInputs = asked.question.law.isOfInputs === true;
  return {
    value,
    ...(error === undefined ? {} : { standardError: error }),
    exact: resampled === undefined && (isOfInputs || !areGroupsSampled),
  };
}
