import type { MapState } from '../../engine/protocol/panel.ts';
import type { PreviewExpectation } from '../../engine/measures/preview.ts';
import { h, type Child, type ElementNode } from '../dom/node.ts';
import { rulersOf, type Ruler } from '../state/rulers.ts';
import { section } from './parts.ts';

/** Who lost: one ruler a model. */
export function gapView(map: MapState): ElementNode {
  const { rulers, base, sentence, isOlder } = rulersOf(map);
  const hasGap = rulers.some(({ length }) => length !== undefined);
  return section(
    'gap',
    ['Gap to each model after ', h('code', {}, map.step)],
    hasGap
      ? h(
          'p',
          { class: 'hint' },
          '0 is the model itself; at 100 % the merge is no nearer to it than the base',
        )
      : undefined,
    h(
      'ul',
      { class: isOlder ? 'rulers older' : 'rulers' },
      rulers.map((ruler) => rulerView(ruler, base)),
    ),
    sentence === undefined
      ? undefined
      : h('p', { class: 'sentence' }, h('b', {}, sentence.name), sentence.text),
    expectationList(map.expectations),
  );
}

function rulerView(
  { name, text, length, least, most, isBeyondBase }: Ruler,
  base: number,
): ElementNode {
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  if (length === undefined) {
    return h(
      'li',
      {},
      h('span', { class: 'name', title: name }, name),
      h('small', { class: 'why' }, text),
    );
  }
  return h(
    'li',
    {},
    h('span', { class: 'name', title: name }, name),
    h(
      'span',
      { class: 'ruler', 'aria-hidden': 'true' },
      h('i', { class: 'near', style: { width: percent(Math.min(length, base)) } }),
      isBeyondBase
        ? h('i', { class: 'far', style: { left: percent(base), width: percent(length - base) } })
        : undefined,
      least === undefined || most === undefined
        ? undefined
        : h('i', {
            class: 'reach',
            style: { left: percent(least), width: percent(most - least) },
          }),
      h('i', { class: 'base', style: { left: percent(base) } }),
    ),
    h('span', { class: isBeyondBase ? 'figure beyond' : 'figure' }, text),
  );
}

const verdicts: Readonly<
  Record<PreviewExpectation['verdict'], { readonly mark: string; readonly says: string }>
> = {
  held: { mark: '✓', says: 'held' },
  broken: { mark: '✕', says: 'broken' },
  undecided: { mark: '?', says: 'undecided on the samples' },
};

function expectationList(expectations: readonly PreviewExpectation[]): Child {
  if (expectations.length === 0) return undefined;
  return h(
    'ul',
    { class: 'checks' },
    expectations.map(({ text, verdict, figures }) => {
      const { mark, says } = verdicts[verdict];
      return h(
        'li',
        { class: verdict },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
        h(
          'span',
          {},
          h('span', { class: 'spoken' }, `${says}: `),
          h('code', {}, text),
          h(
            'small',
            {},
            ` ${figures.map(({ shown }) => shown).join(', ')}${verdict === 'held' ? '' : `, ${says}`}`,
          ),
        ),
      );
    }),
  );
}
