/** A fuzzer whose cases break in every way there is: what a soak must tell of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSandbox, type Sandbox } from './sandbox.ts';
import type { Examiner } from './soak.ts';
import { type WatchedFiles, watchFiles } from './watched-files.ts';

let sandbox: Sandbox;
let watched: WatchedFiles;
const held: Uint8Array[] = [];

export const examiner: Examiner = {
  prepare() {
    sandbox = makeSandbox();
    watched = watchFiles();
  },
  async examine(seed, number) {
    watched.begin();
    switch (number) {
      case 3:
        throw new Error(`thrown with seed ${seed}`);
      case 5:
        for (;;);
      case 7:
        await new Promise(() => undefined);
        break;
      case 9:
        process.exit(1);
        break;
      case 11:
        readFileSync(join(sandbox.canary, 'canary.txt'));
        break;
      case 13:
        held.push(new Uint8Array(400e6).fill(1));
        break;
    }
    watched.proveInside([join(sandbox.root, 'place')]);
    return 'sound';
  },
  tidy: () => sandbox.remove(),
};
