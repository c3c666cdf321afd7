/** The process that is killed when a text hangs it: it examines each text it is sent, and says how that went. */
import { examine } from './examine.ts';

process.on('message', (text: string) => {
  let fault: string | undefined;
  try {
    examine(text);
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  process.send!(fault === undefined ? { ok: true } : { ok: false, fault });
});
