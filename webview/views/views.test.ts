import { expect, test } from 'vitest';
import { textOf, type ElementNode, type ViewNode } from '../dom/node.ts';
import type { PanelCommand, PanelState, RecipeState } from '../../engine/protocol/panel.ts';
import { nothingReceived } from '../state/received.ts';
import type { Actions } from './actions.ts';
import { page } from './page.ts';

const recipe: RecipeState = {
  uri: 'file:///r.merge',
  name: 'r.merge',
  textVersion: 1,
  errors: [],
  steps: [{ name: 'blend', line: 3, method: 'ties' }],
  step: 'blend',
  trusted: true,
};

function drawn(panel: Partial<PanelState>) {
  const commands: PanelCommand[] = [];
  const act: Actions = {
    command: (command) => commands.push(command),
    chooseMeasure: () => undefined,
    chooseShape: () => undefined,
    listKeys: () => undefined,
  };
  const state: PanelState = { run: { kind: 'idle' }, notices: [], ...panel };
  const nodes = page({ ...nothingReceived, panel: state, isWaiting: false }, undefined, act);
  const buttons = nodes.flatMap(buttonsIn);
  return {
    text: nodes.map(textOf).join('\n'),
    buttons: buttons.map(textOf),
    press(title: string): readonly PanelCommand[] {
      const found = buttons.find((button) => textOf(button) === title);
      if (found === undefined) throw new Error(`no button ${title}`);
      (found.attributes.onclick as (event?: Event) => void)();
      return commands;
    },
  };
}

function buttonsIn(node: ViewNode): readonly ElementNode[] {
  if (typeof node === 'string' || 'island' in node) return [];
  return node.tag === 'button' ? [node] : node.children.flatMap(buttonsIn);
}

test('without a recipe the panel says what to open', () => {
  expect(drawn({}).text).toContain('Open a .merge file');
});

test('a recipe with no figures offers a preview and a merge', () => {
  const { buttons, press } = drawn({ recipe });
  expect(buttons).toEqual(['Preview', 'Merge']);
  expect(press('Merge')).toEqual([{ kind: 'merge', overwrite: false }]);
});

test('errors lead to their lines, and nothing runs', () => {
  const errors = [{ code: 'MW2101', message: 'There is no method “tiess”.', line: 4 }];
  const { text, press } = drawn({ recipe: { ...recipe, errors } });
  expect(text).toContain('MW2101 There is no method “tiess”.');
  expect(press('Merge')).toEqual([]);
  expect(press('line 4')).toEqual([{ kind: 'show-line', line: 4 }]);
});

test('an error with a way out beside the text has its button', () => {
  const action = { title: 'Fetch…', command: { kind: 'fetch-models' } as const };
  const errors = [{ code: 'MW4551', message: 'The cache does not hold it.', line: 1, action }];
  const { press } = drawn({ recipe: { ...recipe, errors } });
  expect(press('Fetch…')).toEqual([{ kind: 'fetch-models' }]);
});

test('a run that failed has its sentence and one button', () => {
  const fault = {
    code: 'MW6301',
    message: 'The engine’s process ended.',
    action: { title: 'Start it again', command: { kind: 'respawn-engine' } as const },
  };
  const { text, press } = drawn({ recipe, run: { kind: 'failed', fault } });
  expect(text).toContain('MW6301 The engine’s process ended.');
  expect(press('Start it again')).toEqual([{ kind: 'respawn-engine' }]);
});

test('before trust is given nothing is offered', () => {
  const { text, buttons, press } = drawn({ recipe: { ...recipe, trusted: false } });
  expect(text).toContain('not trusted');
  expect(buttons).toEqual(['Merge']);
  expect(press('Merge')).toEqual([]);
});

test('a running merge can be cancelled, and says what closing the panel does', () => {
  const running = (host: 'process' | 'panel') =>
    drawn({ recipe, run: { kind: 'running', host, device: 'WebAssembly' } });
  expect(running('process').text).toContain('It goes on when this panel is closed.');
  expect(running('panel').text).toContain('It ends when this panel is closed.');
  expect(running('process').press('Cancel')).toEqual([{ kind: 'cancel' }]);
});
