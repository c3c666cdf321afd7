import type { Received } from '../state/received.ts';
import { h, type Child, type ViewNode } from '../dom/node.ts';
import type { Actions } from './actions.ts';
import { gapView } from './gap.ts';
import { headerView } from './header.ts';
import { mapSection, type MapSection } from './map-section.ts';
import { noticesView } from './notices.ts';
import { planView } from './plan.ts';
import { runView } from './run.ts';

/** The whole panel. In one column its reading order is: who lost, where, what it costs, how it went. */
export function page(
  { panel, isWaiting }: Received,
  map: MapSection | undefined,
  act: Actions,
): readonly ViewNode[] {
  const { recipe } = panel;
  const notices = noticesView(panel, recipe, act);
  if (recipe === undefined) return [...shown(notices), isWaiting ? waitingView() : emptyView()];
  return [
    headerView(panel, recipe, act),
    h('div', { class: 'notices-place' }, notices),
    h(
      'div',
      { class: 'frame' },
      h(
        'main',
        {},
        panel.map === undefined ? nothingMeasured() : gapView(panel.map),
        map === undefined ? undefined : mapSection(map, act),
      ),
      h('aside', { 'aria-label': 'Plan and merge' }, runView(panel, act), planView(panel)),
    ),
  ];
}

function shown(child: Child): readonly ViewNode[] {
  return h('div', {}, child).children;
}

function waitingView(): ViewNode {
  return h(
    'main',
    { class: 'blank' },
    h('h1', {}, 'Mergewright'),
    h('p', {}, 'Opening the recipe.'),
  );
}

function emptyView(): ViewNode {
  return h(
    'main',
    { class: 'blank' },
    h('h1', {}, 'No recipe is open'),
    h(
      'p',
      {},
      'Open a .merge file: this panel shows what it would do to each model, layer by layer, before anything is merged.',
    ),
  );
}

function nothingMeasured(): ViewNode {
  return h(
    'section',
    { class: 'blank' },
    h('h2', {}, 'Nothing is measured yet'),
    h(
      'p',
      {},
      'A preview reads a few blocks of each tensor and shows where the merge is far from each model. Nothing is written.',
    ),
  );
}
