/** One statement after another: each declares what it makes. */
import { declaredTwice } from '../diagnostics/mw2006-declared-twice.ts';
import { partHidden } from '../diagnostics/mw2008-part-hidden.ts';
import { type Place, placeOfWord } from '../places/place.ts';
import type {
  Name,
  OutputStatement,
  PlaceStatement,
  SearchStatement,
  SourceStatement,
  Statement,
} from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import { layersPlaceOf, placeOf } from './bind-place.ts';
import type { Signature } from '../places/signature.ts';
import type {
  AdapterAnswer,
  Expectation,
  HeaderAnswer,
  Output,
  Source,
  SourceReference,
  Step,
} from './checked.ts';
import { type Checking, type Meaning, report, reportLater } from './checking.ts';
import { boundExpectation } from './expectation.ts';
import { rebased } from './imports.ts';
import { letContents } from './let.ts';
import { lintCalls } from './lints.ts';
import { checkMerge, fits, sizedLet } from './merge.ts';
import { lintTypes } from './mixed-types.ts';
import { boundOutput } from './output.ts';
import { paramCurve } from './param.ts';
import { checkSearch } from './searches.ts';
import { readSource } from './sources.ts';
import { scopeAt } from './scopes.ts';
import { checkUse } from './use.ts';

export interface Found {
  readonly sources: Source[];
  readonly steps: Step[];
  readonly importedSteps: Step[];
  readonly outputs: Output[];
  readonly expectations: Expectation[];
}

export function checkStatement(checking: Checking, statement: Statement, found: Found): void {
  switch (statement.kind) {
    case 'use':
      checkUse(checking, statement, found);
      return;
    case 'model':
    case 'adapter':
    case 'stats':
      checkSource(checking, statement, found);
      return;
    case 'param': {
      const written = paramCurve(checking, statement);
      const curve =
        written !== undefined && fits(checking, statement, { kind: 'curve', curve: written })
          ? written
          : undefined;
      declare(checking, statement, statement.name, { kind: 'param', statement, curve });
      return;
    }
    case 'let': {
      const written = letContents(checking, statement);
      const holds =
        written !== undefined && fits(checking, statement, sizedLet(written)) ? written : undefined;
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

export function declare(
  checking: Checking,
  statement: Statement,
  name: Name | undefined,
  meaning: Meaning,
): void {
  if (name === undefined) return;
  const { declared } = scopeAt(checking, name);
  const first = declared.get(name.text);
  if (first !== undefined) {
    report(checking, declaredTwice, name, `\`${name.text}\` is declared twice.`, {
      related: [{ ...first.span, message: 'first here' }],
    });
    return;
  }
  declared.set(name.text, {
    name: name.text,
    span: spanOf(name),
    statement,
    meaning,
  });
}

function checkSource(checking: Checking, statement: SourceStatement, found: Found): void {
  const read = readSource(checking, statement);
  if (statement.kind === 'stats') reportLater(checking, statement.word, 'Statistics are');
  const name = statement.name;
  if (read === undefined || name === undefined) {
    declare(checking, statement, name, { kind: 'broken' });
    return;
  }
  const known = nameAmongAll(checking, name.text);
  const { on, base, isMask } = read;
  const answer = answerOn(base, checking.headers?.get(known));
  if (answer?.kind === 'fault') reportFault(checking, statement, answer);
  const reference = referenceFrom(checking, read.reference);
  const source: Source = {
    kind: statement.kind,
    name: known,
    reference,
    ...(on === undefined ? {} : { on }),
    ...(base === undefined ? {} : { base }),
    ...(answer?.kind === 'signature' ? { signature: answer.signature } : {}),
    ...spanOf(statement.value),
  };
  if (!scopeAt(checking, name).declared.has(name.text)) {
    found.sources.push(source);
    checking.sourceStatements.set(known, statement);
    if (statement.kind === 'stats' && on !== undefined) checking.statisticsOf.set(known, on);
  }
  declare(checking, statement, name, { kind: isMask ? 'mask' : statement.kind, source });
}

/** What is known of a source: of an adapter, once its model is known. */
function answerOn(
  base: Signature | undefined,
  answer: HeaderAnswer | undefined,
): AdapterAnswer | undefined {
  if (answer?.kind !== 'adapter') return answer;
  return base === undefined ? undefined : answer.on(base);
}

/** A name as it stands among those of all files. */
export function nameAmongAll({ file }: Checking, name: string): string {
  return (file?.prefix ?? '') + name;
}

/** Relative paths of a used recipe start at its own folder. */
function referenceFrom({ file }: Checking, reference: SourceReference): SourceReference {
  if (file === undefined || reference.kind !== 'path') return reference;
  return { ...reference, path: rebased(reference.path, file.file.folder) };
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
  const written: Place =
    statement.kind === 'layers'
      ? layersPlaceOf(checking, statement.value)
      : placeOf(checking, statement.value);
  const place: Place = fits(checking, statement, { kind: 'place', place: written })
    ? written
    : { kind: 'broken', ...spanOf(statement.value) };
  const { name } = statement;
  if (name !== undefined && placeOfWord(name.text, name) !== undefined) {
    const message = `\`${name.text}\` hides the part of that name in this recipe.`;
    report(checking, partHidden, name, message);
  }
  declare(checking, statement, name, { kind: 'place', place });
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
        name: nameAmongAll(checking, statement.name?.text ?? ''),
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
