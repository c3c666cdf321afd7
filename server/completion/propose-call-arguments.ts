/** Arguments of functions that are no methods: their names, and what fits behind each. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Entity } from '../analysis/entities.ts';
import type { Cursor } from './cursor.ts';
import { argumentsLeft, type ArgumentWanted, type CallArgument } from './other-calls.ts';
import { functionProposal, listProposal, proposeModels } from './propose-inputs.ts';
import { proposeCondition } from './propose-measures.ts';
import { nameProposal, type Proposal, valueProposal, wordProposal } from './proposal.ts';
import type { Slot } from './slot.ts';
import { namesInScope } from './tensor-names.ts';

/** Required ones first. */
export function proposeCallArgument({
  call,
  named,
}: Extract<Slot, { kind: 'call argument' }>): readonly Proposal[] {
  return argumentsLeft(call, named).map((argument) => {
    const { name, isRequired, meaning, wanted } = argument;
    const goesOn = ['choice', 'model', 'models', 'step', 'place', 'row', 'score'].includes(
      wanted.kind,
    );
    return {
      label: name,
      snippet: `${name}: ${sampleOf(argument)}`,
      icon: CompletionItemKind.Property,
      detail: meaning,
      rank: isRequired ? 1 : 2,
      ...(goesOn ? { goesOn } : {}),
    };
  });
}

/** A value to start from. */
function sampleOf({ wanted }: CallArgument): string {
  switch (wanted.kind) {
    case 'text':
    case 'token':
      return '"$1"';
    case 'texts':
      return '["$1"]';
    case 'models':
    case 'knobs':
    case 'scores':
      return '[$1]';
    case 'score':
      return '$1';
    case 'duration':
      return '${1:20 min}';
    case 'count':
      return '${1:100}';
    case 'seed':
      return '${1:0}';
    case 'step':
      return '${1:final}';
    case 'model':
    case 'row':
      return '${1:base}';
    case 'place':
      return '${1:attention}';
    case 'choice':
      return `\${1:${wanted.words[0] ?? ''}}`;
    default:
      return wanted satisfies never;
  }
}

/** What stands behind the colon, or in the place of an argument without a name. */
export function proposeCallValue(cursor: Cursor, wanted: ArgumentWanted): readonly Proposal[] {
  switch (wanted.kind) {
    case 'text':
    case 'token':
      return [{ ...quoted, label: '"…"', snippet: '"$1"' }];
    case 'texts':
      return [{ ...quoted, label: '["…"]', snippet: '["$1"]' }];
    case 'duration':
      return [valueProposal('20 min', 'minutes', 1), valueProposal('1 h', 'hours', 2)];
    case 'count':
      return [valueProposal('100', 'a whole number', 1), ...namesOf(cursor, isNumber)];
    case 'seed':
      return [valueProposal('0', 'a whole number', 1), ...namesOf(cursor, isNumber)];
    case 'step':
    case 'model':
    case 'place':
      return proposeModels(cursor);
    case 'models':
      return [listProposal('the models, in one list', 1)];
    case 'row':
      return [...proposeModels(cursor), row];
    case 'knobs':
      return [listProposal('the knobs, in one list', 1)];
    case 'score':
      return proposeScore(cursor);
    case 'scores':
      return [listProposal('metrics and measures, in one list', 1)];
    case 'choice':
      return wanted.words.map((word) => wordProposal(word, 1));
    default:
      return wanted satisfies never;
  }
}

/** An item of a list that is an argument. */
export function wantedInList(wanted: ArgumentWanted): ArgumentWanted | 'knob' | undefined {
  switch (wanted.kind) {
    case 'models':
      return { kind: 'model' };
    case 'scores':
      return { kind: 'score' };
    case 'texts':
      return { kind: 'text' };
    case 'knobs':
      return 'knob';
    default:
      return undefined;
  }
}

/** Every `param` with a range. */
export function proposeKnobs(cursor: Cursor): readonly Proposal[] {
  return namesOf(cursor, ({ statement }) => statement.kind === 'param');
}

/** Where the row of a token comes from. */
export function proposeTokenRow(cursor: Cursor): readonly Proposal[] {
  return [
    ...proposeModels(cursor),
    functionProposal('force', 'force(${1:base})', 2),
    row,
    wordProposal('zero', 2, 'a row of zeros'),
  ];
}

const row = functionProposal('row', 'row(${1:base}, "$2")', 2);

const quoted = { icon: CompletionItemKind.Text, rank: 1 } satisfies Partial<Proposal>;

/** Evaluations, by their names, and measures. */
function proposeScore(cursor: Cursor): readonly Proposal[] {
  return [...namesOf(cursor, ({ kind }) => kind === 'evaluation'), ...proposeCondition(cursor)];
}

function namesOf(cursor: Cursor, fits: (entity: Entity) => boolean): readonly Proposal[] {
  return namesInScope(cursor)
    .filter(fits)
    .map((entity) => nameProposal(entity, 1));
}

function isNumber({ kind }: Entity): boolean {
  return kind === 'number';
}
