/** The panel as it is shipped: one script and one style sheet. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface PanelBundle {
  readonly script: string;
  readonly style: string;
}

export async function bundlePanel(): Promise<PanelBundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { panel: 'webview/main.ts' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'chrome128',
    write: false,
    logLevel: 'warning',
  });
  return {
    script: outputFiles[0]!.text,
    style: readFileSync(`${root}webview/panel.css`, 'utf8'),
  };
}
