/** Values: numbers, knobs and curves that fit, the words of a choice, types, ranges. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Parameter } from '../../grammar/catalogue.ts';
import { dtypeWords } from '../../grammar/check/dtypes.ts';
import { rangeOf } from '../../grammar/check/parameters.ts';
import type { Call } from '../../grammar/syntax/tree.ts';
import { entitiesOf } from '../analysis/entities.ts';
import { rangeText, typeText, valueText } from '../describe/values.ts';
import type { Cursor } from './cursor.ts';
import { argumentsOf } from './other-calls.ts';
import { expertNames } from './propose-arguments.ts';
import { proposeCallArgument } from './propose-call-arguments.ts';
import { functionProposal, proposeModels } from './propose-inputs.ts';
import {
  methodProposal,
  nameProposal,
  type Proposal,
  sampleValue,
  valueProposal,
  wordProposal,
} from './proposal.ts';
import type { Slot } from './slot.ts';
import { isTensors, namesInScope } from './tensor-names.ts';

const curve = functionProposal('curve', 'curve(${1:0}, ${2:1})$0', 4);

export function proposeParameterValue(
  cursor: Cursor,
  { parameter, call }: Extract<Slot, { kind: 'parameter value' }>,
): readonly Proposal[] {
  return [...ofType(cursor, parameter, call), ...byModel(cursor, parameter, call)];
}

function ofType(cursor: Cursor, parameter: Parameter, call: Call | undefined): readonly Proposal[] {
  const { type } = parameter;
  switch (type.kind) {
    case 'number':
      return [
        ...numbers(parameter),
        ...numberNames(cursor, parameter),
        ...(parameter.byPlace === true ? [curve] : []),
      ];
    case 'boolean':
      return booleans(parameter.default);
    case 'choice':
      return type.words.map(({ word, meaning }) =>
        wordProposal(word, 1, word === valueOf(parameter) ? `${meaning} (default)` : meaning),
      );
    case 'dtype':
      return dtypeWords.map((word) => wordProposal(word, 1));
    case 'stats':
      return namesInScope(cursor)
        .filter(({ kind }) => kind === 'stats')
        .map((entity) => nameProposal(entity, 1));
    case 'model': {
      if (call === undefined) return proposeModels(cursor);
      const entities = entitiesOf(cursor.analysis);
      return expertNames(cursor, call).map((name) => nameProposal(entities.get(name)!, 1));
    }
    case 'texts':
      return [textList];
    case 'text':
      return [text];
    default:
      return type satisfies never;
  }
}

const text: Proposal = {
  label: '"…"',
  snippet: '"$1"',
  icon: CompletionItemKind.Text,
  rank: 1,
};
const textList: Proposal = { ...text, label: '["…"]', snippet: '["$1"]' };

const valueOf = ({ default: value }: Parameter) =>
  typeof value === 'object' ? value.paper : value;

function booleans(byDefault: Parameter['default']): readonly Proposal[] {
  return [true, false].map((value) =>
    wordProposal(String(value), 1, value === byDefault ? 'the default' : undefined),
  );
}

/** The default, then the ends of the range. */
function numbers(parameter: Parameter): readonly Proposal[] {
  const { type } = parameter;
  if (type.kind !== 'number') return [];
  const byDefault = valueOf(parameter);
  const { min, max, aboveMin } = rangeOf(type);
  const isLow = min > -Infinity && !aboveMin;
  const isHigh = max < Number.MAX_SAFE_INTEGER;
  const shown = rangeText(type);
  const all = [
    valueProposal(
      sampleValue(parameter),
      byDefault === undefined ? (shown ?? typeText(type)) : 'the default',
      1,
    ),
    ...(isLow ? [valueProposal(valueText(min, type), 'the least', 2)] : []),
    ...(isHigh ? [valueProposal(valueText(max, type), 'the most', 2)] : []),
  ];
  return all.filter(({ label }, at) => all.findIndex((other) => other.label === label) === at);
}

/** Knobs and other names of numbers; curves only where a value may vary over depth. */
function numberNames(cursor: Cursor, { byPlace }: Pick<Parameter, 'byPlace'>): readonly Proposal[] {
  return namesInScope(cursor)
    .filter(({ kind }) => kind === 'number' || (kind === 'curve' && byPlace === true))
    .map((entity) => nameProposal(entity, 3));
}

/** `{ math: …, code: … }`, where a value for each expert may stand. */
function byModel(
  cursor: Cursor,
  parameter: Parameter,
  call: Call | undefined,
): readonly Proposal[] {
  const holder = cursor.path.at(-2);
  if (parameter.byModel !== true || call === undefined || holder?.kind !== 'argument') return [];
  const names = expertNames(cursor, call);
  if (names.length < 2) return [];
  const entries = names.map((name, i) => `${name}: \${${i + 1}:${sampleValue(parameter)}}`);
  return [
    {
      label: '{ … }',
      snippet: `{ ${entries.join(', ')} }`,
      icon: CompletionItemKind.Snippet,
      detail: 'a value for each expert',
      rank: 5,
    },
  ];
}

export function proposeNumber(cursor: Cursor): readonly Proposal[] {
  return [...numberNames(cursor, { byPlace: true }), curve];
}

/** What a `let` may hold. */
export function proposeValue(cursor: Cursor): readonly Proposal[] {
  const names = namesInScope(cursor).filter(
    (entity) =>
      isTensors(entity) || ['number', 'curve', 'mask', 'list', 'map'].includes(entity.kind),
  );
  return [
    ...names.map((entity) => nameProposal(entity, 1)),
    { ...curve, rank: 2 },
    ...[...cursor.analysis.catalogue.values()].map((method) => methodProposal(method, 3)),
  ];
}

/** Behind `in`: the range of the knob's type. */
export function proposeRange({ type }: Extract<Slot, { kind: 'range' }>): readonly Proposal[] {
  const range =
    type === 'Count' || type === 'Seed' ? '1..8' : type === 'Ratio' ? '0%..100%' : '0..1';
  const narrower = type === 'Ratio' ? [valueProposal('10%..90%', 'a part of it', 2)] : [];
  return [valueProposal(range, `the range of ${type ?? 'a share'}`, 1), ...narrower];
}

export function proposeType(
  cursor: Cursor,
  { of }: Extract<Slot, { kind: 'type' }>,
): readonly Proposal[] {
  const numberTypes = ['Ratio', 'Scalar', 'Count', 'Seed', 'Curve', 'Bool'];
  const types =
    of === 'param'
      ? [...numberTypes, 'Choice']
      : [...numberTypes, 'Delta', 'Mask', 'Text', 'Bytes', 'Duration'];
  const presets =
    of === 'param'
      ? []
      : [
          wordProposal('output', 2, 'settings of an output'),
          ...[...cursor.analysis.catalogue.values()].map(({ name, title }) =>
            wordProposal(name, 3, `arguments of ${title}`),
          ),
        ];
  return [
    ...types.map((type): Proposal => ({ label: type, icon: CompletionItemKind.Class, rank: 1 })),
    ...presets,
  ];
}

export function proposeCurve(
  cursor: Cursor,
  { call }: Extract<Slot, { kind: 'curve' }>,
): readonly Proposal[] {
  const known = argumentsOf(cursor, call);
  const options =
    known === undefined
      ? []
      : proposeCallArgument({ kind: 'call argument', call, named: known.named });
  return [...numberNames(cursor, {}), ...options];
}
