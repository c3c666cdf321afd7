import type { PanelState, RecipeState } from '../../engine/protocol/panel.ts';
import { h, type Child, type ElementNode } from '../dom/node.ts';
import { mergeRefusal, planWords, replacesOutput } from '../state/plan-words.ts';
import { readingOf, standingOf } from '../state/reading.ts';
import { runWords } from '../state/run-words.ts';
import type { Actions } from './actions.ts';
import { button, commandButton } from './parts.ts';

/** The line at the top: which recipe, what the picture is worth, and the one thing to do. */
export function headerView(panel: PanelState, recipe: RecipeState, act: Actions): ElementNode {
  const { map, plan, run } = panel;
  const standing = standingOf(recipe, map);
  const reading = readingOf(map, recipe);
  return h(
    'header',
    {},
    h('h1', { title: recipe.uri }, recipe.name),
    stepPicker(recipe, act),
    h(
      'span',
      { class: `chip ${standing.kind}`, role: 'status' },
      h('i', { class: 'dot', 'aria-hidden': 'true' }),
      standing.text,
    ),
    h('span', { class: 'chip' }, reading.text),
    reading.next === undefined
      ? undefined
      : commandButton(act, reading.next.title, reading.next.command, { class: 'link' }),
    h('span', { class: 'push' }, mainButton(panel, recipe, act)),
    plan === undefined
      ? undefined
      : h('span', { class: 'chip summary' }, planWords(plan).summary.join(' · ')),
    run.kind === 'running' ? progressEdge(panel) : undefined,
  );
}

function stepPicker({ steps, step }: RecipeState, act: Actions): Child {
  if (steps.length === 0) return undefined;
  if (steps.length === 1) {
    const only = steps[0]!;
    return h('span', { class: 'chip step' }, h('code', {}, only.name), ` ${only.method}`);
  }
  return h(
    'select',
    {
      'aria-label': 'Step',
      value: step ?? steps[0]!.name,
      onchange: (event) =>
        act.command({ kind: 'preview', step: (event.target as HTMLSelectElement).value }),
    },
    steps.map(({ name, method }) => h('option', { value: name }, `${name} · ${method}`)),
  );
}

function mainButton(panel: PanelState, recipe: RecipeState, act: Actions): Child {
  const { run, plan } = panel;
  if (run.kind === 'running' || run.kind === 'waiting') {
    return commandButton(act, 'Cancel', { kind: 'cancel' }, { class: 'main' });
  }
  const refusal = mergeRefusal(recipe, plan);
  const overwrite = replacesOutput(plan);
  return button(
    overwrite ? 'Merge and replace' : 'Merge',
    () => {
      if (refusal === undefined) act.command({ kind: 'merge', overwrite });
    },
    {
      class: 'main',
      'aria-disabled': refusal === undefined ? undefined : 'true',
      title: refusal ?? (overwrite ? 'Replaces the output of an earlier run' : undefined),
    },
  );
}

/** The header's lower edge fills while a merge runs, however far the page is scrolled. */
function progressEdge({ run }: PanelState): Child {
  if (run.kind !== 'running') return undefined;
  const { share } = runWords(run.progress);
  return h('div', {
    class: 'edge',
    'aria-hidden': 'true',
    style: { width: `${(100 * (share ?? 0)).toFixed(1)}%` },
  });
}
