import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wildObject } from './made-json.ts';
import { type Chance, damagedText } from './mutate.ts';
import type { Sandbox } from './sandbox.ts';

/** Puts something at a place where a small text file is looked for: a link to elsewhere, a pipe, a folder, or a damaged text. */
export function putWildFile(path: string, sandbox: Sandbox, choices: Chance): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  const sides = [
    () => symlinkSync(join(sandbox.canary, 'tokenizer.json'), path),
    () => symlinkSync('../../canary/tokenizer.json', path),
    () => symlinkSync('/dev/zero', path),
    () => symlinkSync(path, path),
    () => sandbox.pipeAt(path),
    () => mkdirSync(path),
    () => writeFileSync(path, wildObject(choices, ['license', 'chat_template', 'eos_token_id'])),
    () =>
      writeFileSync(path, damagedText('---\nlicense: mit\nbase_model: ../canary\n---\n', choices)),
    () =>
      writeFileSync(
        path,
        damagedText('[{"path": "../../canary"}, {"path": "1_Pooling"}]', choices),
      ),
  ];
  choices.pick(sides)();
}
