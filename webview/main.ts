/** The panel's entry: messages of the extension come in, and it says when it can take them. */
import type { ToPage } from '../engine/protocol/compute.ts';
import { panelProtocolVersion, type ToPanel } from '../engine/protocol/panel.ts';
import { computeThread } from './compute/thread.ts';
import { editorHost } from './panel-host.ts';
import { Panel } from './panel.ts';

const host = editorHost();
const panel = new Panel(document.body, host);
const passToThread = computeThread(host.passOn);

window.addEventListener('message', ({ data }: MessageEvent<ToPanel | ToPage>) => {
  switch (data.kind) {
    case 'compute-begin':
    case 'compute':
    case 'compute-end':
      return passToThread(data);
    default:
      return panel.receive(data);
  }
});
host.post({ kind: 'ready', version: panelProtocolVersion });
