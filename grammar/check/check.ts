/** The check of a recipe: statement by statement, downwards; every name resolved, every value typed, every fault said once. */
import type { Catalogue } from '../catalogue.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import { tensorsIn } from '../places/evaluate.ts';
import { isBroken } from '../places/place.ts';
import type { Name, Recipe, Statement } from '../syntax/tree.ts';
import type { Checked, HeaderAnswer, Source } from './checked.ts';
import { type Checking, within } from './checking.ts';
import { checkFolders } from './folders.ts';
import { lintSeeds } from './lints.ts';
import { reportPlaceFaults } from './place-faults.ts';
import { type Found, checkStatement } from './statement.ts';
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
      !(consequences.has(finding.code) && broken.some((statement) => within(finding, statement))),
  );
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
