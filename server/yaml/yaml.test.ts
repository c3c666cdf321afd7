/** mergekit's YAML in the editor: the cursor is `‸`, ranges are `⟦…⟧`. */
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { answerFor, marked, unmarked } from '../test-kit.ts';
import { actionsIn } from './code-actions.ts';
import { analyseYaml, type YamlAnalysis } from './analysis.ts';
import { completionIn } from './completion.ts';
import { hoverIn } from './hover.ts';

const uri = 'file:///merges/blend.yml';

function analysed(
  text: string,
  models?: Parameters<typeof analyseYaml>[0]['models'],
): YamlAnalysis {
  const analysis = analyseYaml({
    uri,
    version: 1,
    text,
    title: 'blend',
    catalogue,
    ...(models === undefined ? {} : { models }),
  });
  if (analysis === undefined) throw new Error('it does not look like mergekit');
  return analysis;
}

function found(
  text: string,
  models?: Parameters<typeof analyseYaml>[0]['models'],
): readonly string[] {
  return analysed(text, models).findings.map(
    ({ start, end, code }) =>
      `${code} ${marked(text, [{ start, end }])
        .split('\n')
        .find((line) => line.includes('⟦'))
        ?.trim()}`,
  );
}

const ties = `merge_method: ties
base_model: org/base
models:
  - model: org/a
    parameters:
      weight: 1
      density: 20
  - model: org/b
    parameters:
      weight: 0.5
      density: [0.5, 1.5]
parameters:
  int8_mask: true
`;

describe('findings', () => {
  test('of import and of the check, at their places in the YAML', () => {
    expect(found(ties)).toMatchInlineSnapshot(`
      [
        "MW3002 density: ⟦20⟧",
        "MW7109 density: ⟦[0.5, 1.5]⟧",
        "MW3002 density: [0.5, ⟦1.5⟧]",
        "MW7102 ⟦int8_mask⟧: true",
      ]
    `);
  });

  test('of headers', () => {
    const linear = `merge_method: linear
models:
  - model: ./wide
    parameters: { weight: 1 }
  - model: ./narrow
    parameters: { weight: 1 }
`;
    const models = new Map([
      ['wide', answerFor('wide', { width: 16 })],
      ['narrow', answerFor('narrow', { width: 8 })],
    ]);
    expect(found(linear, models)).toMatchInlineSnapshot(`
      [
        "MW4104 - model: ⟦./narrow⟧",
      ]
    `);
  });

  test('what is no YAML is left to others, and what is not mergekit’s to all', () => {
    expect(found('merge_method: [\n')).toEqual([]);
    for (const text of [
      'modules:\n  - name: x\n',
      'services:\n  web: {}\n',
      '# merge_method: ties\n',
    ]) {
      expect(analyseYaml({ uri, version: 1, text, title: 'x', catalogue })).toBeUndefined();
    }
  });
});

describe('completion', () => {
  const labels = (text: string): string => {
    const { text: plain, offset } = unmarked(text);
    return completionIn(plain, offset, catalogue)
      .map(({ label }) => label)
      .join(' ');
  };

  test.each([
    [
      'the top level',
      'merge_method: ties\nbase_model: org/a\n‸',
      'models slices modules parameters dtype out_dtype tokenizer tokenizer_source chat_template name',
    ],
    [
      'a word half written',
      'merge_method: ties\nbase_model: org/a\nmod‸',
      'models slices modules parameters dtype out_dtype tokenizer tokenizer_source chat_template name',
    ],
    ['an entry of models', 'merge_method: ties\nmodels:\n  - ‸', 'model parameters'],
    ['an entry that goes on', 'merge_method: ties\nmodels:\n  - model: org/a\n    ‸', 'parameters'],
    [
      'parameters of a model',
      'merge_method: ties\nmodels:\n  - model: org/a\n    parameters:\n      weight: 1\n      ‸',
      'density',
    ],
    ['parameters of the method', 'merge_method: slerp\nparameters:\n  ‸', 't'],
    ['parameters above their method', 'parameters:\n  ‸\nmerge_method: nearswap\n', 't'],
    [
      'a list of filters',
      'merge_method: slerp\nparameters:\n  t:\n    - filter: mlp\n      ‸',
      'value',
    ],
    ['a type', 'merge_method: linear\ndtype: ‸', 'bfloat16 float16 float32'],
    [
      'a source of a slice',
      'merge_method: linear\nslices:\n  - sources:\n      - model: org/a\n        ‸',
      'layer_range parameters',
    ],
    [
      'a base that is named already',
      'merge_method: ties\nmodels:\n  - model: org/a\nbase_model: ‸',
      'org/a',
    ],
    ['a flag', 'merge_method: ties\nparameters:\n  rescale: ‸', 'true false'],
    ['a token', 'merge_method: linear\ntokenizer:\n  tokens:\n    "<x>":\n      ‸', 'source force'],
    [
      'an expert',
      'gate_mode: hidden\nexperts:\n  - source_model: org/a\n    ‸',
      'positive_prompts negative_prompts noise_scale residual_scale',
    ],
    [
      'a mixture',
      'gate_mode: ‸',
      'hidden cheap_embed random uniform_random hidden_avg hidden_last',
    ],
    ['a comment', 'merge_method: ties # ‸', ''],
  ])('%s', (_, text, expected) => {
    expect(labels(text)).toBe(expected);
  });

  test('every method of mergekit’s', () => {
    expect(labels('merge_method: ‸').split(' ')).toContain('della_linear');
  });

  test('what is taken replaces the word', () => {
    const { text, offset } = unmarked('merge_method: da‸re');
    const item = completionIn(text, offset, catalogue).find(({ label }) => label === 'dare_ties');
    expect(item!.textEdit).toEqual({
      range: { start: { line: 0, character: 14 }, end: { line: 0, character: 18 } },
      newText: 'dare_ties',
    });
  });
});

describe('hover', () => {
  const hover = (text: string): string | undefined => {
    const { text: plain, offset } = unmarked(text);
    return hoverIn(analysed(plain), offset)?.markdown;
  };

  test('a key, and what a recipe says instead', () => {
    expect(hover(ties.replace('base_model', 'base_‸model'))).toMatchInlineSnapshot(`
      "**\`base_model\`** What task vectors are taken from, and whose configuration and tokenizer are kept.

      In a recipe: the first input, before the list."
    `);
  });

  test('a parameter, with its range', () => {
    expect(hover(ties.replace('density: 20', 'dens‸ity: 20'))).toMatchInlineSnapshot(`
      "**\`density\`** of \`ties\`. The share of each task vector that is kept; 1 unless set.

      a number above 0, up to 1 · for each model

      In a recipe: \`density: …\`."
    `);
  });

  test('a method', () => {
    expect(hover(ties.replace(': ties', ': ti‸es'))).toContain('**TIES-Merging.**');
  });

  test('a model', () => {
    expect(hover(ties.replace('org/b\n', 'org/‸b\n'))).toBe('**`b`** in a recipe, `"org/b"`.');
  });
});

describe('actions', () => {
  const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const actions = (text: string, there: readonly string[] = []) =>
    actionsIn(
      analysed(text),
      { range: all, context: { diagnostics: [] } },
      { options: {}, canCreate: true, exists: (one) => there.includes(one) },
    );

  test('fixes of findings', () => {
    const [first] = actions('merge_method: dare-ties\nmodels: [{ model: a }]\n');
    expect(first!.title).toBe('Write `dare_ties`');
  });

  test('the file as a recipe beside it, over nothing that is there', () => {
    const convert = actions(ties, ['file:///merges/blend.merge']).find(
      ({ title }) => title === 'Convert to recipe',
    );
    const changes = convert!.edit!.documentChanges!;
    expect(changes[0]).toMatchObject({
      kind: 'create',
      uri: 'file:///merges/blend-2.merge',
      options: { overwrite: false },
    });
    expect(JSON.stringify(changes[1])).toContain('merge merged = ties(');
  });

  test('a file that is refused has no recipe', () => {
    expect(
      actions('merge_method: ties\nmodels: [{ model: a }]\n').map(({ title }) => title),
    ).toEqual([]);
  });
});
