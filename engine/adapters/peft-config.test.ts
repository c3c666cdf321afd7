import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { boundsOf } from '../checkpoints/inside-folder.ts';
import { settle } from '../faults/fault.ts';
import { configName, readPeftConfig } from './peft-config.ts';

test.each([
  ['{"peft_type": {"toString": 1}}', 'MW4524', /the type "\{"toString":1\}"/],
  ['{"peft_type": [[{"toString": "x"}]]}', 'MW4524', /not a LoRA/],
  ['{"peft_type": "LOHA"}', 'MW4524', /the type "LOHA"/],
  ['{"r": \u001b[2J}', 'MW4525', /is not JSON/],
])('%j is refused in words', async (text, code, says) => {
  const folder = mkdtempSync(join(tmpdir(), 'mergewright-'));
  try {
    writeFileSync(join(folder, configName), text);
    const bounds = await boundsOf(folder);
    const read = await settle(() => readPeftConfig(bounds));
    expect(read).toMatchObject({
      ok: false,
      fault: { code, message: expect.stringMatching(says) },
    });
    expect(read.ok ? '' : read.fault.message).not.toMatch(/\p{Cc}/u);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
