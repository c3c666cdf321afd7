/** Every finding of interchange by its own examples: the wrong one has it, the right one has not. */
import { describe, expect, test } from 'vitest';
import { interchangeKinds } from '../../grammar/diagnostics/interchange.ts';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { checkedAsText, errorsIn } from './configurations.ts';
import { exportYaml } from '../../grammar/mergekit/export.ts';

function codesOf(code: string, text: string): readonly string[] {
  const isYaml = /^MW7[01]/.test(code);
  const { findings } = isYaml
    ? importYaml({ text, title: 'example' })
    : exportYaml({ text, checked: checkedAsText(text) });
  return findings.map((finding) => finding.code);
}

describe.each(interchangeKinds.map((kind) => [kind.code, kind] as const))('%s', (code, kind) => {
  test('its wrong example has it', () => {
    expect(codesOf(code, kind.wrong)).toContain(code);
  });

  test('its right example has not, and is sound', () => {
    expect(codesOf(code, kind.right)).not.toContain(code);
    const isYaml = /^MW7[01]/.test(code);
    if (isYaml)
      expect(errorsIn(importYaml({ text: kind.right, title: 'example' }).findings)).toEqual([]);
    else expect(errorsIn(checkedAsText(kind.right).diagnostics)).toEqual([]);
  });

  test('its page is written in sentences, one a line', () => {
    for (const line of kind.what.split('\n')) expect(line).toMatch(/^\S.*[.:]$/);
  });
});

test('no two kinds share a code', () => {
  const codes = interchangeKinds.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.toSorted()).toEqual(codes);
});
