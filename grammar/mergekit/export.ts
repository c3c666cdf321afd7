/**
 * A recipe as mergekit's YAML, where mergekit can say it; else errors at the places of the recipe that it cannot.
 * Steps become documents, each below what it uses; the last has no name.
 */
import type { Checked, Output, Step } from '../check/checked.ts';
import { wordOfDtype } from '../check/dtypes.ts';
import type { Imports } from '../check/imports.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inPlace } from '../diagnostics/finding.ts';
import { notSaidInYaml } from '../diagnostics/mw7201-not-said-in-yaml.ts';
import { leftOut } from '../diagnostics/mw7302-left-out.ts';
import type { Span } from '../syntax/span.ts';
import type { OutputStatement } from '../syntax/tree.ts';
import { bodyOf, longWord } from './out/body.ts';
import { chosenOutput } from './out/chosen-output.ts';
import { recipeComments } from './out/comments.ts';
import { documentNames } from './out/document-names.ts';
import { attempt, type Exporting, modelText, say, stored, writtenIn } from './out/exporting.ts';
import { mixtureEntries } from './out/mixture.ts';
import { settingEntries } from './out/output.ts';
import { type OutEntry, plain, writeYaml } from './out/yaml-text.ts';

export interface ExportInput {
  /** The recipe's own text. */
  readonly text: string;
  /** Its check, which has found no error. */
  readonly checked: Checked;
  /** The recipes it uses, as they were handed to the check. */
  readonly imports?: Imports;
  /** The step or the last part of the folder of the output to export; absent: the only one. */
  readonly only?: string;
}

export interface Exported {
  /** Absent: refused, and the findings say why. */
  readonly yaml?: string;
  /** In the recipe's own places; those in a recipe it uses lie where `locate` reads them. */
  readonly findings: readonly Diagnostic[];
}

export function exportYaml({ text, checked, imports, only }: ExportInput): Exported {
  const { recipe, sources } = checked;
  const nameOf = documentNames(sources);
  const exporting: Exporting = {
    written: (start, end) => writtenIn(text, imports, start, end),
    recipe,
    comments: recipeComments(text, recipe.comments),
    findings: [],
    said: new Set(),
    models: new Map(
      sources
        .filter(({ kind }) => kind === 'model')
        .map(({ name, reference }) => [name, reference]),
    ),
    documents: new Map(),
    stage: (step) => stage(exporting, checked, step, nameOf(step)),
    part: (of, { value, rules, ending }) => {
      const { start, end, statement } = of;
      return { name: `${of.name}_${ending}`, statement, value, rules, start, end };
    },
    attempt: () => attempt(exporting),
    modelOfStep: (step, at) =>
      modelText(exporting, {
        kind: 'step',
        step,
        share: 1,
        span: { start: at.start, end: at.end },
      }),
  };
  const output = chosenOutput(exporting, checked, only);
  const last = output && documentOf(exporting, checked, output.step, output);
  const isRefused = exporting.findings.some(({ severity }) => severity === 'error');
  if (last === undefined || isRefused) return { findings: inPlace(exporting.findings) };
  for (const statement of recipe.statements) {
    if (statement.kind !== 'expect') continue;
    say(exporting, leftOut, statement.word, 'mergekit has no expectations.');
  }
  const documents = withRest(exporting, [...exporting.documents.values(), last]);
  const yaml = documents.map((entries) => `${writeYaml(entries)}\n`).join('---\n');
  return { yaml, findings: inPlace(exporting.findings) };
}

/** Comments that no document has taken stand at the head. */
function withRest(
  { comments }: Exporting,
  [first, ...others]: readonly (readonly OutEntry[])[],
): readonly (readonly OutEntry[])[] {
  const rest = comments.rest();
  const [entry, ...entries] = first ?? [];
  if (entry === undefined || rest.length === 0) return [first ?? [], ...others];
  return [[{ ...entry, above: [...rest, ...(entry.above ?? [])] }, ...entries], ...others];
}

function stage(
  exporting: Exporting,
  checked: Checked,
  step: Step,
  name: string,
): string | undefined {
  if (exporting.documents.has(step)) return name;
  const output = checked.outputs.find((one) => one.step === step);
  const document = documentOf(exporting, checked, step, output, name);
  if (document === undefined) return undefined;
  exporting.documents.set(step, document);
  return name;
}

/** A stage has a name; its output, if it has one, gives its tokenizer. */
function documentOf(
  exporting: Exporting,
  checked: Checked,
  step: Step,
  output: Output | undefined,
  name?: string,
): readonly OutEntry[] | undefined {
  const { made, cast, inner } = computed(step);
  const { value } = made;
  const statements = [step.statement, ...(inner === undefined ? [] : [inner.statement])];
  if (value.kind === 'call' && value.call.method.name === 'moe') {
    const entries = mixtureEntries(exporting, value.call);
    if (entries === undefined) return undefined;
    if (name !== undefined) {
      const message = 'A mixture is a file of its own for mergekit: no other document can use it.';
      return say(exporting, notSaidInYaml, step.statement.word, message);
    }
    const dtype = output?.dtype === undefined ? undefined : longWord(wordOfDtype(output.dtype));
    const own: OutEntry[] = dtype === undefined ? [] : [{ key: 'dtype', value: plain(dtype) }];
    return headed(exporting, statements, [...entries, ...own]);
  }
  const body = bodyOf(exporting, made);
  if (body === undefined) return undefined;
  const statement = output && statementOf(checked, output);
  const models = [...new Set([...(body.base === undefined ? [] : [body.base]), ...body.models])];
  const settings = statement
    ? settingEntries(exporting, statement, {
        models,
        steps: [...checked.steps, ...checked.importedSteps],
      })
    : { entries: [], dtypeNotes: {} };
  if (settings === undefined) return undefined;
  const word = cast ?? (output?.dtype === undefined ? undefined : wordOfDtype(output.dtype));
  const entries: OutEntry[] = [
    ...(name === undefined ? [] : [{ key: 'name', value: plain(name) }]),
    { key: 'merge_method', value: plain(body.method.name) },
    ...(body.base === undefined ? [] : [{ key: 'base_model', value: plain(body.base) }]),
    body.layout,
    ...(body.parameters.length === 0
      ? []
      : [
          {
            key: 'parameters',
            value: { kind: 'map', entries: body.parameters },
          } satisfies OutEntry,
        ]),
    ...typeEntries(body, word).map((entry, index) =>
      index === 0 ? { ...entry, ...settings.dtypeNotes } : entry,
    ),
    ...settings.entries,
  ];
  return headed(exporting, statements, entries);
}

/** Comments of the statements that nothing else has taken stand above the document's first key. */
function headed(
  exporting: Exporting,
  statements: readonly Span[],
  entries: readonly OutEntry[],
): readonly OutEntry[] {
  const { comments, recipe } = exporting;
  const first = Math.min(...statements.map(({ start }) => start));
  const last = Math.max(...statements.map(({ end }) => end));
  // Sources declared above it, down from the statement before.
  const before = recipe.statements.filter(
    ({ kind, end }) => (kind === 'merge' || kind === 'output') && end <= first,
  );
  const region = { start: Math.max(0, ...before.map(({ end }) => end)), end: last };
  const heads = comments.takeHeads(region);
  const { above = [], beside } = comments.take(region);
  const all = [...heads, ...above, ...(beside === undefined ? [] : [beside])];
  const [entry, ...rest] = entries;
  return all.length === 0 || entry === undefined
    ? entries
    : [{ ...entry, above: [...all, ...(entry.above ?? [])] }, ...rest];
}

interface Computed {
  readonly made: Step;
  /** The type that it is rounded to at its end. */
  readonly cast?: string;
  readonly inner?: Step;
}

/** A step that only rounds another one is that one, rounded. */
function computed(step: Step): Computed {
  const { value, rules } = step;
  if (value.kind !== 'call' || value.call.method.name !== 'cast' || rules.length > 0)
    return { made: step };
  const to = value.call.args.get('to');
  const cast = to?.kind === 'word' ? { cast: to.word } : {};
  const within = stored(value);
  return within.kind === 'step'
    ? { made: within.step, inner: within.step, ...cast }
    : { made: { ...step, value: within, rules: [] }, ...cast };
}

function typeEntries(
  { compute, isComputed, method }: NonNullable<ReturnType<typeof bodyOf>>,
  word: string | undefined,
): readonly OutEntry[] {
  const entry = (key: string, of: string): OutEntry => ({ key, value: plain(longWord(of)) });
  if (!isComputed) return word === undefined ? [] : [entry('dtype', word)];
  if (compute === undefined) return word === undefined ? [] : [entry('out_dtype', word)];
  const isSame = word === undefined || (word === compute && method.storesF32 !== true);
  return isSame ? [entry('dtype', compute)] : [entry('dtype', compute), entry('out_dtype', word)];
}

function statementOf({ recipe }: Checked, output: Output): OutputStatement | undefined {
  return recipe.statements.find(
    (statement): statement is OutputStatement =>
      statement.kind === 'output' && statement.start === output.start,
  );
}
