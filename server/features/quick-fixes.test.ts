import { describe, expect, it } from 'vitest';
import { check, type CheckOptions, prelude } from '../test-kit.ts';
import { fixesIn } from './quick-fixes.ts';
import { protocolDiagnostic } from './protocol-diagnostic.ts';

/** Every fix at the cursor by its title, `!` where it is the obvious one, with the text it would make. */
function fixes(text: string, options: CheckOptions = {}): string {
  const { analysis, offset } = check(text, options);
  return fixesIn(analysis, { start: offset, end: offset })
    .map(({ title, edits, isPreferred }) => {
      const made = edits
        .toSorted((one, other) => other.start - one.start)
        .reduce(
          (written, edit) => written.slice(0, edit.start) + edit.text + written.slice(edit.end),
          analysis.text,
        );
      return `${isPreferred ? '!' : ''}${title}: ${made.slice(prelude.length)}`;
    })
    .join('\n');
}

describe('quick fixes', () => {
  it('mend misspelt methods, names, parameters, words and statements', () => {
    expect(fixes('merge m = ti‸se(base, [math])')).toMatchInlineSnapshot(
      `"!Write \`ties\`: merge m = ties(base, [math])"`,
    );
    expect(fixes('merge m = ties(bse‸, [math])')).toMatchInlineSnapshot(
      `"!Write \`base\`: merge m = ties(base, [math])"`,
    );
    expect(fixes('merge m = ties(base, [math], densty‸: 20%)')).toMatchInlineSnapshot(
      `"!Write \`density\`: merge m = ties(base, [math], density: 20%)"`,
    );
    expect(fixes('merge m = ties(base, [math], combine: men‸)')).toMatchInlineSnapshot(
      `"!Write \`mean\`: merge m = ties(base, [math], combine: mean)"`,
    );
    expect(fixes('mrge‸ m = base')).toMatchInlineSnapshot(`"!Write merge: merge m = base"`);
  });

  it('bring numbers back into their range', () => {
    expect(fixes('merge m = ties(base, [math], density: 2‸0)')).toMatchInlineSnapshot(
      `"!Write \`20%\`: merge m = ties(base, [math], density: 20%)"`,
    );
    expect(fixes('merge m = ties(base, [math], density: 150‸%)')).toMatchInlineSnapshot(
      `"!Write 100%, the most: merge m = ties(base, [math], density: 100%)"`,
    );
    expect(fixes('merge m = ties(base, [math], density: { math: 1.5‸ })')).toMatchInlineSnapshot(
      `"!Write \`1.5%\`: merge m = ties(base, [math], density: { math: 1.5% })"`,
    );
    expect(fixes('param keep = 95‸% in 10%..90%')).toMatchInlineSnapshot(
      `"!Write 90%, the most: param keep = 90% in 10%..90%"`,
    );
    expect(fixes('param keep: Ratio = -‸0.5')).toMatchInlineSnapshot(
      `"!Write 0%, the least: param keep: Ratio = 0%"`,
    );
  });

  it('mend syntax', () => {
    expect(fixes('merge m = ties(base, [math], density: .5‸)')).toMatchInlineSnapshot(
      `"!Write 0.5: merge m = ties(base, [math], density: 0.5)"`,
    );
  });

  it('allow a warning on its line', () => {
    expect(fixes('merge m = ties(base, [math], density: 100‸%)')).toMatchInlineSnapshot(
      `"Allow MW3103 on this line: merge m = ties(base, [math], density: 100%)  // allow MW3103: as intended"`,
    );
    expect(fixes('merge m = ties(base, [math], density: 100‸%)  // all of it'))
      .toMatchInlineSnapshot(`
      "Allow MW3103 on this line: // allow MW3103: as intended
      merge m = ties(base, [math], density: 100%)  // all of it"
    `);
  });

  it('are none where nothing is wrong', () => {
    expect(fixes('merge m = ba‸se')).toBe('');
  });
});

describe('a diagnostic', () => {
  it('has its code, its page and the other end of a conflict', () => {
    const { analysis } = check('merge m = base\nmerge m = math');
    const [found] = analysis.checked.diagnostics;
    expect(protocolDiagnostic(analysis, found!, { codePages: 'https://example.org/' }))
      .toMatchInlineSnapshot(`
        {
          "code": "MW2006",
          "codeDescription": {
            "href": "https://example.org/MW2006.md",
          },
          "message": "\`m\` is declared twice.",
          "range": {
            "end": {
              "character": 7,
              "line": 5,
            },
            "start": {
              "character": 6,
              "line": 5,
            },
          },
          "relatedInformation": [
            {
              "location": {
                "range": {
                  "end": {
                    "character": 7,
                    "line": 4,
                  },
                  "start": {
                    "character": 6,
                    "line": 4,
                  },
                },
                "uri": "file:///recipes/test.merge",
              },
              "message": "first here",
            },
          ],
          "severity": 1,
          "source": "mergewright",
        }
      `);
  });
});
