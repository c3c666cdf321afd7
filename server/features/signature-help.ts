/** Signature help: the call around the cursor, and which of its parameters is being written. */
import {
  type SignatureHelp,
  SignatureHelpRequest,
  type SignatureInformation,
} from 'vscode-languageserver';
import type { MethodSignature } from '../../grammar/catalogue.ts';
import { type Measure, measures } from '../../grammar/check/measures.ts';
import { parametersOf } from '../../grammar/check/parameters.ts';
import type { Call } from '../../grammar/syntax/tree.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { offsetAt } from '../analysis/positions.ts';
import { methodOf } from '../analysis/calls.ts';
import { cursorAt, isInComment, textCursor } from '../completion/cursor.ts';
import { measureForm, measureMeaning } from '../describe/measure-text.ts';
import { inputLabels, signatureLabel } from '../describe/method-text.ts';
import { documentFeature } from './feature.ts';

export function signatureHelpAt(analysis: Analysis, offset: number): SignatureHelp | undefined {
  if (isInComment(analysis, offset)) return undefined;
  const inText = textCursor(analysis, offset);
  const path = inText?.path ?? cursorAt(analysis, offset).path;
  const call = path.findLast((node) => node.kind === 'call' && node.callee.end < offset);
  if (call?.kind !== 'call') return undefined;
  const method = methodOf(call, analysis.catalogue);
  const at = path[path.indexOf(call) + 1];
  const argument = call.args.findIndex((arg) => arg === at);
  if (method !== undefined) return helpOf(method, call, argument);
  const measure = measures.get(call.callee.parts[0]?.text ?? '');
  return measure && measureHelp(measure, argument);
}

function helpOf(method: MethodSignature, call: Call, argument: number): SignatureHelp {
  const { label, pieces } = signatureLabel(method);
  const inputs = inputLabels(method.inputs).length;
  const parameters = parametersOf(method).map(({ meaning }) => meaning);
  let from = 0;
  const information: SignatureInformation = {
    label,
    documentation: { kind: 'markdown', value: method.summary },
    parameters: pieces.map((piece, place) => {
      const start = label.indexOf(piece, from);
      from = start + piece.length;
      const documentation = place < inputs ? undefined : parameters[place - inputs];
      return {
        label: [start, from],
        ...(documentation === undefined ? {} : { documentation }),
      };
    }),
  };
  return {
    signatures: [information],
    activeSignature: 0,
    activeParameter: activeOf(method, call, argument) ?? null,
  };
}

/** Undefined where the argument being written is none of the parameters yet. */
function activeOf(method: MethodSignature, call: Call, argument: number): number | undefined {
  const inputs = inputLabels(method.inputs).length;
  const written = call.args[argument];
  if (written?.kind === 'argument' && written.name !== undefined) {
    const named = parametersOf(method).findIndex(({ name }) => name === written.name?.text);
    return named < 0 ? undefined : inputs + named;
  }
  const isFirstList = written?.kind === 'argument' && written.value.kind === 'list';
  if (isFirstList) return inputs - 1;
  const position = Math.max(argument, 0);
  return position < inputs ? position : undefined;
}

function measureHelp(measure: Measure, argument: number): SignatureHelp {
  const label = measureForm(measure);
  const parameters = label
    .slice(measure.name.length + 1, -1)
    .split(', ')
    .reduce<[number, number][]>((places, name) => {
      const start = (places.at(-1)?.[1] ?? measure.name.length - 1) + 2;
      return [...places, [start, start + name.length]];
    }, [])
    .map((place) => ({ label: place }));
  const meaning = measureMeaning(measure);
  return {
    signatures: [
      { label, parameters, ...(meaning === undefined ? {} : { documentation: meaning }) },
    ],
    activeSignature: 0,
    activeParameter: argument >= 0 && argument < parameters.length ? argument : null,
  };
}

export const signatureHelp = documentFeature({
  name: 'signature help',
  about: 'The inputs and parameters of a call, the one at the cursor marked.',
  capabilities: {
    signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':'] },
  },
  request: SignatureHelpRequest.type,
  reads: 'text',
  empty: null as SignatureHelp | null,
  answer: (analysis, { position }) =>
    signatureHelpAt(analysis, offsetAt(analysis, position)) ?? null,
});
