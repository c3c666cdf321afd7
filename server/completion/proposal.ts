/** One line of a completion list, before it is given to the protocol. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import { isRequired, parametersOf } from '../../grammar/check/parameters.ts';
import type { Entity } from '../analysis/entities.ts';
import { entityWord } from '../analysis/entities.ts';
import { signatureLine } from '../describe/signature-text.ts';
import { inputLabels, resultText } from '../describe/method-text.ts';
import { argumentDetail, valueText } from '../describe/values.ts';

/** What a proposal's documentation is made from when it is asked for; plain data. */
export type About =
  | { readonly kind: 'method'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly method: string }
  | { readonly kind: 'measure'; readonly name: string }
  | { readonly kind: 'function' | 'statement' | 'setting' | 'part'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string };

export interface Proposal {
  readonly label: string;
  /** What is written, with `$1` and `${1:…}` for what the author goes on to write; the label unless given. */
  readonly snippet?: string;
  readonly icon: CompletionItemKind;
  readonly detail?: string;
  /** Smaller stands higher; equal ones keep their order. */
  readonly rank: number;
  readonly about?: About;
  /** What stands inside it can be completed in turn. */
  readonly goesOn?: boolean;
}

/** A snippet as it is written where placeholders can't be: each by its text. */
export function plainText(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, '');
}

export function nameProposal(entity: Entity, rank: number): Proposal {
  const { name, signature } = entity;
  const about = signature === undefined ? '' : ` · ${signatureLine(signature)}`;
  return {
    label: name,
    icon: iconOf(entity),
    detail: `${entityWord(entity)}${about}`,
    rank,
    about: { kind: 'name', name },
  };
}

function iconOf({ kind }: Entity): CompletionItemKind {
  switch (kind) {
    case 'model':
    case 'delta':
    case 'adapter':
      return CompletionItemKind.Variable;
    case 'place':
      return CompletionItemKind.Field;
    case 'import':
      return CompletionItemKind.Module;
    default:
      return CompletionItemKind.Constant;
  }
}

/** A call with places for its inputs and for what it must be given. */
export function methodProposal(method: MethodSignature, rank: number): Proposal {
  let place = 0;
  const inputs = inputLabels(method.inputs).map((label) => {
    place += 1;
    return label.startsWith('[') ? `[$${place}]` : `\${${place}:${label}}`;
  });
  const named = parametersOf(method)
    .filter(isRequired)
    .map((parameter) => {
      place += 1;
      return `${parameter.name}: \${${place}:${sampleValue(parameter)}}`;
    });
  return {
    label: method.name,
    snippet: `${method.name}(${[...inputs, ...named].join(', ')})$0`,
    icon: CompletionItemKind.Function,
    detail: `${method.title} → ${resultText(method)}${method.later === true ? ' · runs later' : ''}`,
    rank: method.later === true ? rank + 10 : rank,
    about: { kind: 'method', name: method.name },
    goesOn: true,
  };
}

/** A value to start from: the default, else one that fits the type. */
export function sampleValue({ default: value, type }: Parameter): string {
  const own = typeof value === 'object' ? value.paper : value;
  if (own !== undefined && own !== '') return valueText(own, type);
  switch (type.kind) {
    case 'number':
      return type.name === 'Count' ? '1' : type.name === 'Ratio' ? '50%' : '0.5';
    case 'boolean':
      return 'true';
    case 'choice':
      return type.words[0]!.word;
    case 'dtype':
      return 'bf16';
    case 'texts':
      return '["…"]';
    case 'text':
      return '"…"';
    case 'stats':
    case 'model':
      return 'name';
    default:
      return type satisfies never;
  }
}

/** `density: 20%`, with the value to be written over. */
export function parameterProposal(
  parameter: Parameter,
  method: MethodSignature,
  { rank, sign }: { readonly rank: number; readonly sign: ': ' | ' = ' },
): Proposal {
  const isChosen = ['choice', 'boolean', 'dtype', 'stats', 'model'].includes(parameter.type.kind);
  const { name } = parameter;
  return {
    label: name,
    snippet: `${name}${sign}\${1:${sampleValue(parameter)}}`,
    icon: CompletionItemKind.Property,
    detail: argumentDetail(parameter),
    rank,
    about: { kind: 'parameter', name, method: method.name },
    ...(isChosen ? { goesOn: true } : {}),
  };
}

export function wordProposal(word: string, rank: number, meaning?: string): Proposal {
  return {
    label: word,
    icon: CompletionItemKind.EnumMember,
    rank,
    ...(meaning === undefined ? {} : { detail: meaning }),
  };
}

export function valueProposal(text: string, detail: string, rank: number): Proposal {
  return { label: text, icon: CompletionItemKind.Value, detail, rank };
}
