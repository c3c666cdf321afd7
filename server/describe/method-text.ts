/** A method in words: its signature, and its page. */
import type { Inputs, MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import { isRequired, parametersOf } from '../../grammar/check/parameters.ts';
import { code, paragraphs, recipeBlock, table } from './markdown.ts';
import { defaultText, parameterDetail, rangeText, scopeText, typeText } from './values.ts';

/** What stands before the named arguments, one label a position. */
export function inputLabels(inputs: Inputs): readonly string[] {
  switch (inputs.kind) {
    case 'ends':
      return inputs.names;
    case 'one':
      return [inputs.name];
    case 'experts':
      return [...(inputs.base === 'none' ? [] : ['base']), '[x, …]'];
    default:
      return inputs satisfies never;
  }
}

/** `ties(base, [x, …], density: Ratio = 20%, …)`, and the pieces between its commas. */
export function signatureLabel(method: MethodSignature): {
  readonly label: string;
  readonly pieces: readonly string[];
} {
  const pieces = [
    ...inputLabels(method.inputs),
    ...parametersOf(method).map((parameter) => `${parameter.name}: ${parameterDetail(parameter)}`),
  ];
  return { label: `${method.name}(${pieces.join(', ')})`, pieces };
}

/** What a call gives, for one line. */
export function resultText({ gives, inputs, makes }: MethodSignature): string {
  if (makes === 'adapter') return 'adapter';
  switch (gives) {
    case 'model':
      return 'Model';
    case 'delta':
      return 'Delta';
    case 'share':
      return 'what it is given';
    case 'experts':
      return inputs.kind === 'experts' && inputs.base === 'required' ? 'Model' : 'Model or Delta';
    default:
      return gives satisfies never;
  }
}

/** Signature, meaning, formula, parameters, example, paper: always in this order. */
export function methodPage(method: MethodSignature): string {
  const inputs = inputLabels(method.inputs).join(', ');
  return paragraphs(
    recipeBlock(`${method.name}(${inputs}, …) → ${resultText(method)}`),
    `**${method.title}.** ${method.summary}`,
    code(method.formula),
    parameterTable(parametersOf(method)),
    recipeBlock(method.example),
    method.reference,
  );
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map((parameter) => [
    code(parameter.name),
    code(typeText(parameter.type)),
    defaultText(parameter) ?? (isRequired(parameter) ? 'required' : ''),
    scopeText(parameter),
    parameter.meaning,
  ]);
  return table(['parameter', 'type', 'default', 'holds', 'meaning'], rows);
}

/** What is known of a parameter wherever it stands. */
export function parameterPage(parameter: Parameter): string {
  const range = rangeText(parameter.type);
  const byDefault = defaultText(parameter);
  const hasDefault = byDefault !== undefined && byDefault !== '';
  const facts = [
    ...(range === undefined ? [] : [`range ${range}`]),
    ...(hasDefault ? [`default ${byDefault}`] : isRequired(parameter) ? ['required'] : []),
    scopeText(parameter),
  ];
  const words =
    parameter.type.kind === 'choice'
      ? parameter.type.words.map(({ word, meaning }) => `- ${code(word)}: ${meaning}`).join('\n')
      : undefined;
  return paragraphs(
    recipeBlock(`${parameter.name}: ${typeText(parameter.type)}`),
    parameter.meaning,
    facts.join(' · '),
    words,
  );
}
