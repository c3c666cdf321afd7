/** Pictures of the panel in every theme and width, for people to look at: `node test/panel/shots.ts [scene…]`. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser, openStage, settled } from './kit/stage.ts';
import { scenes, widths } from './kit/scenes.ts';
import { themes } from './kit/themes.ts';

const height = 1000;
const folder = fileURLToPath(new URL('../artefacts/panel', import.meta.url));

async function takeShots(wanted: readonly string[]): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  const taken: string[] = [];
  try {
    for (const scene of scenes) {
      if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
      const stage = await openStage(browser, { height });
      await stage.show(scene.state);
      await scene.then?.(stage);
      for (const { name } of themes) {
        await stage.wear(name);
        for (const width of widths) {
          await stage.page.setViewportSize({ width, height });
          await settled(stage.page);
          const path = `${folder}/${scene.name}-${name}-${width}.png`;
          await stage.page.screenshot({ path, fullPage: width < 1000 });
          taken.push(path);
        }
      }
      await stage.close();
    }
  } finally {
    await browser.close();
  }
  return taken;
}

if (import.meta.main) {
  const taken = await takeShots(process.argv.slice(2));
  console.log(`${taken.length} pictures in ${folder}`);
}
