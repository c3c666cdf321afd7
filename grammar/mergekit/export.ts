/**
 * A recipe as mergekit's YAML, where mergekit can say it; else errors at the places of the recipe that it cannot.
 * Steps become documents, each below what it uses; the last has no name.
 */
import type { Checked, Output, Step, TensorValue } from '../check/checked.ts';
import { wordOfDtype } from '../check/dtypes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inPlace } from '../diagnostics/finding.ts';
import { notSaidInYaml } from '../diagnostics/mw7201-not-said-in-yaml.ts';
import { oneOutput } from '../diagnostics/mw7204-one-output.ts';
import { leftOut } from '../diagnostics/mw7302-left-out.ts';
import type { Span } from '../syntax/span.ts';
import type { OutputStatement } from '../syntax/tree.ts';
import { bodyOf, longWord } from './out/body.ts';
import { recipeComments } from './out/comments.ts';
import { type Exporting, modelText, say, stored } from './out/exporting.ts';
import { mixtureEntries } from './out/mixture.ts';
import { settingEntries } from './out/output.ts';
import { type OutEntry, plain, writeYaml } from './out/yaml-text.ts';

export interface ExportInput {
  /** The recipe's own text. */
  readonly text: string;
  /** Its check, which has found no error. */
  readonly checked: Checked;
  /** The step or the last part of the folder of the output to export; absent: the only one. */
  readonly only?: string;
}

export interface Exported {
  /** Absent: refused, and the findings say why. */
  readonly yaml?: string;
  /** In the recipe's own places. */
  readonly findings: readonly Diagnostic[];
}

export function exportYaml({ text, checked, only }: ExportInput): Exported {
  const { recipe, sources } = checked;
  const exporting: Exporting = {
    text,
    recipe,
    comments: recipeComments(text, recipe.comments),
    findings: [],
    said: new Set(),
    sources: new Map(sources.map(({ name, reference }) => [name, reference])),
    documents: new Map(),
    stage: (step) => stage(exporting, checked, step),
    modelOfStep: (step, at) =>
      modelText(exporting, {
        kind: 'step',
        step,
        share: 1,
        span: { start: at.start, end: at.end },
      }),
  };
  const output = chosen(exporting, checked, only);
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

/** The output that is asked for, or the one that no other is made from. */
function chosen(
  exporting: Exporting,
  { outputs, recipe }: Checked,
  only: string | undefined,
): Output | undefined {
  const wanted =
    only === undefined
      ? outputs.filter(
          ({ step }) => !outputs.some((other) => other.step !== step && uses(other.step, step)),
        )
      : outputs.filter(
          ({ step, folder }) => step.name === only || folder.split(/[/\\]/).at(-1) === only,
        );
  const [first, second] = wanted;
  const at = (span: Span): Span => ({ start: span.start, end: Math.min(span.end, span.start + 6) });
  if (first === undefined) {
    const last = recipe.statements.at(-1)?.word ?? { start: 0, end: 0 };
    const message =
      only === undefined ? 'There is no output to export.' : `No output is called ${only}.`;
    return say(exporting, oneOutput, last, message);
  }
  if (second !== undefined) {
    const message = `mergekit makes one model: say which of ${wanted.map(({ step }) => step.name).join(', ')} to export.`;
    return say(exporting, oneOutput, at(second), message);
  }
  return first;
}

/** Whether a step is made from another, by whatever way. */
function uses(step: Step, other: Step): boolean {
  const taken = step.rules.flatMap(({ actions }) =>
    actions.flatMap((action) => (action.kind === 'take' ? [action.value] : [])),
  );
  return [step.value, ...taken].some((value) => holds(value, other));
}

function holds(value: TensorValue, other: Step): boolean {
  switch (value.kind) {
    case 'step':
      return value.step === other || uses(value.step, other);
    case 'call':
      return [value.call.base, ...value.call.inputs.map((input) => input.value)].some(
        (operand) => operand !== undefined && holds(operand, other),
      );
    case 'sum':
      return value.terms.some((term) => holds(term.value, other));
    case 'scaled':
    case 'negated':
    case 'layers':
      return holds(value.value, other);
    case 'stack':
      return value.parts.some((part) => holds(part, other));
    case 'source':
    case 'broken':
      return false;
  }
}

function stage(exporting: Exporting, checked: Checked, step: Step): boolean {
  if (exporting.documents.has(step)) return true;
  const output = checked.outputs.find((one) => one.step === step);
  const document = documentOf(exporting, checked, step, output, step.name);
  if (document === undefined) return false;
  exporting.documents.set(step, document);
  return true;
}

/** A stage has a name; its output, if it has one, gives its tokenizer. */
function documentOf(
  exporting: Exporting,
  checked: Checked,
  step: Step,
  output: Output | undefined,
  name?: string,
): readonly OutEntry[] | undefined {
  const { value, rules, cast, inner } = computed(step);
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
  const body = bodyOf(exporting, value, rules);
  if (body === undefined) return undefined;
  const statement = output && statementOf(checked, output);
  const models = [...new Set([...(body.base === undefined ? [] : [body.base]), ...body.models])];
  const settings = statement
    ? settingEntries(exporting, statement, { models, steps: checked.steps })
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
  readonly value: Step['value'];
  readonly rules: Step['rules'];
  /** The type that it is rounded to at its end. */
  readonly cast?: string;
  readonly inner?: Step;
}

/** A step that only rounds another one is that one, rounded. */
function computed(step: Step): Computed {
  const { value, rules } = step;
  if (value.kind !== 'call' || value.call.method.name !== 'cast' || rules.length > 0)
    return { value, rules };
  const to = value.call.args.get('to');
  const cast = to?.kind === 'word' ? { cast: to.word } : {};
  const within = stored(value);
  return within.kind === 'step'
    ? { value: within.step.value, rules: within.step.rules, inner: within.step, ...cast }
    : { value: within, rules: [], ...cast };
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
