/** What each measure tells, in one sentence and a formula; m is the merged model, a another, τ the change from the base. */
import type { Measure } from '../../grammar/check/measures.ts';
import { code, paragraphs, recipeBlock } from './markdown.ts';

interface MeasurePage {
  readonly meaning: string;
  readonly formula?: string;
}

const pages: ReadonlyMap<string, MeasurePage> = new Map(
  Object.entries({
    gap: {
      meaning: 'How far the step is from a model: 0% is that model, 100% the base.',
      formula: '‖m − a‖ / ‖τ_a‖',
    },
    distance: {
      meaning: 'How far the step is from a model, against the base.',
      formula: '‖m − a‖ / ‖base‖',
    },
    cosine: {
      meaning: 'Whether two models changed in one direction.',
      formula: '⟨τ_a, τ_b⟩ / ‖τ_a‖ ‖τ_b‖',
    },
    sign_conflict: {
      meaning: 'The share of weights that some of the models raise and others lower.',
    },
    kept: { meaning: 'The share of a model’s changes that the step’s masks keep.' },
    finite: { meaning: 'Whether every weight is a number: no infinity, no NaN.' },
    share: { meaning: 'The part of the whole distance that lies in this place.' },
    survival: {
      meaning: 'How much of a model’s change is still there.',
      formula: '⟨τ_m, τ_a⟩ / ‖τ_a‖²',
    },
    foreign: { meaning: 'How much came in that is not the model’s own.' },
    likeness: {
      meaning: 'Whether the step changed in a model’s direction.',
      formula: 'cos(τ_m, τ_a)',
    },
    size: { meaning: 'How large a model’s change is.', formula: '‖τ_a‖ / ‖base‖' },
  } satisfies Record<string, MeasurePage>),
);

/** `gap(step, a)`. */
export function measureForm({ name, models: [atLeast, atMost] }: Measure): string {
  const models = ['a', 'b', 'c'].slice(0, atLeast);
  return `${name}(${['step', ...models, ...(atMost > 3 ? ['…'] : [])].join(', ')})`;
}

export function measurePage(measure: Measure): string {
  const page = pages.get(measure.name);
  return paragraphs(
    recipeBlock(measureForm(measure)),
    page?.meaning,
    page?.formula === undefined ? undefined : code(page.formula),
    measure.needsBase
      ? 'Changes are taken from the base of the nearest step; `base:` says another.'
      : undefined,
    measure.later === true
      ? 'Read and checked here, and not measured by this version yet.'
      : undefined,
  );
}

export function measureMeaning({ name }: Measure): string | undefined {
  return pages.get(name)?.meaning;
}
