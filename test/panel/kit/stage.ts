/** A page that takes the editor's place: it serves the real bundle under the editor's policy and speaks the panel's protocol. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import {
  panelProtocolVersion,
  type FromPanel,
  type PanelCommand,
  type PanelState,
  type ToPanel,
} from '../../../engine/protocol/panel.ts';
import { bundlePanel, type PanelBundle } from './bundle.ts';
import { themeNamed } from './themes.ts';

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openBrowser(): Promise<Browser> {
  const executablePath = browsers.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(`no Chromium at ${browsers.join(', ')}: apt-get install chromium`);
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
  });
}

export interface StageOptions {
  readonly theme?: string;
  readonly width?: number;
  readonly height?: number;
  /** What the editor kept of an earlier life. */
  readonly saved?: unknown;
}

export interface Stage {
  readonly page: Page;
  readonly send: (message: ToPanel) => Promise<void>;
  readonly show: (state: PanelState) => Promise<void>;
  /** Commands that the panel sent, in order. */
  readonly commands: () => readonly PanelCommand[];
  readonly messages: () => readonly FromPanel[];
  /** What the panel gave the editor to keep. */
  readonly saved: () => unknown;
  /** What the console and the policy complained of. */
  readonly complaints: () => readonly string[];
  /** The editor's theme changes. */
  readonly wear: (theme: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const origin = 'http://panel.test';
let bundled: Promise<PanelBundle> | undefined;

export async function openStage(
  browser: Browser,
  { theme = 'dark', width = 1400, height = 1000, saved }: StageOptions = {},
): Promise<Stage> {
  bundled ??= bundlePanel();
  const { script, style } = await bundled;
  const page = await browser.newPage({ viewport: { width, height } });
  const messages: FromPanel[] = [];
  const complaints: string[] = [];
  let kept: unknown = saved;
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
  await page.exposeFunction('stagePost', (message: FromPanel) => void messages.push(message));
  await page.exposeFunction('stageKeep', (state: unknown) => void (kept = state));
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    switch (pathname) {
      case '/':
        return route.fulfill({
          contentType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': policy },
          body: pageText({ theme, saved }),
        });
      case '/panel.js':
        return route.fulfill({ contentType: 'text/javascript', body: script });
      case '/panel.css':
        return route.fulfill({ contentType: 'text/css', body: style });
      default:
        return route.fulfill({ status: 404, body: '' });
    }
  });
  await page.goto(`${origin}/`);
  const send = async (message: ToPanel) => {
    await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
    await settled(page);
  };
  return {
    page,
    send,
    show: (state) => send({ kind: 'state', version: panelProtocolVersion, state }),
    commands: () =>
      messages.flatMap((message) => (message.kind === 'command' ? [message.command] : [])),
    messages: () => messages,
    saved: () => kept,
    complaints: () => complaints,
    wear: async (name) => {
      await page.evaluate(themeScript(name));
      await settled(page);
    },
    close: () => page.close(),
  };
}

/** Two frames on: what a message brought is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done))))',
  );
}

/** The policy that the extension gives its panel. */
const policy = [
  "default-src 'none'",
  "script-src 'nonce-stage' 'wasm-unsafe-eval'",
  `style-src ${origin}`,
  `img-src ${origin}`,
  'worker-src blob:',
].join('; ');

/** Sets a theme's properties and class, as the editor does when it changes. */
function themeScript(name: string): string {
  const { classes, colours } = themeNamed(name);
  return [
    "document.documentElement.removeAttribute('style');",
    ...Object.entries(colours).map(
      ([colour, value]) =>
        `document.documentElement.style.setProperty('--vscode-${colour}', ${JSON.stringify(value)});`,
    ),
    `if (document.body) document.body.className = ${JSON.stringify(classes)};`,
  ].join('\n');
}

function pageText({ theme, saved }: { readonly theme: string; readonly saved: unknown }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Mergewright</title>
<link rel="stylesheet" href="/panel.css">
<script nonce="stage">
${themeScript(theme)}
let kept = ${JSON.stringify(saved ?? null)};
window.acquireVsCodeApi = () => ({
  postMessage: (message) => stagePost(JSON.parse(JSON.stringify(message))),
  setState: (state) => { kept = state; stageKeep(JSON.parse(JSON.stringify(state))); },
  getState: () => kept ?? undefined,
});
</script>
</head>
<body class="${themeNamed(theme).classes}">
<script type="module" nonce="stage" src="/panel.js"></script>
</body>
</html>`;
}
