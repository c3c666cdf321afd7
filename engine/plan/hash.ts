import { createHash } from 'node:crypto';
import type { Checked } from '../../grammar/check/checked.ts';
import type { Files } from './files.ts';
import type { PlannedOutput } from './plan.ts';

/**
 * All that decides an output's files: its tensors with their terms and operands, the layout, what is carried along, the
 * identity of the weights files, the engine, and the expectations that it must meet. Not where it goes, nor what it is called.
 */
export function outputHash(
  output: Omit<PlannedOutput, 'hash'>,
  {
    files,
    engineVersion,
    checked,
  }: { readonly files: Files; readonly engineVersion: string; readonly checked: Checked },
): string {
  const content = {
    engineVersion,
    files: files.identities(),
    headers: output.files.map(({ name, header }) => [
      name,
      createHash('sha256').update(header).digest('hex'),
    ]),
    tensors: output.tensors.map(({ name, work }) => [name, work]),
    config: output.config?.text,
    carried: output.carried.map(({ name, path, size }) => [name, path, size]),
    expectations: checked.expectations.map(({ text }) => text),
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
