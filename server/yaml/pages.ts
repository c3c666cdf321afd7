/** What keys, methods and parameters of mergekit mean, and what a recipe says instead. */
import type { Catalogue, Parameter } from '../../grammar/catalogue.ts';
import { describeType, isRequired, parameterNamed } from '../../grammar/check/parameters.ts';
import type { KeyInfo } from '../../grammar/mergekit/config/keys.ts';
import type { ForeignMethod, ForeignParameter } from '../../grammar/mergekit/methods.ts';
import { code, paragraphs, recipeBlock, table } from '../describe/markdown.ts';

export function keyPage({ name, meaning, recipe, words }: KeyInfo): string {
  return paragraphs(
    `**${code(name)}** ${meaning}`,
    words === undefined ? undefined : `One of ${words.map(code).join(', ')}.`,
    `In a recipe: ${recipe}.`,
  );
}

export function foreignMethodPage(method: ForeignMethod, catalogue: Catalogue): string {
  const ours = catalogue.get(method.ours);
  const rows = method.parameters.map((parameter) => [
    code(parameter.name),
    parameter.byModel ? 'for each model' : 'for the method',
    parameter.isRequired ? 'required' : '',
    parameter.meaning,
  ]);
  return paragraphs(
    ours === undefined
      ? '**Layers as they are**, in a row, scaled where wanted.'
      : `**${ours.title}.** ${ours.summary}`,
    ours === undefined
      ? recipeBlock('merge tower = stack([a[0..23], b[8..31]])')
      : code(ours.formula),
    rows.length === 0
      ? 'It takes no parameters.'
      : table(['parameter', 'holds', '', 'meaning'], rows),
    ours?.reference,
    ours?.later === true ? 'Mergewright checks it; its engine does not run it yet.' : undefined,
  );
}

export function foreignParameterPage(
  method: ForeignMethod,
  foreign: ForeignParameter,
  catalogue: Catalogue,
): string {
  const { name, ours, meaning, byModel } = foreign;
  const parameter = oursOf(method, foreign, catalogue);
  const facts = [
    ...(parameter === undefined || foreign.as !== 'number' ? [] : [describeType(parameter.type)]),
    byModel ? 'for each model' : 'for the method as a whole',
    ...(foreign.isRequired || (parameter !== undefined && isRequired(parameter))
      ? ['required']
      : []),
  ];
  return paragraphs(
    `**${code(name)}** of ${code(method.name)}. ${meaning}`,
    facts.join(' · '),
    ours === undefined ? 'A recipe leaves it out.' : `In a recipe: ${code(`${ours}: …`)}.`,
  );
}

/** The parameter of a recipe's method that stands for one of mergekit's; what scales layers is `scale`'s. */
export function oursOf(
  method: ForeignMethod,
  { ours }: ForeignParameter,
  catalogue: Catalogue,
): Parameter | undefined {
  const found = catalogue.get(method.ours === 'stack' ? 'scale' : method.ours);
  return found && ours !== undefined ? parameterNamed(found, ours) : undefined;
}
