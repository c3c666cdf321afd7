import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/** The page of the panel: one script by nonce, our styles, workers from blobs, WebAssembly; nothing from anywhere else. */
export function panelHtml(webview: Webview, dist: Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `img-src ${webview.cspSource} blob: data:`,
    `font-src ${webview.cspSource}`,
    `worker-src blob:`,
  ].join('; ');
  const at = (name: string): string => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="csp-nonce" content="${nonce}" />
    <title>Mergewright</title>
    <link rel="stylesheet" href="${at('panel.css')}" />
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="${at('panel.js')}"></script>
  </body>
</html>`;
}
