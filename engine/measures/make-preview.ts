/** From a step and its models to a preview: what is asked, what is read for it, what is answered. */
import type { Output, Step } from '../../grammar/check/checked.ts';
import { failure, settle, valueOf, type Result } from '../faults/fault.ts';
import { runsLater } from '../faults/runs-later.ts';
import { askExpectation, meetModels } from './ask-expectation.ts';
import { askRows } from './ask-rows.ts';
import { flowingModels } from './flowing-models.ts';
import { rowsOf } from './places.ts';
import type { Preview, PreviewExpectation, PreviewRequest } from './preview.ts';
import { readPreview } from './read-preview.ts';
import { replicates } from './resample.ts';
import { Study } from './study.ts';

/**
 * The figures of one step: by place and model, with the verdicts on its expectations. The recipe must be checked with
 * headers. A cancel rejects with `RunCancelled`.
 * Faults: MW3902 for what runs later, and whatever reading weights can meet.
 */
export function preview(request: PreviewRequest): Promise<Result<Preview>> {
  return settle(() => previewOf(request));
}

async function previewOf(request: PreviewRequest): Promise<Preview> {
  const start = performance.now();
  const { checked, step } = request;
  if (step.value.later !== undefined || step.value.signature === undefined) valueOf(notYet(step));
  const studies = new Map<string, Study>();
  const studyOf = (of: Step): Study => {
    let study = studies.get(of.name);
    if (study === undefined) {
      study = new Study(
        { step: of, values: { kind: 'computed', ...outputOf(of, checked.outputs) } },
        { replicates, ...(request.within === undefined ? {} : { within: request.within }) },
      );
      studies.set(of.name, study);
    }
    return study;
  };
  const study = studyOf(step);
  const models = flowingModels(step);
  const numbers = models.map(({ who }) => study.change(who));
  const expectations =
    request.within === undefined
      ? checked.expectations.filter((one) => one.step.name === step.name)
      : [];
  for (const { condition } of expectations) meetModels(condition, studyOf);
  const rows = askRows(study, rowsOf(step.value.signature!, study.tensors(), request.by), {
    models: models.map(({ shown }, index) => ({ name: shown.name, change: numbers[index]! })),
  });
  const asked = expectations.map(({ text, condition }) => ({
    text,
    answer: askExpectation(condition, studyOf).answer,
  }));
  const read = await readPreview([...studies.values()], request);
  const storedAs = outputOf(step, checked.outputs).as;
  return {
    step: step.name,
    ...(storedAs === undefined ? {} : { storedAs: storedAs.dtype ?? 'own types' }),
    models: models.map(({ shown }) => shown),
    rows: rows(read),
    expectations: asked.map(({ text, answer }): PreviewExpectation => {
      const { verdict, figures } = answer();
      return { text, verdict, figures };
    }),
    read: { exact: read.isWhole, blocks: read.blocks, ofBlocks: read.ofBlocks },
    leftOut: study.leftOut(),
    seconds: (performance.now() - start) / 1000,
  };
}

function notYet({ name, value }: Step): Result<never> {
  return failure(runsLater, {
    message: `${name} has no figures yet: it depends on ${value.later ?? 'models whose headers could not be read'}.`,
    help: 'Name another step with --step.',
  });
}

/** The first output that holds the step says in which type its values are. */
function outputOf(step: Step, outputs: readonly Output[]): { readonly as?: Output } {
  const as = outputs.find((output) => output.step.name === step.name);
  return as === undefined ? {} : { as };
}
