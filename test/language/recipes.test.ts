/** Every recipe of the fixtures, under a prelude that declares its sources, and every recipe of the examples. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { checkRecipe } from '../../engine/recipe/open-recipe.ts';
import { check } from '../../grammar/check/check.ts';
import { sourcesOf } from '../../grammar/check/sources.ts';
import { headersFor, llama, type LlamaShape } from '../../grammar/check/test-models.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Models a fixture leaves out, and adapters, which lie on the first of them. */
const leftOut: Readonly<Record<string, { readonly models: string; readonly adapters?: string }>> = {
  'adapters-and-heads.merge': { models: 'persona himeyuri mag_mell lumimaid wayfarer v0 v1 a b' },
  'blocks.merge': { models: 'a b sd15 c' },
  'by-model.merge': {
    models: 'base orca platypus maths antirep painted codex loki mxbai bge gist uae',
  },
  'experts.merge': { models: 'smol r1 science technology' },
  'gradients.merge': { models: '' },
  'lora.merge': { models: 'base', adapters: 'style hero norobots adcopy sql' },
  'negation.merge': {
    models: 'base instruct maths python llama2 taide chat code code_base math',
    adapters: 'tone',
  },
  'slices.merge': { models: 'nemo rocinante' },
  'statistics.merge': { models: 'math code base' },
  'swap.merge': { models: 'math swahili' },
  'three-steps.merge': {
    models: 'mistral biomistral hermes openhermes luna_maid vermilion_sage dark_quill mag_mell',
  },
  'tokenizer.merge': { models: 'llama3 chatml' },
  'whole.merge': { models: '' },
};

/** Warnings that a fixture deserves, for it holds several recipes in one file. */
const deserved: Readonly<Record<string, readonly string[]>> = {
  'by-model.merge': ['MW3105'],
};

function fixture(name: string): string {
  const { models, adapters = '' } = leftOut[name]!;
  const names = models.split(' ').filter(Boolean);
  const prelude = [
    ...names.map((model) => `model ${model} = "./models/${model}"`),
    ...adapters
      .split(' ')
      .filter(Boolean)
      .map((adapter) => `adapter ${adapter} = lora("./adapters/${adapter}", on: ${names[0]})`),
  ];
  return [...prelude, readFileSync(`${root}test/fixtures/recipes/${name}`, 'utf8')].join('\n');
}

function findings(text: string, shape?: LlamaShape): readonly string[] {
  const parsed = parse(text);
  const models = Object.fromEntries(
    sourcesOf(parsed.recipe).map(({ name }) => [name, llama(shape)]),
  );
  const { diagnostics } = check({
    text,
    ...parsed,
    catalogue,
    ...(shape === undefined ? {} : { headers: headersFor(models) }),
  });
  return diagnostics
    .filter(({ severity, code }) => severity !== 'hint' && code !== 'MW3901')
    .map(({ code, message }) => `${code} ${message}`);
}

const mergeFiles = (folder: string): readonly string[] =>
  readdirSync(root + folder).filter((name) => name.endsWith('.merge'));

describe('recipes of the fixtures', () => {
  const names = mergeFiles('test/fixtures/recipes');

  it('are all declared here', () =>
    expect(names.toSorted()).toEqual(Object.keys(leftOut).toSorted()));

  it.each(names)('%s parses, checks clean as text, and is in normal form', (name) => {
    const text = fixture(name);
    const left = findings(text).filter((one) => !deserved[name]?.includes(one.slice(0, 6)));
    expect(left).toEqual([]);
    expect(format(text)).toBe(text);
  });

  // Blocks have names in diffusion models alone; the tour's rules speak of 28 layers.
  it.each(names.filter((name) => name !== 'blocks.merge'))(
    '%s checks clean with headers',
    (name) => {
      const left = findings(fixture(name), { layers: 40, width: 64 })
        .filter((one) => !deserved[name]?.includes(one.slice(0, 6)))
        .filter((one) => !one.startsWith('MW4115'));
      expect(left).toEqual([]);
    },
  );
});

describe('recipes of the examples', () => {
  it.each(mergeFiles('examples/digits'))(
    '%s has no findings, down to the headers',
    async (name) => {
      const path = `${root}examples/digits/${name}`;
      const text = readFileSync(path, 'utf8');
      const { checked } = await checkRecipe(text, path);
      expect(checked.diagnostics).toEqual([]);
      expect(checked.reached).toBe('headers');
      expect(format(text)).toBe(text);
      expect(basename(path)).toBe(name);
    },
  );
});
