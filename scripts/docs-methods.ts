/** A page for every method of the catalogue, and one that lists them. */
import type { MethodSignature, Parameter } from '../grammar/catalogue.ts';
import { parametersOf } from '../grammar/check/parameters.ts';
import { catalogue } from '../engine/methods/catalogue.ts';
import {
  code,
  defaultText,
  generated,
  holdsText,
  type Page,
  page,
  recipe,
  table,
  typeText,
} from './docs-text.ts';

const source = 'the catalogue in `engine/methods/`';

export function methodPages(): readonly Page[] {
  const methods = [...catalogue.values()];
  return [indexPage(methods), ...methods.map(methodPage)];
}

function indexPage(methods: readonly MethodSignature[]): Page {
  const families = new Map<string, MethodSignature[]>();
  for (const method of methods) {
    families.set(method.family, [...(families.get(method.family) ?? []), method]);
  }
  const sections = [...families].flatMap(([family, members]) => [
    `## ${family.slice(0, 1).toUpperCase()}${family.slice(1)}`,
    table(
      ['method', 'what it does', ''],
      members.map((method) => [
        `[${code(callText(method))}](${method.name}.md)`,
        method.summary,
        method.later === true ? 'runs later' : '',
      ]),
    ),
  ]);
  return page(
    'docs/methods/README.md',
    '# Methods',
    'Every merge method is a typed function of the recipe language.\nIts inputs come first, by position; then its parameters, by name.\nA method that runs later is checked like the others, and `run` refuses it.',
    ...sections,
    generated(source),
  );
}

function callText({ name, inputs }: MethodSignature): string {
  switch (inputs.kind) {
    case 'ends':
      return `${name}(${inputs.names.join(', ')})`;
    case 'one':
      return `${name}(${inputs.name})`;
    case 'experts':
      return inputs.base === 'none' ? `${name}([x, …])` : `${name}(base, [x, …])`;
  }
}

function methodPage(method: MethodSignature): Page {
  const parameters = parametersOf(method);
  return page(
    `docs/methods/${method.name}.md`,
    `# ${code(method.name)}: ${method.title}`,
    method.summary,
    method.later === true
      ? '> This version checks it, and refuses to run what depends on it.'
      : undefined,
    recipe(method.example),
    `## What it computes\n\n\`\`\`text\n${method.formula}\n\`\`\`\n\n${method.reference}.`,
    `## Inputs\n\n${inputsText(method)}`,
    `## Parameters\n\n${parameterTable(parameters)}`,
    ...choices(parameters),
    method.random === true
      ? '## Seeds\n\nIts draws are keyed by the seed, by which call of the statement it is, by the expert, the tensor’s name and the element.\nThe same recipe, inputs and seed give the same bytes on every machine.\nTwo statements with one seed drop the same elements, and a warning says so.'
      : undefined,
    '[All methods](README.md) · [The language](../language.md)',
    generated(source),
  );
}

function inputsText({ inputs, gives, makes }: MethodSignature): string {
  const result =
    makes === 'adapter' ? 'It makes an adapter, which is written into files.' : resultText(gives);
  switch (inputs.kind) {
    case 'ends':
      return `${inputs.names.map(code).join(' and ')}, by position. ${result}`;
    case 'one':
      return `One ${inputs.takes === 'delta' ? 'Delta' : 'Model or Delta'}, ${code(inputs.name)}. ${result}`;
    case 'experts': {
      const most = inputs.atMost === undefined ? '' : `, at most ${inputs.atMost}`;
      const list = `a list of at least ${inputs.atLeast} ${inputs.atLeast === 1 ? 'expert' : 'experts'}${most}`;
      switch (inputs.base) {
        case 'required':
          return `A base, then ${list}. ${result}`;
        case 'optional':
          return `A base, then ${list}; or the list alone, of Deltas. ${result}`;
        case 'none':
          return `${list.slice(0, 1).toUpperCase()}${list.slice(1)}. ${result}`;
      }
    }
  }
}

function resultText(gives: MethodSignature['gives']): string {
  switch (gives) {
    case 'model':
      return 'It gives a Model.';
    case 'delta':
      return 'It gives a Delta.';
    case 'share':
      return 'It gives what it is given: a Model or a Delta.';
    case 'experts':
      return 'It gives a Model, or a Delta where its inputs are Deltas without a base.';
  }
}

function parameterTable(parameters: readonly Parameter[]): string {
  return table(
    ['parameter', 'type', 'default', 'holds', 'meaning'],
    parameters.map((parameter) => [
      code(parameter.name),
      typeText(parameter.type),
      defaultText(parameter),
      holdsText(parameter),
      parameter.meaning,
    ]),
  );
}

/** The words of each choice, with their meanings. */
function choices(parameters: readonly Parameter[]): readonly string[] {
  return parameters.flatMap(({ name, type }) =>
    type.kind === 'choice'
      ? [
          `### ${code(name)}\n\n${table(
            ['word', 'meaning'],
            type.words.map(({ word, meaning }) => [code(word), meaning]),
          )}`,
        ]
      : [],
  );
}
