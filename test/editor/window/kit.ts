/** A window of the real VS Code, worked with mouse and keyboard. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import type { MergeReport } from '../../../engine/output/report.ts';
import { openWindow, startServer, writeUserSettings } from '../../../scripts/vscode-workbench.ts';
import { makeWorkspace } from '../../../scripts/vscode-suites.ts';

const artefacts = fileURLToPath(new URL('../../artefacts/', import.meta.url));

/** A machine that does much else needs half a minute for a webview. */
export const patienceMs = 60_000;

export interface WindowCase {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly run: (editor: EditorWindow) => Promise<void>;
}

export interface EditorWindow {
  readonly page: Page;
  readonly workspace: string;
  /** The folder of run records. */
  readonly records: string;
  open(file: string): Promise<void>;
  command(title: string): Promise<void>;
  /** The page of the panel, once it listens. */
  panel(): Promise<Frame>;
  /** Closes the tab of the panel. */
  closePanel(): Promise<void>;
  /** The notifications that there are, each with its buttons. */
  notifications(): Promise<
    readonly { readonly text: string; readonly buttons: readonly string[] }[]
  >;
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openEditor({
  folder,
  extensions,
  settings = {},
}: {
  readonly folder: string;
  readonly extensions: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}): Promise<EditorWindow> {
  const userData = join(folder, 'user');
  const workspace = join(folder, 'workspace');
  writeUserSettings(userData, settings);
  makeWorkspace(workspace);
  const server = await startServer({ userData, extensions });
  const window = await openWindow(server, { folder: workspace, softwareGpu: true });
  const { page } = window;
  page.setDefaultTimeout(patienceMs);
  await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row');

  const command = async (title: string): Promise<void> => {
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input');
    await input.fill(`>${title}`);
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows
      .filter({ hasText: new RegExp(`^${title}(Ctrl|⌘|$)`) })
      .first()
      .click();
  };
  return {
    page,
    workspace,
    records: join(userData, 'User', 'globalStorage', 'mergewright.mergewright', 'runs'),
    async open(file) {
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).dblclick();
      await page.locator('.statusbar-item', { hasText: 'Mergewright recipe' }).waitFor();
      await page.locator('.codelens-decoration a').first().waitFor();
      await page.locator('.editor-group-container .view-lines').first().click();
    },
    command,
    panel: () => panelFrame(page),
    async closePanel() {
      await page.getByRole('tab', { name: /^Merge: / }).click({ button: 'middle' });
    },
    async notifications() {
      // Under a test driver VS Code keeps them in their list, behind the bell.
      const list = page.locator('.notifications-center.visible');
      if ((await list.count()) === 0) await page.locator('[id="status.notifications"]').click();
      // The bell's own words would lie over the buttons.
      await page.mouse.move(0, 0);
      const shown = list.locator('.notification-list-item');
      return Promise.all(
        (await shown.all()).map(async (one) => ({
          text: await one.locator('.notification-list-item-message').innerText(),
          buttons: await one.locator('.notification-list-item-buttons-container a').allInnerTexts(),
        })),
      );
    },
    async shot(name) {
      mkdirSync(artefacts, { recursive: true });
      await page.screenshot({ path: join(artefacts, `${name}.png`) });
    },
    async close() {
      await window.close();
      await server.close();
    },
  };
}

/** A webview is a page in a page in a page: the innermost has what the panel drew. */
async function panelFrame(page: Page): Promise<Frame> {
  for (const begun = Date.now(); Date.now() - begun < patienceMs;) {
    for (const frame of page.frames()) {
      const isPanel = await frame
        .locator('link[href*="panel.css"]')
        .count()
        .catch(() => 0);
      if (isPanel > 0) return frame;
    }
    await page.waitForTimeout(50);
  }
  throw new Error('the panel did not come');
}

/** What a merge wrote of itself beside its output. */
export function reportOf(folder: string): MergeReport {
  return JSON.parse(readFileSync(join(folder, 'mergewright.json'), 'utf8')) as MergeReport;
}

/** Asks again until there is an answer. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const begun = Date.now(); Date.now() - begun < patienceMs;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it did not come in time');
}

/** Presses Cancel; the seconds from the press to the words, by the page's own clock: the mouse takes its time on a busy machine. */
export async function cancelInPanel(panel: Frame): Promise<number> {
  const cancelling = panel.evaluate<number>(`new Promise((done) => {
    document.addEventListener('click', () => {
      const begun = performance.now();
      const look = () => document.body.textContent.includes('Cancelled.');
      const watch = new MutationObserver(() => look() && done((performance.now() - begun) / 1000));
      watch.observe(document.body, { childList: true, subtree: true, characterData: true });
    }, { capture: true, once: true });
  })`);
  await panel.getByRole('button', { name: 'Cancel' }).first().click();
  await panel.getByText(/^Cancelled/).waitFor({ timeout: 5000 });
  return cancelling;
}
