/** What the panel is looked at in. */
import type { PanelState } from '../../../engine/protocol/panel.ts';
import {
  digits,
  digitsDone,
  digitsMap,
  digitsRecipe,
  digitsRunning,
  large,
  manyParts,
  usualParts,
} from './states.ts';
import type { Stage } from './stage.ts';

export interface Scene {
  readonly name: string;
  readonly state: PanelState;
  readonly isOfAllThemes: boolean;
  /** What is done before the picture is taken. */
  readonly then?: (stage: Stage) => Promise<void>;
}

/** Two beside an editor, and the panel alone. */
export const widths = [373, 560, 1400] as const;

const expert: PanelState = large({
  layers: 28,
  parts: ['q', 'k', 'v', 'o', 'gate', 'up', 'down', 'norms'],
  models: ['math', 'code', 'chat'],
});

export const scenes: readonly Scene[] = [
  { name: 'digits', state: digits, isOfAllThemes: true },
  { name: 'expert', state: expert, isOfAllThemes: true },
  { name: 'done', state: digitsDone, isOfAllThemes: true },
  {
    name: 'cosine',
    state: expert,
    isOfAllThemes: true,
    then: async ({ page }) => {
      await page.getByLabel('Measure', { exact: true }).selectOption('cosine');
      await page.getByRole('treegrid').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press(' ');
      for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
    },
  },
  { name: 'running', state: digitsRunning, isOfAllThemes: false },
  {
    name: 'table',
    state: expert,
    isOfAllThemes: true,
    then: async ({ page }) => page.getByRole('button', { name: 'Table' }).click(),
  },
  {
    name: 'keys',
    state: expert,
    isOfAllThemes: false,
    then: async ({ page }) => page.getByRole('button', { name: 'Keys' }).click(),
  },
  {
    name: 'towers',
    state: large({ layers: 28, vision: 12, parts: usualParts, models: ['math', 'code'] }),
    isOfAllThemes: false,
  },
  {
    name: 'loading',
    state: large({
      layers: 28,
      parts: usualParts,
      models: ['math', 'code', 'chat'],
      reading: 'sampling',
      readLayers: 11,
    }),
    isOfAllThemes: true,
  },
  {
    name: 'dense',
    state: large({
      layers: 130,
      parts: manyParts,
      models: ['math', 'code', 'chat', 'law', 'medicine', 'french', 'japanese', 'tools'],
    }),
    isOfAllThemes: true,
  },
  {
    name: 'errors',
    state: {
      ...digits,
      recipe: {
        ...digitsRecipe,
        textVersion: 9,
        errors: [
          { code: 'MW2101', message: 'There is no method “tiess”. Did you mean “ties”?', line: 23 },
          {
            code: 'MW3204',
            message:
              'The density 130% is above 100%: a mask keeps a share of the entries, from 0% to 100%.',
            line: 25,
          },
        ],
      },
    },
    isOfAllThemes: true,
  },
  {
    name: 'behind',
    state: { ...digits, recipe: { ...digitsRecipe, textVersion: 8 } },
    isOfAllThemes: false,
  },
  {
    name: 'failed',
    state: {
      ...digits,
      run: {
        kind: 'failed',
        fault: {
          code: 'MW6301',
          message: 'The engine’s process ended before the merge was done.',
          help: 'No output was touched.',
          action: { title: 'Start it again', command: { kind: 'respawn-engine' } },
        },
      },
      notices: [
        {
          code: 'MW6201',
          message: 'The GPU was lost; WebAssembly took over from the start of the run.',
          help: 'The bytes are the same.',
        },
      ],
    },
    isOfAllThemes: false,
  },
  {
    name: 'broken',
    state: {
      ...digits,
      run: {
        kind: 'broken-expectations',
        checks: [
          { title: 'finite', outcome: 'holds' },
          {
            title: 'gap(blend, mid) < 80%',
            outcome: 'fails',
            detail: 'gap(blend, mid) = 89.85 %',
          },
        ],
      },
    },
    isOfAllThemes: false,
  },
  {
    name: 'untrusted',
    state: {
      recipe: { ...digitsRecipe, trusted: false },
      run: { kind: 'idle' },
      notices: [],
    },
    isOfAllThemes: false,
  },
  {
    name: 'stopped',
    state: {
      ...digits,
      map: { ...digitsMap, reading: 'stopped', read: { blocks: 6, ofBlocks: 15 } },
    },
    isOfAllThemes: false,
  },
  { name: 'empty', state: { run: { kind: 'idle' }, notices: [] }, isOfAllThemes: false },
];
