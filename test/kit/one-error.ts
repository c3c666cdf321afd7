import { expect } from 'vitest';
import type { Ended } from './command.ts';
import type { Workspace } from './workspace.ts';

export interface Expected {
  readonly code: 1 | 3;
  /** What the run is given beside the recipe. */
  readonly flags?: readonly string[];
}

/**
 * Runs `m.merge`, which must end with one error that has a code and a way out, no stack, and must leave the folder as it was.
 * Gives the error's text, made plain.
 */
export async function oneError(folder: Workspace, { code, flags = [] }: Expected): Promise<string> {
  const before = folder.list();
  const ended = await folder.run(['run', 'm.merge', ...flags]);
  expectOneError(ended, code);
  expect(folder.list()).toEqual(before);
  return folder.plain(ended.err);
}

export function expectOneError({ code, out, err }: Ended, wanted: 1 | 3): void {
  expect(err.match(/\berror MW\d{4}: /g), err).toHaveLength(1);
  expect(err).not.toMatch(/^\s+at |node:|\.ts:|\.mjs:/m);
  expect(out).toBe('');
  expect(code).toBe(wanted);
}
