/** The panel's entry: messages of the extension come in, and it says when it can take them. */
import { panelProtocolVersion, type ToPanel } from '../engine/protocol/panel.ts';
import { editorHost } from './panel-host.ts';
import { Panel } from './panel.ts';

const host = editorHost();
const panel = new Panel(document.body, host);

window.addEventListener('message', (event: MessageEvent<ToPanel>) => panel.receive(event.data));
host.post({ kind: 'ready', version: panelProtocolVersion });
