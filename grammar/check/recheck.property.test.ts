import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testCatalogue as catalogue } from './test-catalogue.ts';
import { parse } from '../syntax/parse.ts';
import { reparse } from '../syntax/reparse.ts';
import { check } from './check.ts';
import type { HeaderAnswer } from './checked.ts';
import { Rechecker } from './recheck.ts';
import { sourcesOf } from './sources.ts';
import { llama } from './test-models.ts';

const folder = new URL('../../test/fixtures/recipes/', import.meta.url);
const recipes = readdirSync(folder)
  .filter((name) => name.endsWith('.merge'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const small: HeaderAnswer = { kind: 'signature', signature: llama({ layers: 28 }) };
const wide: HeaderAnswer = { kind: 'signature', signature: llama({ layers: 30, width: 16 }) };
const missing: HeaderAnswer = { kind: 'fault', code: 'MW4501', message: 'There is nothing here.' };

/** What is typed: marks that break, names that are used elsewhere, whole statements. */
const written = fc.constantFrom(
  ...['', ' ', '\n', '{', '}', '(', ')', '"', ',', '0', '%', 'x', '// note', '/// told\n'],
  ...['base', 'math', 'density: 20%, ', 'weight', ' & head', 'seed: 1'],
  ...['\nmodel base = "./other"\n', '\nmerge extra = ties(base, [math], density: 100%)\n'],
  ...['\nlet shape = curve(0, 1)\n', '\nparam keep: Ratio = 140%\n', '\nlayers early = 0..99\n'],
  ...[
    '\nlet many = [math, dare(code - base)]\nmerge m1 = ties(base, many)\nmerge m2 = ties(base, many)\n',
  ],
  ...['\nmerge d1 = dare_ties(base, [math])\nmerge d2 = dare_ties(base, [math])\n'],
);

const edit = fc.record({
  at: fc.nat(),
  length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
  written,
  /** What the headers are by then. */
  headers: fc.constantFrom('none', 'alike', 'one wide', 'one missing'),
});

type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

function headersFor(
  text: string,
  which: Edit['headers'],
): ReadonlyMap<string, HeaderAnswer> | undefined {
  if (which === 'none') return undefined;
  const names = sourcesOf(parse(text).recipe).map(({ name }) => name);
  const odd = which === 'one wide' ? wide : which === 'one missing' ? missing : small;
  return new Map(names.map((name, at) => [name, at === 1 ? odd : small]));
}

describe('the check after edits', () => {
  it('finds what a check of the whole recipe finds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recipes),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (recipe, edits) => {
          const rechecker = new Rechecker();
          let text = recipe;
          let parsed = parse(text);
          rechecker.check({ text, parsed, catalogue });
          for (const one of edits) {
            const start = one.at % (text.length + 1);
            const next = text.slice(0, start) + one.written + text.slice(start + one.length);
            parsed = reparse({ text, parsed }, next);
            text = next;
            const headers = headersFor(text, one.headers);
            const given = { text, catalogue, ...(headers === undefined ? {} : { headers }) };
            const again = rechecker.check({ ...given, parsed });
            const whole = check({ ...given, ...parse(text) });
            expect(again.diagnostics).toEqual(whole.diagnostics);
            expect(again.reached).toBe(whole.reached);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('tells both of two statements that an edit doubles', () => {
    const text = 'let many = [math, code]\nmerge m = ties(base, many)\n';
    const doubled = text + text;
    const rechecker = new Rechecker();
    const parsed = parse(text);
    rechecker.check({ text, parsed, catalogue });
    const again = rechecker.check({
      text: doubled,
      parsed: reparse({ text, parsed }, doubled),
      catalogue,
    });
    expect(again.diagnostics).toEqual(
      check({ text: doubled, catalogue, ...parse(doubled) }).diagnostics,
    );
    expect(again.diagnostics.filter(({ code }) => code === 'MW2006')).toHaveLength(2);
  });

  it('does not read again what an edit does not concern', () => {
    const steps = Array.from({ length: 50 }, (_, i) => `merge m${i} = lerp(a, b, t: 0.${i})\n`);
    const text = `model a = "./a"\nmodel b = "./b"\n${steps.join('')}`;
    let parsed = parse(text);
    const seen = new Set<string>();
    // The catalogue is asked for the method of every call that is read.
    const watching = new Map(catalogue);
    watching.get = (name) => {
      seen.add(name);
      return catalogue.get(name);
    };
    const rechecker = new Rechecker();
    rechecker.check({ text, parsed, catalogue: watching });
    expect(seen).toContain('lerp');
    seen.clear();
    const edited = text.replace('model b', '// told\n\nmodel b');
    parsed = reparse({ text, parsed }, edited);
    const { diagnostics } = rechecker.check({ text: edited, parsed, catalogue: watching });
    expect(seen).toEqual(new Set());
    expect(diagnostics).toEqual(check({ text: edited, ...parse(edited), catalogue }).diagnostics);
  });
});
