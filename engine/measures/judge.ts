/** Expectations judged exactly: on every value of each output that holds the step, as it is stored. */
import type { Checked, Expectation, Step } from '../../grammar/check/checked.ts';
import type { Checkpoints } from '../plan/donor.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReportCheck } from '../output/report.ts';
import { gatherGroups } from '../run/groups.ts';
import type { Judge, StoredOutput } from '../run/options.ts';
import type { Pool } from '../run/pool.ts';
import { settled } from '../run/spread.ts';
import { askExpectation, meetModels, type AskedExpectation } from './ask-expectation.ts';
import { workOf } from './items.ts';
import { PoolFiles } from './pool-files.ts';
import { reaches } from './reaches.ts';
import { readStudy } from './read-sums.ts';
import { Study } from './study.ts';
import type { Subject } from './subject.ts';

export interface JudgeRequest {
  readonly checked: Checked;
  /** By the source's name in the recipe. */
  readonly checkpoints: Checkpoints;
  readonly plan: Plan;
}

/**
 * The judge of a run. An expectation is judged once for each output that holds its step; where none does but the step flows
 * into one, once in f32. What a run of some outputs does not reach is skipped.
 */
export function judgeExpectations(request: JudgeRequest): Judge {
  return async (stored, pool, sliceElements) => {
    const sittings = request.checked.expectations.flatMap((expectation) =>
      sittingsOf(expectation, stored, request),
    );
    const studies = new Studies(stored);
    const held = sittings.filter((sitting) => sitting.kind === 'judged');
    for (const { expectation, on } of held)
      meetModels(expectation.condition, (step) => studies.of(step, on));
    const asked = new Map<Sitting, AskedExpectation>(
      held.map((sitting) => [
        sitting,
        askExpectation(sitting.expectation.condition, (step) => studies.of(step, sitting.on)),
      ]),
    );
    await readStudies(studies.all(), { request, stored, pool, sliceElements });
    const several = stored.length > 1;
    return sittings.map((sitting) => checkOf(sitting, asked.get(sitting), several));
  };
}

type Sitting = { readonly expectation: Expectation } & (
  | {
      readonly kind: 'judged';
      /** The output on whose values it is judged; absent: in f32. */
      readonly on?: StoredOutput;
    }
  | { readonly kind: 'skipped'; readonly why: string }
);

function sittingsOf(
  expectation: Expectation,
  stored: readonly StoredOutput[],
  { checked, plan }: JudgeRequest,
): readonly Sitting[] {
  const { step } = expectation;
  const holders = stored.filter(({ output }) => output.step === step.name);
  if (holders.length > 0) return holders.map((on) => ({ kind: 'judged', expectation, on }));
  const made = new Set(stored.map(({ output }) => output.step));
  const planned = new Set(plan.outputs.map((output) => output.step));
  const reached = (names: ReadonlySet<string>): boolean =>
    checked.outputs.some((output) => names.has(output.step.name) && reaches(step, output.step));
  if (planned.has(step.name))
    return [{ kind: 'skipped', expectation, why: `${step.name} is up to date, and was judged` }];
  if (reached(made) || !checked.outputs.some((output) => reaches(step, output.step)))
    return [{ kind: 'judged', expectation }];
  const why = reached(planned)
    ? `what ${step.name} flows into is up to date, and was judged`
    : `no output of this run holds ${step.name}`;
  return [{ kind: 'skipped', expectation, why }];
}

/** Studies by step and by where its values come from. */
class Studies {
  readonly #stored: readonly StoredOutput[];
  readonly #studies = new Map<string, Study>();

  constructor(stored: readonly StoredOutput[]) {
    this.#stored = stored;
  }

  all(): readonly Study[] {
    return [...this.#studies.values()];
  }

  /** A step on the output being judged, else on the first that holds it, else in f32. */
  of(step: Step, on: StoredOutput | undefined): Study {
    const holder =
      on?.output.step === step.name
        ? on
        : this.#stored.find(({ output }) => output.step === step.name);
    const key = `${step.name} ${holder?.firstFile ?? 'f32'}`;
    let study = this.#studies.get(key);
    if (study === undefined) {
      const values: Subject['values'] =
        holder === undefined ? { kind: 'computed' } : { kind: 'stored', stored: holder };
      study = new Study({ step, values });
      this.#studies.set(key, study);
    }
    return study;
  }
}

async function readStudies(
  studies: readonly Study[],
  run: {
    readonly request: JudgeRequest;
    readonly stored: readonly StoredOutput[];
    readonly pool: Pool;
    readonly sliceElements: number;
  },
): Promise<void> {
  const { request, stored, pool, sliceElements } = run;
  const files = poolFiles(request, stored);
  const works = studies.map((study) => ({
    study,
    ...workOf(study, (operand) => files.place(operand)),
  }));
  if (files.added.length > 0) {
    const { first, added: paths } = files;
    for (const answer of await pool.all({ kind: 'files', first, paths })) settled(answer, 'ready');
  }
  const residentElements = sliceElements;
  for (const { study, items, groups } of works) {
    const table = await gatherGroups(groups, {
      pool,
      sliceElements,
      isResident: ({ elements }) => elements <= residentElements,
    });
    await readStudy(study, items, { pool, groups: table, sliceElements, residentElements });
  }
}

/** Models that are only compared with are no inputs of the plan: their files get numbers behind the outputs'. */
function poolFiles(
  { checkpoints, plan }: JudgeRequest,
  stored: readonly StoredOutput[],
): PoolFiles {
  const free = stored.map(({ firstFile, output }) => firstFile + output.files.length);
  return new PoolFiles(checkpoints, plan.files, Math.max(plan.files.length, ...free));
}

function checkOf(
  sitting: Sitting,
  asked: AskedExpectation | undefined,
  several: boolean,
): ReportCheck {
  const title = sitting.expectation.text;
  if (sitting.kind === 'skipped') return { title, outcome: 'skipped', detail: sitting.why };
  const { verdict, figures } = asked!.answer();
  const said = figures.map(({ measure, shown }) => `${measure} = ${shown}`).join(', ');
  const on = several && sitting.on !== undefined ? `${sitting.on.output.folder}: ` : '';
  return { title, outcome: verdict === 'held' ? 'holds' : 'fails', detail: `${on}${said}` };
}
