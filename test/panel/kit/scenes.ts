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
  matrices,
} from './states.ts';
import type { Stage } from './stage.ts';

export interface Scene {
  readonly name: string;
  readonly state: PanelState;
  /** What is done before the picture is taken. */
  readonly then?: (stage: Stage) => Promise<void>;
}

/** Two beside an editor, and the panel alone. */
export const widths = [373, 560, 1400] as const;

const expert: PanelState = large({
  layers: 28,
  parts: matrices,
  models: ['math', 'code', 'chat'],
});

export const scenes: readonly Scene[] = [
  { name: 'digits', state: digits },
  { name: 'expert', state: expert },
  { name: 'done', state: digitsDone },
  {
    name: 'cosine',
    state: expert,
    then: async ({ page }) => {
      await page.getByLabel('Measure', { exact: true }).selectOption('cosine');
      await page.getByRole('treegrid').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press(' ');
      for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
    },
  },
  { name: 'running', state: digitsRunning },
  {
    name: 'table',
    state: expert,
    then: async ({ page }) => page.getByRole('button', { name: 'Table' }).click(),
  },
  {
    name: 'keys',
    state: expert,
    then: async ({ page }) => page.getByRole('button', { name: 'Keys' }).click(),
  },
  {
    name: 'towers',
    state: large({ layers: 28, vision: 12, parts: matrices, models: ['math', 'code'] }),
  },
  {
    name: 'loading',
    state: large({
      layers: 28,
      parts: matrices,
      models: ['math', 'code', 'chat'],
      reading: 'sampling',
      readLayers: 11,
    }),
  },
  {
    name: 'dense',
    state: large({
      layers: 130,
      parts: manyParts,
      models: ['math', 'code', 'chat', 'law', 'medicine', 'french', 'japanese', 'tools'],
    }),
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
  },
  {
    name: 'behind',
    state: { ...digits, recipe: { ...digitsRecipe, textVersion: 8 } },
  },
  {
    name: 'edited',
    state: { ...digits, recipe: { ...digitsRecipe, textVersion: 8 } },
    then: async ({ page, send }) => {
      const places = [1, 2].map((layer) => ({ tower: 'text', layer, part: 'mlp' }));
      await send({ kind: 'older', step: 'blend', textVersion: 8, places });
      await page.getByRole('treegrid').focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    },
  },
  {
    name: 'failed',
    state: {
      ...digits,
      run: {
        kind: 'failed',
        fault: {
          code: 'MW6103',
          message:
            '/home/ada/digits/out/digits is there already, made from another recipe, other inputs or another version.',
          help: 'Replace it, or name another folder in the recipe.',
          action: { title: 'Replace', command: { kind: 'merge', overwrite: true } },
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
  },
  {
    name: 'untrusted',
    state: {
      recipe: { ...digitsRecipe, trusted: false },
      run: { kind: 'idle' },
      notices: [],
    },
  },
  {
    name: 'stopped',
    state: {
      ...digits,
      map: { ...digitsMap, reading: 'stopped', read: { blocks: 6, ofBlocks: 15 } },
    },
  },
  { name: 'empty', state: { run: { kind: 'idle' }, notices: [] } },
];
