/**
 * How long a preview takes from the command to the first coloured cell of its map, in the real editor, of two models of 1 GB
 * over their base. `node test/bench/first-cell.ts [--runs 5]` prints the first, cold one and those that follow, panel closed
 * in between, with the language server and the measuring process up.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { makeLlamaTiny } from '../../examples/llama-tiny/make.ts';
import { llamaShape, parameterCount } from '../../examples/llama-tiny/shape.ts';
import { buildAll } from '../../scripts/build.ts';
import { packageExtension, thisTarget } from '../../scripts/vscode-package.ts';
import { installExtension } from '../../scripts/vscode-workbench.ts';
import { openEditor, patienceMs, type EditorWindow } from '../editor/window/kit.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const models = join(root, '.cache', 'first-cell');
const parameters = 0.5e9;
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const weights = (model: string): string => join(models, model, 'model.safetensors');

function makeModels(): void {
  const bytes = 2 * parameterCount(llamaShape({ parameters }));
  const isMade = ['base', 'expert-1', 'expert-2'].every(
    (model) => (statSync(weights(model), { throwIfNoEntry: false })?.size ?? 0) > bytes,
  );
  if (isMade) return;
  console.log(`making a base and two experts of ${(bytes / 1e9).toFixed(2)} GB in ${models}`);
  mkdirSync(models, { recursive: true });
  makeLlamaTiny({ out: models, parameters, experts: 2 });
}

const recipe = `model base = "${join(models, 'base')}"
model one = "${join(models, 'expert-1')}"
model two = "${join(models, 'expert-2')}"

merge pair = ties(base, [one, two], density: 30%)

output pair to "./out/pair"
`;

/** Whether a map in this frame has a pixel that is neither the background's nor a hatch's grey. */
const isColoured = `(() => {
  const canvas = document.querySelector('.map-view canvas');
  if (canvas === null || canvas.width === 0) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4) {
    const channels = [data[at], data[at + 1], data[at + 2]];
    if (Math.max(...channels) - Math.min(...channels) > 32) return true;
  }
  return false;
})()`;

/** Milliseconds; asking takes some of them. */
async function firstCell({ page }: EditorWindow): Promise<number> {
  await page.keyboard.press('Control+k');
  const begun = Date.now();
  await page.keyboard.press('v');
  while (Date.now() - begun < patienceMs) {
    for (const frame of page.frames().toReversed()) {
      const isThere = await frame.evaluate<boolean>(isColoured).catch(() => false);
      if (isThere) return Date.now() - begun;
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error('no cell was coloured');
}

makeModels();
await buildAll();
const folder = mkdtempSync(join(tmpdir(), 'mw-first-cell-'));
try {
  const extensions = join(folder, 'extensions');
  mkdirSync(extensions);
  const target = thisTarget();
  installExtension(packageExtension(target === undefined ? {} : { target }), extensions);
  const editor = await openEditor({ folder, extensions });
  try {
    const { page, workspace } = editor;
    // In the place of a recipe that the explorer lists already.
    writeFileSync(join(workspace, 'slow.merge'), recipe);
    await editor.open('slow.merge');
    const times: number[] = [];
    for (let run = 0; run <= Number(values.runs); run++) {
      times.push(await firstCell(editor));
      await (await editor.panel()).getByText('sampled', { exact: false }).first().waitFor();
      await editor.closePanel();
      await page.waitForTimeout(500);
      await page.locator('.editor-group-container .view-lines').first().click();
    }
    const [cold, ...warm] = times as [number, ...number[]];
    console.log(
      `from the command to the first coloured cell; load of the machine ${loadavg()[0]!.toFixed(1)}`,
    );
    console.log(`  cold ${cold} ms`);
    console.log(`  warm ${warm.join(', ')} ms; best ${Math.min(...warm)} ms`);
  } finally {
    await editor.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
