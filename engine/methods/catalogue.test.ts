import { describe, expect, test } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import { llama, headersFor } from '../../grammar/check/test-models.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { catalogue, methods } from './catalogue.ts';

const prelude = `model base = "./base"
model math = "./math"
model code = "./code"
stats f_math = fisher("./math-fisher.safetensors", of: math)
stats f_code = fisher("./code-fisher.safetensors", of: code)
`;
const models = headersFor({ base: llama(), math: llama(), code: llama() });

describe.each([...catalogue.values()])('$name', (method) => {
  const { name, example, later = false, isLinear = false, parameters } = method;
  test('its example checks, and says whether it runs', () => {
    const text = `${prelude}${example}`;
    const { diagnostics } = check({ text, ...parse(text), catalogue, headers: models });
    const inExample = diagnostics.filter(({ start }) => start >= prelude.length);
    expect(inExample.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(inExample.some(({ code }) => code === 'MW3901')).toBe(later);
  });

  test('it runs, or is marked as later', () => {
    expect(methods.has(name)).toBe(!later);
  });

  test('it says that it is linear where its coefficients are known', () => {
    expect(methods.get(name)?.coefficients !== undefined).toBe(isLinear);
  });

  test('every default lies in its range', () => {
    for (const { type, default: value } of parameters) {
      if (type.kind !== 'number' || value === undefined) continue;
      const { min = -Infinity, max = Infinity } = type;
      for (const one of typeof value === 'object' ? [value.paper, value.mergekit] : [value]) {
        expect(Number(one)).toBeGreaterThanOrEqual(min);
        expect(Number(one)).toBeLessThanOrEqual(max);
      }
    }
  });
});
