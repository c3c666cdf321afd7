/** The real bundle in a real browser, under the editor's policy: what is clicked, what is typed, what is kept. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MapPlace } from '../../engine/protocol/measure.ts';
import type { ToPanel } from '../../engine/protocol/panel.ts';
import { scenes } from './kit/scenes.ts';
import { openBrowser, openStage, type Stage, type StageOptions } from './kit/stage.ts';
import {
  digits,
  digitsDone,
  digitsMap,
  digitsRecipe,
  digitsRunning,
  large,
  matrices,
} from './kit/states.ts';
import { themes } from './kit/themes.ts';

let browser: Browser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

async function onStage(act: (stage: Stage) => Promise<void>, options: StageOptions = {}) {
  const stage = await openStage(browser, options);
  await act(stage);
  expect(stage.complaints()).toEqual([]);
  await stage.close();
}

const treegrid = ({ page }: Stage) => page.getByRole('treegrid');
const readout = ({ page }: Stage) => page.locator('.readout');

/** The middle of a cell of the digits map, which lists low, mid, high and its parts over emb, 0 to 3, norm, head. */
async function cellAt(stage: Stage, line: number, layer: number) {
  const box = (await treegrid(stage).boundingBox())!;
  return { x: box.x + 165 + 72 * layer + 36, y: box.y + 18 + 22 * line + 9 };
}

test('the panel says when it can be spoken to, and what protocol it speaks', () =>
  onStage(async ({ messages }) => {
    await expect.poll(messages).toEqual([{ kind: 'ready', version: 1 }]);
  }));

test('the pointer reads a cell, a click keeps it, a double click goes to its line', () =>
  onStage(async (stage) => {
    await stage.show(digits);
    const { x, y } = await cellAt(stage, 0, 2);
    await stage.page.mouse.move(x, y);
    await expect
      .poll(() => readout(stage).innerText())
      .toContain('low · layer 2: 15 % of the weights');
    await stage.page.mouse.click(x, y);
    await stage.page.mouse.move(5, 5);
    await expect.poll(() => readout(stage).innerText()).toContain('low · layer 2');
    await stage.page.getByRole('button', { name: 'Show in text' }).click();
    await stage.page.mouse.dblclick(x, y);
    const goes = { kind: 'show-cell', step: 'blend', place: { tower: 'text', layer: 2 } };
    await expect.poll(stage.commands).toEqual([goes, goes]);
  }));

test('by keyboard alone: to a cell, into its parts, to its line, to the next measure and the table', () =>
  onStage(async (stage) => {
    await stage.show(digits);
    const { keyboard } = stage.page;
    await treegrid(stage).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', ' ', 'ArrowDown']) {
      await keyboard.press(key);
    }
    await expect.poll(() => readout(stage).innerText()).toContain('low · layer 1, mlp up');
    await keyboard.press('Enter');
    await expect.poll(stage.commands).toEqual([
      {
        kind: 'show-cell',
        step: 'blend',
        place: { tower: 'text', layer: 1, part: 'mlp', column: 'up' },
      },
    ]);
    await keyboard.press('m');
    await expect.poll(() => readout(stage).innerText()).toContain('30 % of low’s change kept');
    await keyboard.press('t');
    await expect
      .poll(() => treegrid(stage).locator('[aria-selected=true]').innerText())
      .toBe('30 %');
    await keyboard.press('ArrowDown');
    await expect.poll(() => readout(stage).innerText()).toContain('low · layer 1, mlp down');
    await keyboard.press('c');
    await expect
      .poll(() => stage.commands().at(-1))
      .toEqual({ kind: 'copy', text: 'low · layer 1, mlp down: 30 % of low’s change kept' });
    await keyboard.press('?');
    await expect
      .poll(() => stage.page.getByText('first and last of the row').isVisible())
      .toBe(true);
  }));

test('the table is a grid of the same figures, by row and column', () =>
  onStage(async (stage) => {
    await stage.show(digits);
    await stage.page.getByRole('button', { name: 'Table' }).click();
    const grid = treegrid(stage);
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('7');
    const low = grid.getByRole('row', { name: 'low' });
    expect(await low.getByRole('gridcell').allInnerTexts()).toEqual(
      expect.arrayContaining(['18 %', '43 %', '13 %', '15 %']),
    );
    await low.getByRole('rowheader').click();
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('10');
    expect(await low.getAttribute('aria-expanded')).toBe('true');
  }));

test('what was chosen is there again after the panel was hidden or reloaded', async () => {
  let saved: unknown;
  await onStage(async (stage) => {
    await stage.show(digits);
    await stage.page.getByLabel('Measure', { exact: true }).selectOption('cosine');
    await treegrid(stage).focus();
    for (const key of [' ', 'ArrowRight', 'ArrowRight', ' ']) await stage.page.keyboard.press(key);
    await expect.poll(() => readout(stage).innerText()).toContain('low · mid · layer 0');
    saved = stage.saved();
  });
  expect(saved).toMatchObject({ uri: digitsRecipe.uri, step: 'blend', measure: 'cosine' });
  await onStage(
    async (stage) => {
      await stage.show(digits);
      await expect.poll(() => readout(stage).innerText()).toContain('low · mid · layer 0');
      expect(await stage.page.getByLabel('Measure', { exact: true }).inputValue()).toBe('cosine');
      expect(await treegrid(stage).getAttribute('aria-rowcount')).toBe('6');
    },
    { saved },
  );
});

test('a scrolled map is where it was', async () => {
  const state = large({
    layers: 130,
    parts: matrices,
    models: ['a', 'b', 'c'],
  });
  await onStage(
    async (stage) => {
      await stage.show(state);
      await expect
        .poll(() => treegrid(stage).evaluate((pane: { scrollLeft: number }) => pane.scrollLeft))
        .toBe(120);
    },
    { width: 560, saved: { scroll: { left: 120, top: 0 } } },
  );
});

test('focus stays where it is while figures and progress arrive', () =>
  onStage(async (stage) => {
    await stage.show(digitsRunning);
    const cancel = stage.page.getByRole('button', { name: 'Cancel' }).first();
    await cancel.focus();
    await stage.send({ kind: 'patch', patch: { map: { ...digitsMap, reading: 'measuring' } } });
    await stage.send({ kind: 'patch', patch: { notices: [{ message: 'The GPU was lost.' }] } });
    expect(await cancel.evaluate((button) => button.matches(':focus'))).toBe(true);
    await stage.page.keyboard.press('Enter');
    await expect.poll(stage.commands).toEqual([{ kind: 'cancel' }]);
  }));

test('the light falls where the cursor in the text is', () =>
  onStage(async (stage) => {
    await stage.show(digits);
    const before = await treegrid(stage).screenshot();
    await stage.send({ kind: 'highlight', places: [{ tower: 'text', layer: 2, part: 'mlp' }] });
    expect(Buffer.compare(before, await treegrid(stage).screenshot())).not.toBe(0);
    await stage.send({ kind: 'highlight', places: [] });
    expect(Buffer.compare(before, await treegrid(stage).screenshot())).toBe(0);
    await stage.page.getByRole('button', { name: 'Table' }).click();
    await stage.send({ kind: 'highlight', places: [{ tower: 'text', layer: 2, part: 'mlp' }] });
    // Two closed models, and the open one's up and down.
    await expect.poll(() => treegrid(stage).locator('.lit').count()).toBe(4);
    await stage.send({
      kind: 'highlight',
      places: [{ tower: 'text', layer: 2, part: 'mlp', column: 'up' }],
    });
    await expect.poll(() => treegrid(stage).locator('.lit').count()).toBe(3);
  }));

test('an edit hatches the cells that it changes, and no others', () =>
  onStage(async (stage) => {
    await stage.show(digits);
    await treegrid(stage).focus();
    const before = await treegrid(stage).screenshot();
    const older = (places: readonly MapPlace[]): ToPanel => ({
      kind: 'older',
      step: 'blend',
      textVersion: 8,
      places,
    });
    await stage.send({ kind: 'patch', patch: { recipe: { ...digitsRecipe, textVersion: 8 } } });
    expect(await stage.page.getByText('behind your text').count()).toBe(1);
    await stage.send(older([]));
    expect(await stage.page.getByText('matches your text').count()).toBe(1);
    expect(Buffer.compare(before, await treegrid(stage).screenshot())).toBe(0);
    const { keyboard } = stage.page;
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await keyboard.press(key);
    await stage.send(older([{ tower: 'text', layer: 1, part: 'mlp' }]));
    await expect.poll(() => readout(stage).innerText()).toContain('of the text before');
    await keyboard.press('ArrowRight');
    await expect.poll(() => readout(stage).innerText()).toContain('low · layer 2');
    expect(await readout(stage).innerText()).not.toContain('of the text before');
    await keyboard.press('t');
    await expect.poll(() => treegrid(stage).locator('.older').count()).toBe(3 + 3 + 2 + 2);
  }));

test('sampled first, exact on request, and Stop', () =>
  onStage(async (stage) => {
    await stage.show({ ...digits, map: { ...digitsMap, reading: 'sampled' } });
    await stage.page.getByRole('button', { name: 'Measure exactly' }).click();
    await stage.send({ kind: 'patch', patch: { map: { ...digitsMap, reading: 'measuring' } } });
    await stage.page.getByRole('button', { name: 'Stop' }).click();
    await stage.send({ kind: 'patch', patch: { map: { ...digitsMap, reading: 'stopped' } } });
    await stage.page.getByRole('button', { name: 'Go on' }).click();
    await expect
      .poll(() => stage.commands().map(({ kind }) => kind))
      .toEqual(['measure-exactly', 'stop-measuring', 'measure-exactly']);
  }));

test('a step is picked, a merge is begun and its report used', () =>
  onStage(async (stage) => {
    const { page } = stage;
    const two = large({ layers: 4, parts: ['mlp'], models: ['math', 'code'] });
    await stage.show(two);
    await page.getByLabel('Step').selectOption('final');
    await page.getByRole('button', { name: 'Merge and replace' }).click();
    await stage.show(digitsDone);
    await page.getByRole('button', { name: 'Copy line' }).click();
    await page.getByRole('button', { name: 'Copy the weights hash' }).click();
    await page.getByRole('button', { name: 'Reveal' }).click();
    const folder = '/home/ada/digits/out/digits';
    await expect.poll(stage.commands).toEqual([
      { kind: 'preview', step: 'final' },
      { kind: 'merge', overwrite: true },
      { kind: 'copy', text: expect.stringContaining(`from_pretrained("${folder}"`) },
      { kind: 'copy', text: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { kind: 'reveal-output', folder },
    ]);
  }));

test('the map is drawn anew when the theme changes', () =>
  onStage(async (stage) => {
    await stage.show(digits);
    const dark = await treegrid(stage).screenshot();
    await stage.wear('light');
    const light = await treegrid(stage).screenshot();
    expect(Buffer.compare(dark, light)).not.toBe(0);
    await stage.wear('dark');
    expect(Buffer.compare(dark, await treegrid(stage).screenshot())).toBe(0);
  }));

test('beside an editor the map comes before the merge, and nothing is wider than the panel', () =>
  onStage(
    async (stage) => {
      for (const { state } of scenes.filter(({ name }) => name !== 'dense')) {
        await stage.show(state);
        const width = await stage.page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(373);
      }
      await stage.show(digitsRunning);
      const map = (await treegrid(stage).boundingBox())!;
      const run = (await stage.page.getByRole('progressbar').boundingBox())!;
      expect(run.y).toBeGreaterThan(map.y + map.height);
    },
    { width: 373 },
  ));

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

test.each(themes.map(({ name }) => name))(
  'an accessibility checker finds nothing serious: %s',
  (theme) =>
    onStage(
      async (stage) => {
        await stage.page.evaluate(axe);
        for (const { name, state, then } of scenes) {
          if (name === 'dense') continue;
          await stage.show(state);
          await then?.(stage);
          const { violations } = await stage.page.evaluate<{ violations: readonly Violation[] }>(
            'axe.run(document, { resultTypes: ["violations"] })',
          );
          const serious = violations.filter(
            ({ impact }) => impact === 'serious' || impact === 'critical',
          );
          expect(serious.map(({ id, nodes }) => [name, id, nodes[0]?.html])).toEqual([]);
        }
      },
      { theme, width: 560 },
    ),
);
