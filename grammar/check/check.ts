/** The check of a recipe: statement by statement, downwards; every name resolved, every value typed, every fault said once. */
import type { Catalogue } from '../catalogue.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inPlace } from '../diagnostics/finding.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import { tensorsIn } from '../places/evaluate.ts';
import { isBroken } from '../places/place.ts';
import type { Span } from '../syntax/span.ts';
import type { Recipe } from '../syntax/tree.ts';
import type { Checked, HeaderAnswer, ImportedName, Source } from './checked.ts';
import { beginStatement, type Checking, type Declaration, within } from './checking.ts';
import { checkFolders } from './folders.ts';
import { toldOfFiles } from './imported-file.ts';
import { fileAt, type Imports, placeFiles } from './imports.ts';
import { lintLicences } from './licences.ts';
import { lintSeeds } from './lints.ts';
import { namesOf } from './names.ts';
import { reportPlaceFaults } from './place-faults.ts';
import { type Found, checkStatement } from './statement.ts';
import { lintSources, lintUnused } from './recipe-lints.ts';
import { unsilenced } from './suppress.ts';
import { bringsRows, lintVocabularies } from './vocabulary.ts';

export interface CheckInput {
  readonly text: string;
  readonly recipe: Recipe;
  /** What the parser found; it goes before what the check finds. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly catalogue: Catalogue;
  /** By the sources' names. Absent: the text alone is checked. */
  readonly headers?: ReadonlyMap<string, HeaderAnswer>;
  /** Absent: nothing is known of the recipes it uses, and their names pass. */
  readonly imports?: Imports;
  /** Codes of warnings that are silenced everywhere. */
  readonly allow?: ReadonlySet<string>;
}

/** Checks a recipe as deep as it is given headers. Any tree gives an answer. */
export function check(input: CheckInput): Checked {
  const { recipe } = input;
  const checking = checkingOf(input);
  const found = nothingFound();
  for (const statement of recipe.statements) {
    beginStatement(checking, statement);
    checkStatement(checking, statement, found);
  }
  lintWhole(checking, recipe, found, input.diagnostics ?? []);
  const { reached, findings } = concluded(checking, found, input.headers);
  const statements = recipe.statements;
  return {
    recipe,
    diagnostics: orderedFindings(findings, { ...input, statements, reached }),
    reached,
    sources: found.sources,
    steps: found.steps,
    importedSteps: found.importedSteps,
    imports: importedNames(checking),
    outputs: found.outputs,
    expectations: found.expectations,
  };
}

type CheckingInput = Pick<CheckInput, 'text' | 'catalogue' | 'headers' | 'imports'> & {
  readonly recipe: Pick<Recipe, 'statements'>;
};

/** A check that has read nothing yet. */
export function checkingOf({ text, recipe, catalogue, headers, imports }: CheckingInput): Checking {
  return {
    text,
    catalogue,
    headers,
    imports,
    placed: placeFiles(recipe, imports),
    imported: new Map(),
    scope: { declared: new Map(), everywhere: namesOf(recipe.statements), open: false },
    file: undefined,
    sourceStatements: new Map(),
    statisticsOf: new Map(),
    statement: undefined,
    callCount: 0,
    randomCallCount: 0,
    randomCalls: [],
    findings: [],
    said: new Set(),
    calls: new Map(),
    unmet: new Set(),
    bringsRows: bringsRows(recipe.statements),
    placesRead: new Set(),
  };
}

export function nothingFound(): Found {
  return { sources: [], steps: [], importedSteps: [], outputs: [], expectations: [] };
}

/** What only the whole recipe tells. */
export function lintWhole(
  checking: Checking,
  recipe: Pick<Recipe, 'statements'>,
  { sources, outputs: made }: Found,
  syntax: readonly Diagnostic[],
): void {
  checking.statement = undefined;
  lintSeeds(checking);
  const outputs = recipe.statements.filter((statement) => statement.kind === 'output');
  checkFolders(checking, outputs, sources);
  checkUnreadPlaces(checking, sources);
  lintSources(checking, sources);
  lintLicences(checking, recipe, made);
  lintVocabularies(checking, recipe, made);
  const isSound = ![...syntax, ...checking.findings].some(({ severity }) => severity === 'error');
  if (isSound) lintUnused(checking, recipe);
}

/** How deep the check came, and what it found, places in other files said as such. */
export function concluded(
  checking: Checking,
  { sources }: Found,
  headers: CheckInput['headers'],
): Pick<Checked, 'reached'> & { readonly findings: readonly Diagnostic[] } {
  const models = sources.filter(({ kind }) => kind === 'model');
  const isDeep = headers !== undefined && models.every(({ signature }) => signature !== undefined);
  const findings = checking.findings.map((finding) => toldOfFiles(checking, finding));
  return { reached: isDeep ? 'headers' : 'text', findings };
}

interface Conclusion {
  readonly text: string;
  readonly recipe: Pick<Recipe, 'comments'>;
  readonly diagnostics?: readonly Diagnostic[];
  readonly allow?: ReadonlySet<string>;
  /** Where the statements stand. */
  readonly statements: readonly Span[];
  readonly reached: Checked['reached'];
}

/** What the parser and the check found, without what is silenced or only follows, in the order of the text. */
export function orderedFindings(
  findings: readonly Diagnostic[],
  { text, recipe, diagnostics = [], allow, statements, reached }: Conclusion,
): readonly Diagnostic[] {
  const all = [...diagnostics, ...withoutConsequences(findings, diagnostics, statements)];
  const left = unsilenced(all, {
    comments: recipe.comments,
    text,
    reached,
    ...(allow === undefined ? {} : { allow }),
  });
  return inPlace(left);
}

/** What the recipe may say of its imports, each name with the place it is declared at. */
export function importedNames(checking: Checking): readonly ImportedName[] {
  const found: ImportedName[] = [];
  const add = (name: string, { span, statement }: Declaration): void => {
    const file = fileAt(checking.placed, span);
    if (file === undefined) return;
    const { start, end } = span;
    const at = { start: start - file.offset, end: end - file.offset };
    const { kind, doc } = statement;
    found.push({ name, file: file.key, kind, ...at, ...(doc === undefined ? {} : { doc }) });
  };
  for (const [name, declaration] of checking.scope.declared) {
    const { meaning } = declaration;
    if (meaning.kind === 'module') {
      for (const [inner, of] of meaning.names ?? []) add(`${name}.${inner}`, of);
    } else add(name, declaration);
  }
  return found;
}

/** Where the syntax is broken, what is missing follows from it and is not said again. */
function withoutConsequences(
  findings: readonly Diagnostic[],
  syntax: readonly Diagnostic[],
  statements: readonly Span[],
): readonly Diagnostic[] {
  const errors = syntax.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return findings;
  const broken = statements.filter((statement) =>
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
  for (const declaration of checking.scope.declared.values()) {
    const { meaning, span } = declaration;
    if (meaning.kind !== 'place' || checking.placesRead.has(declaration)) continue;
    if (isBroken(meaning.place) || fileAt(checking.placed, span) !== undefined) continue;
    const answers = models.map((model) => ({
      model,
      faults: tensorsIn(meaning.place, model.signature!).faults.filter(
        ({ kind }) => kind === 'no such layer',
      ),
    }));
    if (answers.some(({ faults }) => faults.length === 0)) continue;
    const { model, faults } = answers[0]!;
    const of = checking.sourceStatements.get(model.name)?.name;
    reportPlaceFaults(checking, faults, { of: of ?? model });
  }
}
