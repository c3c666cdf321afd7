/** The check of a recipe: statement by statement, downwards; every name resolved, every value typed, every fault said once. */
import type { Catalogue } from '../catalogue.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { declaredTwice } from '../diagnostics/mw2006-declared-twice.ts';
import { partHidden } from '../diagnostics/mw2008-part-hidden.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import { tensorsIn } from '../places/evaluate.ts';
import { isBroken, type Place, placeOfWord } from '../places/place.ts';
import type {
  MergeStatement,
  Name,
  OutputStatement,
  PlaceStatement,
  Recipe,
  SearchStatement,
  SourceStatement,
  Statement,
} from '../syntax/tree.ts';
import { layersPlaceOf, placeOf } from './bind-place.ts';
import type { Checked, Expectation, HeaderAnswer, Output, Source, Step, TensorValue } from './checked.ts';
import { type Checking, type Meaning, report, reportLater, within } from './checking.ts';
import { boundExpectation } from './expectation.ts';
import { checkFolders } from './folders.ts';
import { letContents, paramCurve } from './let.ts';
import { lintCalls, lintSeeds } from './lints.ts';
import { lintTypes } from './mixed-types.ts';
import { boundOutput } from './output.ts';
import { reportPlaceFaults } from './place-faults.ts';
import { spanOf, tensorOf } from './quantity.ts';
import { lintRules } from './rule-lints.ts';
import { boundRules } from './rules.ts';
import { checkSearch } from './searches.ts';
import { settled } from './share.ts';
import { readSource } from './sources.ts';
import { unsilenced } from './suppress.ts';

export interface CheckInput {
  readonly text: string;
  readonly recipe: Recipe;
  /** What the parser found; it goes before what the check finds. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly catalogue: Catalogue;
  /** By the sources' names. Absent: the text alone is checked. */
  readonly headers?: ReadonlyMap<string, HeaderAnswer>;
}

/** Checks a recipe as deep as it is given headers. Any tree gives an answer. */
export function check({ text, recipe, diagnostics = [], catalogue, headers }: CheckInput): Checked {
  const checking: Checking = {
    text,
    catalogue,
    headers,
    declared: new Map(),
    everywhere: namesOf(recipe),
    open: false,
    statement: undefined,
    callCount: 0,
    randomCallCount: 0,
    randomCalls: [],
    findings: [],
    said: new Set(),
    calls: new Map(),
    unmet: new Set(),
    placesRead: new Set(),
  };
  const found: Found = { sources: [], steps: [], outputs: [], expectations: [] };
  for (const statement of recipe.statements) {
    checking.statement = statement;
    checking.callCount = 0;
    checking.randomCallCount = 0;
    checkStatement(checking, statement, found);
  }
  checking.statement = undefined;
  lintSeeds(checking);
  const outputs = recipe.statements.filter((statement) => statement.kind === 'output');
  checkFolders(checking, outputs, found.sources);
  checkUnreadPlaces(checking, found.sources);

  const models = found.sources.filter(({ kind }) => kind === 'model');
  const isDeep = headers !== undefined && models.every(({ signature }) => signature !== undefined);
  const all = [...diagnostics, ...withoutConsequences(checking.findings, diagnostics, recipe)];
  return {
    recipe,
    diagnostics: [...unsilenced(all, recipe.comments, text)].sort(
      (a, b) => a.start - b.start || a.end - b.end,
    ),
    reached: isDeep ? 'headers' : 'text',
    sources: found.sources,
    steps: found.steps,
    outputs: found.outputs,
    expectations: found.expectations,
  };
}

interface Found {
  readonly sources: Source[];
  readonly steps: Step[];
  readonly outputs: Output[];
  readonly expectations: Expectation[];
}

/** Every declared name; of one declared twice, the first. */
function namesOf(recipe: Recipe): ReadonlyMap<string, Name> {
  const names = new Map<string, Name>();
  for (const statement of recipe.statements) {
    const name = nameOf(statement);
    if (name !== undefined && !names.has(name.text)) names.set(name.text, name);
  }
  return names;
}

function nameOf(statement: Statement): Name | undefined {
  switch (statement.kind) {
    case 'use':
      return statement.alias;
    case 'model':
    case 'adapter':
    case 'stats':
    case 'param':
    case 'let':
    case 'layers':
    case 'tensors':
    case 'merge':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return statement.name;
    case 'expect':
    case 'output':
      return undefined;
  }
}

/** Where the syntax is broken, what is missing follows from it and is not said again. */
function withoutConsequences(
  findings: readonly Diagnostic[],
  syntax: readonly Diagnostic[],
  recipe: Recipe,
): readonly Diagnostic[] {
  const errors = syntax.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return findings;
  const broken = recipe.statements.filter((statement) =>
    errors.some((error) => within({ start: error.start, end: error.start }, statement)),
  );
  const consequences: ReadonlySet<string> = new Set([missingParameter.code, inputs.code]);
  return findings.filter(
    (finding) =>
      !errors.some(({ start, end }) => start === finding.start && end === finding.end) &&
      !(
        consequences.has(finding.code) && broken.some((statement) => within(finding, statement))
      ),
  );
}

function checkStatement(checking: Checking, statement: Statement, found: Found): void {
  switch (statement.kind) {
    case 'use':
      reportLater(checking, statement.word, 'Imports are');
      if (statement.alias === undefined) checking.open = true;
      else declare(checking, statement, statement.alias, { kind: 'module' });
      return;
    case 'model':
    case 'adapter':
    case 'stats':
      checkSource(checking, statement, found);
      return;
    case 'param': {
      const curve = paramCurve(checking, statement);
      declare(checking, statement, statement.name, { kind: 'param', statement, curve });
      return;
    }
    case 'let': {
      const holds = letContents(checking, statement);
      if (holds?.kind === 'tensor') lintCalls(checking, holds.value, []);
      const meaning: Meaning =
        holds === undefined ? { kind: 'broken' } : { kind: 'let', statement, holds };
      declare(checking, statement, statement.name, meaning);
      return;
    }
    case 'layers':
    case 'tensors':
      checkPlace(checking, statement);
      return;
    case 'merge':
      checkMerge(checking, statement, found);
      return;
    case 'evaluate':
    case 'sweep':
    case 'search':
      checkSearchStatement(checking, statement);
      return;
    case 'expect': {
      const expectation = boundExpectation(checking, statement);
      if (expectation !== undefined) found.expectations.push(expectation);
      return;
    }
    case 'output':
      checkOutput(checking, statement, found);
      return;
  }
}

function declare(
  checking: Checking,
  statement: Statement,
  name: Name | undefined,
  meaning: Meaning,
): void {
  if (name === undefined) return;
  const first = checking.declared.get(name.text);
  if (first !== undefined) {
    report(checking, declaredTwice, name, `\`${name.text}\` is declared twice.`, {
      related: [{ ...first.span, message: 'first here' }],
    });
    return;
  }
  checking.declared.set(name.text, {
    name: name.text,
    span: spanOf(name),
    statement,
    meaning,
  });
}

function checkSource(checking: Checking, statement: SourceStatement, found: Found): void {
  const read = readSource(checking, statement);
  if (statement.kind !== 'model') {
    const what = statement.kind === 'adapter' ? 'Adapters are' : 'Statistics are';
    reportLater(checking, statement.word, what);
  }
  const name = statement.name;
  if (read === undefined || name === undefined) {
    declare(checking, statement, name, { kind: 'broken' });
    return;
  }
  const answer = checking.headers?.get(name.text);
  if (answer?.kind === 'fault') reportFault(checking, statement, answer);
  const { reference, on, isMask } = read;
  const source: Source = {
    kind: statement.kind,
    name: name.text,
    reference,
    ...(on === undefined ? {} : { on }),
    ...(answer?.kind === 'signature' ? { signature: answer.signature } : {}),
    ...spanOf(statement.value),
  };
  if (!checking.declared.has(name.text)) found.sources.push(source);
  declare(checking, statement, name, { kind: isMask ? 'mask' : statement.kind, source });
}

/** What reading a source's files found: its code is the reader's own. */
function reportFault(
  checking: Checking,
  { value }: SourceStatement,
  { code, message }: Extract<HeaderAnswer, { readonly kind: 'fault' }>,
): void {
  checking.findings.push({ code, severity: 'error', message, ...spanOf(value) });
}

function checkPlace(checking: Checking, statement: PlaceStatement): void {
  const place: Place =
    statement.kind === 'layers'
      ? layersPlaceOf(checking, statement.value)
      : placeOf(checking, statement.value);
  const { name } = statement;
  if (name !== undefined && placeOfWord(name.text, name) !== undefined) {
    const message = `\`${name.text}\` hides the part of that name in this recipe.`;
    report(checking, partHidden, name, message);
  }
  declare(checking, statement, name, { kind: 'place', place });
}

function checkMerge(checking: Checking, statement: MergeStatement, found: Found): void {
  const written =
    statement.value.kind === 'missing' ? undefined : tensorOf(checking, statement.value);
  const value = written && settled(checking, written);
  const rules = boundRules(checking, statement, value);
  const step: Step = {
    name: statement.name?.text ?? '',
    statement,
    value: value ?? brokenValue(statement),
    rules,
    ...spanOf(statement),
  };
  if (value !== undefined) {
    lintCalls(checking, value, rules);
    for (const { actions } of rules) {
      for (const action of actions) if (action.kind === 'take') lintCalls(checking, action.value, []);
    }
    if (value.kind === 'call' && value.signature !== undefined) {
      lintRules(checking, value.call, rules);
    }
  }
  if (statement.name !== undefined && !checking.declared.has(statement.name.text)) {
    found.steps.push(step);
  }
  declare(checking, statement, statement.name, { kind: 'step', step });
}

function brokenValue(statement: MergeStatement): TensorValue {
  return { kind: 'broken', share: 1, span: spanOf(statement.value) };
}

function checkSearchStatement(checking: Checking, statement: SearchStatement): void {
  const metrics = checkSearch(checking, statement);
  switch (statement.kind) {
    case 'evaluate':
      declare(checking, statement, statement.name, { kind: 'evaluate', metrics });
      return;
    case 'sweep':
      declare(checking, statement, statement.name, { kind: 'sweep' });
      return;
    case 'search': {
      const step: Step = {
        name: statement.name?.text ?? '',
        statement,
        value: { kind: 'broken', share: 1, later: 'searches', span: spanOf(statement.value) },
        rules: [],
        ...spanOf(statement),
      };
      declare(checking, statement, statement.name, { kind: 'search', step });
    }
  }
}

function checkOutput(checking: Checking, statement: OutputStatement, found: Found): void {
  const output = boundOutput(checking, statement);
  if (output === undefined) return;
  found.outputs.push(output);
  lintTypes(checking, output, statement);
}

/** Layers that nothing reads must still be there in some model. */
function checkUnreadPlaces(checking: Checking, sources: readonly Source[]): void {
  const models = sources.filter(({ signature }) => signature !== undefined);
  if (models.length === 0) return;
  for (const { name, meaning } of checking.declared.values()) {
    if (meaning.kind !== 'place' || checking.placesRead.has(name) || isBroken(meaning.place)) {
      continue;
    }
    const answers = models.map((model) => ({
      model,
      faults: tensorsIn(meaning.place, model.signature!).faults.filter(
        ({ kind }) => kind === 'no such layer',
      ),
    }));
    if (answers.some(({ faults }) => faults.length === 0)) continue;
    const { model, faults } = answers[0]!;
    const statement = checking.declared.get(model.name)?.statement;
    const of = statement !== undefined && 'name' in statement ? statement.name : undefined;
    reportPlaceFaults(checking, faults, { of: of ?? model });
  }
}
