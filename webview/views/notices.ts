import type { PanelState, RecipeState } from '../../engine/protocol/panel.ts';
import { h, type Child } from '../dom/node.ts';
import { standingOf } from '../state/reading.ts';
import type { Actions } from './actions.ts';
import { commandButton, faultView } from './parts.ts';

/** What has to be known before the picture is looked at: faults, errors of the text, a picture that lags. */
export function noticesView(
  panel: PanelState,
  recipe: RecipeState | undefined,
  act: Actions,
): Child {
  const lines: readonly Child[] = [
    ...panel.notices.map((fault) => faultView(act, fault)),
    ...(recipe === undefined ? [] : recipe.errors.slice(0, shownErrors).map(errorLine(act))),
    recipe !== undefined && recipe.errors.length > shownErrors
      ? h('p', { class: 'more' }, `and ${recipe.errors.length - shownErrors} more in the text`)
      : undefined,
    recipe === undefined ? undefined : standingLine(panel, recipe),
    ...[panel.plan?.fault, panel.map?.fault].flatMap((fault) =>
      fault === undefined ? [] : [faultView(act, fault)],
    ),
  ];
  if (lines.every((line) => line === undefined || line === false)) return undefined;
  return h('div', { class: 'notices', role: 'status' }, ...lines);
}

const shownErrors = 3;

function errorLine(act: Actions) {
  return ({ code, message, line, action }: RecipeState['errors'][number]) =>
    h(
      'div',
      { class: 'fault' },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, '!'),
      h('p', {}, h('code', {}, code), ' ', message),
      commandButton(act, `line ${line}`, { kind: 'show-line', line }, { class: 'link' }),
      action === undefined ? undefined : commandButton(act, action.title, action.command),
    );
}

function standingLine(panel: PanelState, recipe: RecipeState): Child {
  const { kind } = standingOf(recipe, panel.map);
  switch (kind) {
    case 'matches':
      return undefined;
    case 'untrusted':
      return h(
        'p',
        { class: 'standing' },
        'This workspace is not trusted: the text is checked, nothing runs and nothing is written.',
      );
    case 'errors':
      return panel.map === undefined
        ? undefined
        : h('p', { class: 'standing' }, 'The picture below is of the text as it last was sound.');
    case 'behind':
      // The header says it, and offers the way on: a line that came and went with every key would move the map.
      return undefined;
  }
}
