/** What the map can show: each measure's figure, unit, reference and words. */
import type {
  PairFigures,
  PreviewFigure,
  PreviewModel,
  PreviewRow,
} from '../../engine/measures/preview.ts';
import type { Unit } from '../words/figures.ts';

export type MeasureId = 'distance' | 'sign_conflict' | 'cosine' | 'kept';

/** Whom a line of the map is about. */
export type Subject =
  | { readonly kind: 'model'; readonly name: string; readonly index: number }
  | { readonly kind: 'pair'; readonly names: readonly [string, string]; readonly index: number }
  | { readonly kind: 'all'; readonly count: number };

/** What unrelated models give: between two values where it depends on how many meet. */
export interface Reference {
  readonly low: number;
  readonly high: number;
  readonly name: string;
}

export interface Measure {
  readonly id: MeasureId;
  /** In the menu and as the map's name. */
  readonly title: string;
  readonly group: 'The merge against each model' | 'Models against each other';
  readonly unit: Unit;
  /** Colours start at one end, or leave the reference to both sides. */
  readonly sides: 'one' | 'two';
  /** What the legend's numbers are of. */
  readonly scaleTitle: string;
  subjects(models: readonly PreviewModel[], rows: readonly PreviewRow[]): readonly Subject[];
  figure(row: PreviewRow, subject: Subject): PreviewFigure | undefined;
  reference(subject: Subject): Reference;
  /** The figure's text in a sentence. */
  say(figure: string, subject: Subject): string;
}

export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'model':
      return subject.name;
    case 'pair':
      return subject.names.join(' · ');
    case 'all':
      return `all ${subject.count}`;
  }
}

function eachModel(models: readonly PreviewModel[]): readonly Subject[] {
  return models.map(({ name }, index) => ({ kind: 'model', name, index }));
}

function eachPair(rows: readonly PreviewRow[]): readonly Subject[] {
  const pairs: readonly PairFigures[] = rows.find((row) => row.pairs.length > 0)?.pairs ?? [];
  return pairs.map(({ models: names }, index) => ({ kind: 'pair', names, index }));
}

/** Those of at least one figure in any row. */
function withFigures(
  subjects: readonly Subject[],
  rows: readonly PreviewRow[],
  figure: Measure['figure'],
): readonly Subject[] {
  return subjects.filter((subject) => rows.some((row) => figure(row, subject) !== undefined));
}

const distance: Measure = {
  id: 'distance',
  title: 'Distance to model',
  group: 'The merge against each model',
  unit: 'percent',
  sides: 'one',
  scaleTitle: '% of weights’ size',
  subjects: eachModel,
  figure: ({ models }, subject) =>
    subject.kind === 'model' ? models[subject.index]?.distance : undefined,
  reference: () => ({ low: 0, high: 0, name: '0 is the model' }),
  say: (figure, subject) => `${figure} of the weights’ size away from ${subjectName(subject)}`,
};

const kept: Measure = {
  id: 'kept',
  title: 'Kept share of a change',
  group: 'The merge against each model',
  unit: 'percent',
  sides: 'one',
  scaleTitle: '% of a change kept',
  subjects: (models, rows) => withFigures(eachModel(models), rows, kept.figure),
  figure: ({ models }, subject) =>
    subject.kind === 'model' ? models[subject.index]?.kept : undefined,
  reference: () => ({ low: 0, high: 0, name: '0 keeps nothing' }),
  say: (figure, subject) => `${figure} of ${subjectName(subject)}’s change kept`,
};

const signConflict: Measure = {
  id: 'sign_conflict',
  title: 'Sign conflict',
  group: 'Models against each other',
  unit: 'percent',
  sides: 'two',
  scaleTitle: '% opposed where changes meet',
  subjects: (models, rows) => {
    const pairs = eachPair(rows);
    const isAmongAll = pairs.length > 1 && rows.some((row) => row.signConflict !== undefined);
    const all: Subject = { kind: 'all', count: models.length };
    return withFigures(isAmongAll ? [all, ...pairs] : pairs, rows, signConflict.figure);
  },
  figure: (row, subject) => {
    if (subject.kind === 'all') return row.signConflict;
    return subject.kind === 'pair' ? row.pairs[subject.index]?.signConflict : undefined;
  },
  // Of two signs half are opposed; among T, all but the two unanimous draws of 2^T.
  reference: (subject) =>
    subject.kind === 'all' && subject.count > 2
      ? {
          low: 0.5,
          high: 1 - 2 ** (1 - subject.count),
          name: `unrelated 50 to ${Math.round(100 * (1 - 2 ** (1 - subject.count)))}`,
        }
      : { low: 0.5, high: 0.5, name: 'unrelated 50' },
  say: (figure, subject) =>
    `${figure} of the places where changes of ${subjectName(subject)} meet have opposite signs`,
};

const cosine: Measure = {
  id: 'cosine',
  title: 'Cosine between changes',
  group: 'Models against each other',
  unit: 'cosine',
  sides: 'two',
  scaleTitle: 'cosine',
  subjects: (_, rows) => withFigures(eachPair(rows), rows, cosine.figure),
  figure: ({ pairs }, subject) =>
    subject.kind === 'pair' ? pairs[subject.index]?.cosine : undefined,
  reference: () => ({ low: 0, high: 0, name: 'unrelated 0' }),
  say: (figure, subject) => `cosine ${figure} between the changes of ${subjectName(subject)}`,
};

/** In the order of the menu; the first is shown at first. */
export const measures: readonly Measure[] = [distance, kept, signConflict, cosine];

export function measureOf(id: MeasureId): Measure {
  return measures.find((measure) => measure.id === id) ?? distance;
}
