import { describe, expect, it } from 'vitest';
import { check } from '../test-kit.ts';
import { measuredOf, row } from '../test-figures.ts';
import { hoverAt } from './hover.ts';

describe('what the preview found here', () => {
  const measured = measuredOf('m', {
    conflict: 0.2,
    rows: [
      row({ kind: 'part', tower: 'text', part: 'mlp' }, { gaps: [0.4, 0.3] }),
      row({ kind: 'layer', tower: 'text', layer: 0 }, { gaps: [0.9, 0.1] }),
      row({ kind: 'cell', tower: 'text', layer: 0, part: 'mlp' }, { gaps: [0.8, 0.2] }),
      row({ kind: 'cell', tower: 'text', layer: 1, part: 'mlp' }, { gaps: [0.6, 0.2] }),
    ],
  });

  function found(text: string, figures = measured): string {
    const { analysis, offset } = check(text);
    const markdown = hoverAt(analysis, offset, figures)?.markdown ?? '';
    const at = markdown.indexOf('**Preview**');
    return at < 0 ? 'nothing' : markdown.slice(at);
  }

  it('stands at the step’s name and at its method for the whole step', () => {
    expect(found('merge ‸m = ties(base, [math, code])')).toMatchInlineSnapshot(`
      "**Preview** of \`m\`, on samples:

      |  | gap |
      | --- | --- |
      | \`math\` | 50% |
      | \`code\` | 25% |

      sign conflict 20%"
    `);
    expect(found('merge m = ti‸es(base, [math, code])')).toContain('sign conflict 20%');
    expect(found('merge n = ti‸es(base, [math, code])')).toBe('nothing');
  });

  it('stands in a rule for the rule’s place: a row of the map, or how far its cells reach', () => {
    const rule = (place: string) =>
      `merge m = ties(base, [math, code]) { at ${place} { scale = 0.5 } }`;
    expect(found(rule('m‸lp'))).toMatchInlineSnapshot(`
      "**Preview** of \`m\`, on samples:

      |  | gap |
      | --- | --- |
      | \`math\` | 40% |
      | \`code\` | 30% |"
    `);
    expect(found(rule('layers 0..1 & m‸lp'))).toMatchInlineSnapshot(`
      "**Preview** of \`m\`, on samples, over 2 places of the map:

      |  | gap |
      | --- | --- |
      | \`math\` | 60% to 80% |
      | \`code\` | 20% |"
    `);
    expect(found(rule('hea‸d'))).toBe('nothing');
  });

  it('says when the recipe has been edited since', () => {
    const older = measuredOf('m', { isOlder: true });
    expect(found('merge ‸m = ties(base, [math, code])', older)).toContain('before the last edit');
  });
});
