/** The questions of an expectation, asked of studies: one study for each step and place its values come from. */
import type { Condition, MeasureCall, Step } from '../../grammar/check/checked.ts';
import { nameOfValue } from '../../grammar/check/tensor-value.ts';
import { estimateOf, standardError } from './estimate.ts';
import { figureLaws } from './figures/catalogue.ts';
import type { Question } from './figures/figure-law.ts';
import { nonFinite } from './figures/non-finite.ts';
import { shownFigure, shownMeasure } from './show-figure.ts';
import type { Asked, Study } from './study.ts';
import type { Who } from './subject.ts';
import { finiteStepsOf, measuresOf, verdictOn, type Verdict } from './verdict.ts';

export interface AskedExpectation {
  /** Once the studies have been read. */
  readonly answer: () => {
    readonly verdict: Verdict;
    readonly figures: readonly AnsweredFigure[];
  };
}

export interface AnsweredFigure {
  /** As a recipe writes it: `gap(final, code)`. */
  readonly measure: string;
  /** With its unit. */
  readonly shown: string;
  /** Absent where the weights give no such number. */
  readonly value?: number;
  readonly standardError?: number;
}

/** Names every model of the condition in its study, before anything is asked. */
export function meetModels(condition: Condition, studyOf: (step: Step) => Study): void {
  for (const call of measuresOf(condition)) {
    const study = studyOf(call.step);
    for (const who of whoOf(call)) study.change(who);
  }
}

export function askExpectation(
  condition: Condition,
  studyOf: (step: Step) => Study,
): AskedExpectation {
  const measures = new Map(
    measuresOf(condition).map((call) => [call, askMeasure(call, studyOf(call.step))]),
  );
  const finite = new Map(
    finiteStepsOf(condition).map((step) => [
      step,
      studyOf(step).ask({ law: nonFinite, changes: [] }),
    ]),
  );
  return {
    answer: () => ({
      verdict: verdictOn(condition, {
        measure: (call) => estimateOf(measures.get(call)!),
        nonFinite: (step) => estimateOf(finite.get(step)!),
      }),
      figures: [
        ...[...measures].map(([call, asked]) => answered(shownMeasure(call), asked)),
        ...[...finite].map(([{ name }, asked]) =>
          answered(`elements not finite in ${name}`, asked),
        ),
      ],
    }),
  };
}

function answered(measure: string, asked: Asked): AnsweredFigure {
  const estimate = estimateOf(asked);
  const { value } = estimate;
  const error = standardError(estimate);
  return {
    measure,
    shown: shownFigure(asked.question.law, value),
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { standardError: error }),
  };
}

function askMeasure(call: MeasureCall, study: Study): Asked {
  const law = figureLaws.get(call.measure);
  if (law === undefined) throw new Error(`no figure is called ${call.measure}`);
  const { of, stage } = call.options as Pick<Question, 'of' | 'stage'>;
  const question: Question = {
    law,
    changes: whoOf(call).map((who) => study.change(who)),
    ...(of === undefined ? {} : { of }),
    ...(stage === undefined ? {} : { stage }),
  };
  return study.ask(question, call.tensors);
}

function whoOf({ models, base }: MeasureCall): readonly Who[] {
  return models.map(({ name, value }) => ({
    label: name ?? nameOfValue(value) ?? 'model',
    value,
    ...(base === undefined ? {} : { base }),
  }));
}
