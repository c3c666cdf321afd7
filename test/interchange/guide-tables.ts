/** The tables of the guide, from the tables of the code. */
import { catalogue } from '../../engine/methods/catalogue.ts';
import { interchangeKinds } from '../../grammar/diagnostics/interchange.ts';
import { keysOf, type MapKind } from '../../grammar/mergekit/config/keys.ts';
import { foreignMethods } from '../../grammar/mergekit/methods.ts';

const places: Readonly<Partial<Record<MapKind, string>>> = {
  document: 'the top level',
  entry: '`models`',
  slice: '`slices`',
  source: '`sources`',
  module: '`modules`',
  tokenizer: '`tokenizer`',
  token: '`tokens`',
  tokenSource: '`source` of a token',
  conditional: 'a list of filters',
  mixture: 'the top level of a mixture',
  expert: '`experts`',
};

export function keyRows(): readonly string[] {
  return (Object.keys(places) as MapKind[]).flatMap((kind) =>
    keysOf[kind].map(({ name, recipe }) => `| \`${name}\` | ${places[kind]} | ${recipe} |`),
  );
}

export function methodRows(): readonly string[] {
  return [...foreignMethods.values()].map(({ name, ours, form, parameters }) => {
    const isLater = catalogue.get(ours)?.later === true;
    const called = form === 'layers' ? '`stack`, `m[…]` and `scale`' : `\`${ours}\``;
    const pairs = parameters
      .filter((parameter) => parameter.ours !== undefined)
      .map((parameter) =>
        parameter.ours === parameter.name
          ? `\`${parameter.name}\``
          : `\`${parameter.name}\` is \`${parameter.ours!}\``,
      );
    return `| \`${name}\` | ${called}${isLater ? ', *later*' : ''} | ${pairs.join(', ')} |`;
  });
}

export function noteRows(): readonly string[] {
  return interchangeKinds
    .filter(({ code }) => code.startsWith('MW71'))
    .map(({ code, title, what }) => `| ${code} | ${title} | ${what.split('\n')[0]!} |`);
}
