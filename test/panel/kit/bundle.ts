/** The panel as it is shipped: one script and one style sheet. */
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
    entryPoints: { panel: 'webview/main.ts', style: 'webview/panel.css' },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'chrome128',
    write: false,
    logLevel: 'warning',
  });
  const textOf = (ending: string): string =>
    outputFiles.find(({ path }) => path.endsWith(ending))!.text;
  return { script: textOf('panel.js'), style: textOf('style.css') };
}
