import { describe, expect, test } from 'vitest';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { commentsOf } from '../../grammar/mergekit/yaml/comments.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import {
  checkedAsText,
  type Configuration,
  configurations,
  errorsIn,
  imported,
} from './configurations.ts';
import { fateOf } from './count.ts';

/** Why each of these is refused, and where. */
const refused: Readonly<Record<string, string>> = {
  'dare-ties-dtype-inside-parameters.yml': '5:10 MW7003',
  'evolve-genome-template.yml': '5:1 MW7001',
  'evolve-task-arithmetic.yml': '1:1 MW7012',
  'linear-lora-missing-weight.yml': '2:12 MW7007',
  'linear-negative-layer-range-weight-misplaced.yml': '4:20 MW7008',
  'moe-identical-empty-prompts.yml': '8:24 MW7011',
  'moe-prompts-as-strings.yml': '6:23 MW7011',
  'nuslerp-malformed-yaml.yml': '3:13 MW7001',
  'passthrough-bad-dtype-bfloat.yml': '1:8 MW7010',
  'passthrough-two-sources-in-one-slice.yml': '6:16 MW7009',
  'slerp-legacy-model-prefix-tokenizer-source.yml': '18:19 MW7013',
  'ties-weights-outside-parameters-no-base.yml': '1:15 MW7004',
};

const all = configurations();
const accepted = all.filter(({ name }) => refused[name] === undefined);

test('there are configurations of every kind', () => {
  expect(all).toHaveLength(57);
  expect(Object.keys(refused).filter((name) => !all.some((one) => one.name === name))).toEqual([]);
});

test.each(
  all.filter(({ name }) => refused[name] !== undefined).map((one) => [one.name, one] as const),
)('%s is refused, at its place', (name, configuration) => {
  const { recipe, findings } = imported(configuration);
  expect(recipe).toBeUndefined();
  const lines = lineMap(configuration.text);
  const errors = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, start }) => {
      const { line, column } = lines.positionAt(start);
      return `${line}:${column} ${code}`;
    });
  expect(errors).toContain(refused[name]);
});

describe.each(accepted.map((one) => [one.name, one] as const))('%s', (_, configuration) => {
  const recipe = imported(configuration).recipe!.text;

  test('is a recipe without faults of syntax and names', () => {
    expect(parse(recipe).diagnostics).toEqual([]);
    expect(
      errorsIn(checkedAsText(recipe).diagnostics).filter((error) => /^MW[12]/.test(error)),
    ).toEqual([]);
  });

  test('is in normal form', () => {
    expect(format(recipe)).toBe(recipe);
  });

  test('keeps every comment', () => {
    expect(commentsLost(configuration, recipe)).toEqual([]);
  });

  test('comes back the same from mergekit’s YAML', () => {
    expect(fateOf(configuration)).toEqual({ kind: 'round-tripped' });
  });

  test('says of every finding where it is', () => {
    for (const { start, end } of imported(configuration).findings) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(configuration.text.length);
    }
  });
});

function commentsLost({ text }: Configuration, recipe: string): readonly string[] {
  const kept = parse(recipe).recipe.comments.map((comment) => comment.text.trim());
  return commentsOf(text)
    .map((comment) => comment.text.trim())
    .filter((comment) => {
      const at = kept.indexOf(comment);
      if (at >= 0) kept.splice(at, 1);
      return at < 0;
    });
}
