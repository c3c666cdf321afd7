import type { PanelState } from '../../engine/protocol/panel.ts';
import { h, type Child } from '../dom/node.ts';
import { planWords } from '../state/plan-words.ts';
import { section } from './parts.ts';

/** What a merge would do, before it does it. */
export function planView({ plan }: PanelState): Child {
  if (plan === undefined) return undefined;
  const { facts, outputs, warning } = planWords(plan);
  return section(
    'plan',
    ['Plan'],
    h(
      'ul',
      { class: 'outputs' },
      outputs.map(({ step, folder, size, state }) =>
        h(
          'li',
          {},
          h('code', {}, step),
          ' to ',
          h('code', { class: 'path' }, folder),
          h('small', {}, ` ${size}, ${state}`),
        ),
      ),
    ),
    outputs.length === 0
      ? h('p', { class: 'hint' }, 'The recipe names no output: Merge asks for a folder.')
      : undefined,
    h(
      'dl',
      { class: 'facts' },
      facts.map(({ name, text }) => h('div', {}, h('dt', {}, name), h('dd', {}, text))),
    ),
    warning === undefined ? undefined : h('p', { class: 'standing' }, warning),
  );
}
