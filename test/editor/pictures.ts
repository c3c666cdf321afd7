/** Takes the pictures of the README and the docs from the real editor, in each theme: `docs/pictures/<theme>/<name>.png`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildAll } from '../../scripts/build.ts';
import { getVSCode } from '../../scripts/vscode-get.ts';
import { packageExtension, thisTarget } from '../../scripts/vscode-package.ts';
import { installExtension } from '../../scripts/vscode-workbench.ts';
import { openEditor, type EditorWindow } from './window/kit.ts';

const out = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;
const settings = {
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

/** Chooses a command by its title. */
async function command({ page }: EditorWindow, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').first().fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

interface Picture {
  readonly height: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  prepare(editor: EditorWindow): Promise<void>;
}

const low = 620;
const high = 860;

const pictures: Readonly<Record<string, Picture>> = {
  completion: {
    height: low,
    async prepare(editor) {
      const { page } = editor;
      await goBehind(editor, 'density: keep');
      await page.keyboard.type(', ');
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-widget.visible .monaco-list-row').nth(3).waitFor();
      await page.waitForTimeout(800);
    },
  },
  fix: {
    height: low,
    async prepare(editor) {
      const { page } = editor;
      await goBehind(editor, 'ties');
      await page.keyboard.press('Backspace');
      await page.locator('.squiggly-error').first().waitFor();
      await page.keyboard.press('Control+.');
      await page.locator('.action-widget .monaco-list-row').first().waitFor();
      await page.waitForTimeout(500);
    },
  },
  hover: {
    height: low,
    async prepare(editor) {
      const { page } = editor;
      await goBehind(editor, 'density: keep');
      for (let letter = 0; letter < 10; letter++) await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Control+i');
      await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
      await page.waitForTimeout(800);
    },
  },
  panel: {
    height: high,
    async prepare(editor) {
      const { page } = editor;
      await page.locator('.codelens-decoration a', { hasText: 'Preview' }).first().click();
      const panel = await editor.panel();
      await panel.getByText(/nearer to every model/).waitFor();
      await page.waitForTimeout(1500);
    },
  },
  hints: {
    height: high,
    settings: { 'mergewright.inlayHints': 'all' },
    async prepare(editor) {
      const { page } = editor;
      await goBehind(editor, 'merge blend');
      await page.waitForTimeout(5000);
    },
  },
  plan: {
    height: high,
    async prepare(editor) {
      const { page } = editor;
      await command(editor, 'Mergewright: Show Expanded Plan');
      await page.locator('.tab', { hasText: 'plan' }).first().waitFor();
      await page.waitForTimeout(1500);
    },
  },
};

async function take(shot: {
  readonly theme: string;
  readonly colorTheme: string;
  readonly name: string;
  readonly picture: Picture;
  readonly extensions: string;
}): Promise<void> {
  const { theme, colorTheme, name, picture, extensions } = shot;
  const own = join(folder, `${theme}-${name}`);
  mkdirSync(own);
  const editor = await openEditor({
    folder: own,
    extensions,
    settings: { ...settings, 'workbench.colorTheme': colorTheme, ...picture.settings },
  });
  try {
    await editor.page.setViewportSize({ width: 1280, height: picture.height });
    await editor.open('digits.merge');
    await editor.page.keyboard.press('Control+b');
    await picture.prepare(editor);
    mkdirSync(join(out, theme), { recursive: true });
    await editor.page.screenshot({ path: join(out, theme, `${name}.png`) });
    console.log(`docs/pictures/${theme}/${name}.png`);
  } finally {
    await editor.close();
  }
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
await buildAll();
getVSCode();
const folder = mkdtempSync(join(tmpdir(), 'mw-pictures-'));
try {
  const extensions = join(folder, 'extensions');
  mkdirSync(extensions);
  const target = thisTarget();
  installExtension(packageExtension(target === undefined ? {} : { target }), extensions);
  for (const [theme, colorTheme] of Object.entries(themes)) {
    for (const [name, picture] of Object.entries(pictures)) {
      if (values.only !== undefined && values.only !== name) continue;
      await take({ theme, colorTheme, name, picture, extensions });
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
