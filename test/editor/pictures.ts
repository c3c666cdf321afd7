/** Takes the README's pictures from the real editor: `docs/{completion,fix,hover,panel}.png`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../../scripts/build.ts';
import { getVSCode } from '../../scripts/vscode-get.ts';
import { packageExtension, thisTarget } from '../../scripts/vscode-package.ts';
import { installExtension } from '../../scripts/vscode-workbench.ts';
import { openEditor, type EditorWindow } from './window/kit.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const settings = {
  'workbench.colorTheme': 'Default Light Modern',
  'editor.minimap.enabled': false,
  'editor.fontSize': 15,
  'workbench.activityBar.location': 'hidden',
} as const;

/** Puts the cursor behind a text of the recipe, by the editor's own search. */
async function goBehind({ page }: EditorWindow, text: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await page.locator('.find-widget textarea').first().fill(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
}

const pictures: Readonly<Record<string, (editor: EditorWindow) => Promise<void>>> = {
  async completion(editor) {
    const { page } = editor;
    await goBehind(editor, 'density: keep');
    await page.keyboard.type(', ');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row').nth(3).waitFor();
    await page.waitForTimeout(800);
  },
  async fix(editor) {
    const { page } = editor;
    await goBehind(editor, 'ties');
    await page.keyboard.press('Backspace');
    await page.locator('.squiggly-error').first().waitFor();
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row').first().waitFor();
    await page.waitForTimeout(500);
  },
  async hover(editor) {
    const { page } = editor;
    await goBehind(editor, 'density: keep');
    for (let letter = 0; letter < 10; letter++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
    await page.waitForTimeout(800);
  },
  async panel(editor) {
    const { page } = editor;
    await page.locator('.codelens-decoration a', { hasText: 'Preview' }).first().click();
    const panel = await editor.panel();
    await panel.getByText(/nearer to every model/).waitFor();
    await page.waitForTimeout(1500);
  },
};

await buildAll();
getVSCode();
const folder = mkdtempSync(join(tmpdir(), 'mw-pictures-'));
try {
  const extensions = join(folder, 'extensions');
  mkdirSync(extensions);
  const target = thisTarget();
  installExtension(packageExtension(target === undefined ? {} : { target }), extensions);
  for (const [name, prepare] of Object.entries(pictures)) {
    const own = join(folder, name);
    mkdirSync(own);
    const editor = await openEditor({ folder: own, extensions, settings });
    try {
      await editor.page.setViewportSize({ width: 1280, height: name === 'panel' ? 860 : 620 });
      await editor.open('digits.merge');
      await editor.page.keyboard.press('Control+b');
      await prepare(editor);
      await editor.page.screenshot({ path: join(docs, `${name}.png`) });
      console.log(`docs/${name}.png`);
    } finally {
      await editor.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
