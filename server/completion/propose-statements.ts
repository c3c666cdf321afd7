/** Whole statements, and what sources, searches and outputs are made of. */
import { CompletionItemKind } from 'vscode-languageserver';
import { dtypeWords } from '../../grammar/check/dtypes.ts';
import { templateWords } from '../../grammar/check/forms.ts';
import { outputSettings } from '../../grammar/check/output.ts';
import {
  As,
  At,
  Except,
  In,
  Step,
  STATEMENT_WORDS,
  type StatementWord,
  Take,
  To,
} from '../../grammar/syntax/tokens.ts';
import type { SearchStatement, SourceStatement } from '../../grammar/syntax/tree.ts';
import { settingPages, statementPages } from '../describe/words.ts';
import type { Cursor } from './cursor.ts';
import { expects } from './expected.ts';
import { functionProposal } from './propose-inputs.ts';
import { nameProposal, type Proposal, wordProposal } from './proposal.ts';
import { proposeWholeRecipes } from './propose-whole-recipes.ts';
import type { Slot } from './slot.ts';
import { namesInScope } from './tensor-names.ts';

const snippets: Readonly<Record<StatementWord, string>> = {
  use: 'use "$1"',
  model: 'model ${1:name} = "$2"',
  adapter: 'adapter ${1:name} = lora("$2", on: ${3:base})',
  stats: 'stats ${1:name} = ${2:fisher}("$3", of: ${4:math})',
  param: 'param ${1:keep}: ${2:Ratio} = ${3:40%} in ${4:10%..90%}',
  let: 'let ${1:name} = $0',
  layers: 'layers ${1:early} = ${2:0..7}',
  tensors: 'tensors ${1:name} = "$2"',
  merge: 'merge ${1:name} = $0',
  evaluate: 'evaluate ${1:score} = command("$2", metrics: ["$3"])',
  sweep: 'sweep ${1:name} = grid(${2:final}, turn: [$3])',
  search: 'search ${1:name} = cma_es(${2:final}, turn: [$3], maximize: $4)',
  expect: 'expect $0',
  output: 'output ${1:name} to "./out/${1:name}"',
};

/** The words that fit this far down first: what is missing before what there is enough of. */
export function proposeStatement(cursor: Cursor): readonly Proposal[] {
  const above = cursor.analysis.recipe.statements.filter(({ end }) => end <= cursor.word.start);
  const has = (kind: StatementWord): boolean => above.some((statement) => statement.kind === kind);
  const fits: readonly StatementWord[] = has('output')
    ? ['output', 'merge', 'expect']
    : has('merge')
      ? ['merge', 'output', 'expect', 'param', 'let']
      : has('model')
        ? ['model', 'merge', 'param', 'layers', 'tensors', 'let', 'adapter', 'stats']
        : ['model', 'use'];
  const isEmpty = cursor.analysis.recipe.statements.length === 0;
  const words = STATEMENT_WORDS.map((word): Proposal => ({
    label: word,
    snippet: snippets[word],
    icon: CompletionItemKind.Keyword,
    detail: statementPages[word].meaning,
    rank: fits.includes(word) ? 1 + fits.indexOf(word) : 20,
    about: { kind: 'statement', name: word },
    goesOn: true,
  }));
  return isEmpty ? [...words, ...proposeWholeRecipes()] : words;
}

/** Words that may follow a whole expression, as far as they mean something there. */
export function proposeBehind(
  { ways, openBraces }: Cursor,
  { inPlace }: Extract<Slot, { kind: 'behind' }>,
): readonly Proposal[] {
  const words = [
    ...(openBraces === 1
      ? [{ token: At, word: 'at', snippet: 'at ${1:all} { $0 }', meaning: 'a rule for a place' }]
      : []),
    ...(openBraces === 2
      ? [
          {
            token: Take,
            word: 'take',
            snippet: 'take $0',
            meaning: 'takes a model’s tensors, untouched',
          },
        ]
      : []),
    { token: To, word: 'to', snippet: 'to "$1"', meaning: 'the folder of an output' },
    { token: In, word: 'in', snippet: 'in ${1:0..1}', meaning: 'the range of a knob' },
    { token: As, word: 'as', snippet: 'as ${1:name}', meaning: 'a name for an import' },
    { token: Step, word: 'step', snippet: 'step ${1:2}', meaning: 'every so many' },
    ...(inPlace
      ? [
          {
            token: Except,
            word: 'except',
            snippet: 'except $0',
            meaning: 'all before it, less what follows',
          },
        ]
      : []),
  ];
  return words
    .filter(({ token }) => expects(ways, token))
    .map(({ word, snippet, meaning }) => ({
      label: word,
      snippet,
      icon: CompletionItemKind.Keyword,
      detail: meaning,
      rank: 1,
      goesOn: true,
    }));
}

export function proposeSource(statement: SourceStatement | SearchStatement): readonly Proposal[] {
  switch (statement.kind) {
    case 'model':
      return [
        {
          label: '"…"',
          snippet: '"$1"',
          icon: CompletionItemKind.File,
          detail: 'a folder, a file or a hub id',
          rank: 1,
          goesOn: true,
        },
        functionProposal('local', 'local("$1")', 2),
        functionProposal('hub', 'hub("$1")', 2),
      ];
    case 'adapter':
      return [functionProposal('lora', 'lora("$1", on: ${2:base})', 1)];
    case 'stats':
      return ['fisher', 'second_moments', 'gram', 'imatrix', 'coefficients', 'mask'].map((name) =>
        functionProposal(name, `${name}("$1", of: \${2:math})`, 1),
      );
    case 'evaluate':
      return [functionProposal('command', 'command("$1", metrics: ["$2"])', 1)];
    case 'sweep':
      return [
        functionProposal('grid', 'grid(${1:final}, turn: [$2])', 1),
        functionProposal('random', 'random(${1:final}, turn: [$2])', 2),
      ];
    case 'search':
      return [
        functionProposal('cma_es', 'cma_es(${1:final}, turn: [$2], maximize: $3)', 1),
        functionProposal('random', 'random(${1:final}, turn: [$2], maximize: $3)', 2),
      ];
    default:
      return statement satisfies never;
  }
}

const tokenMap: Proposal = {
  label: '{ "…": … }',
  snippet: '{ "$1": ${2:base} }',
  icon: CompletionItemKind.Snippet,
  rank: 1,
};

/** Steps that no output writes yet, then the others and the models. */
export function proposeOutput(cursor: Cursor): readonly Proposal[] {
  const written = new Set(
    cursor.analysis.recipe.statements.flatMap((statement) =>
      statement.kind === 'output' && statement !== cursor.path[0]
        ? [statement.target?.parts[0]?.text]
        : [],
    ),
  );
  return namesInScope(cursor)
    .filter(({ kind }) => kind === 'model')
    .map((entity) => {
      const isStep = entity.statement.kind === 'merge';
      return nameProposal(entity, !isStep ? 3 : written.has(entity.name) ? 2 : 1);
    });
}

export function proposeOutputSetting({
  given,
}: Extract<Slot, { kind: 'output setting' }>): readonly Proposal[] {
  return outputSettings
    .filter((name) => !given.includes(name))
    .map((name) => ({
      label: name,
      snippet: `${name} = $0`,
      icon: CompletionItemKind.Property,
      detail: settingPages.get(name)?.meaning ?? '',
      rank: 1,
      about: { kind: 'setting', name },
      goesOn: true,
    }));
}

export function proposeOutputValue(
  cursor: Cursor,
  { setting }: Extract<Slot, { kind: 'output value' }>,
): readonly Proposal[] {
  const presets = namesInScope(cursor)
    .filter(({ kind }) => kind === 'size')
    .map((entity) => nameProposal(entity, 2));
  switch (setting) {
    case 'dtype':
      return dtypeWords.map((word) => wordProposal(word, 1));
    case 'card':
      return [wordProposal('true', 1), wordProposal('false', 1)];
    case 'shards':
      return [wordProposal('5 GB', 1), wordProposal('2 GB', 1), ...presets];
    case 'tokenizer':
      return [
        functionProposal('union', 'union([$1])', 1),
        ...namesInScope(cursor)
          .filter(({ kind }) => kind === 'model')
          .map((entity) => nameProposal(entity, 2)),
      ];
    case 'chat_template':
      return [
        ...templateWords.map((word) => wordProposal(word, word === 'majority' ? 1 : 2)),
        functionProposal('file', 'file("$1")', 3),
      ];
    case 'tokens':
      return [{ ...tokenMap, detail: settingPages.get(setting)?.meaning ?? '' }];
    case 'pad_vocabulary_to':
      return [wordProposal('8', 1), wordProposal('64', 2)];
    default:
      return [];
  }
}
