/**
 * Every file and folder that this process opens, lists, makes or removes is written down, so that a fuzzer can tell whether
 * something outside the folders it named was touched. Looking at a file's kind or at where a link leads is no touch.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from '../../engine/checkpoints/inside-folder.ts';
import { expectThat } from './expectations.ts';

const touching = [
  'open',
  'opendir',
  'readFile',
  'readdir',
  'writeFile',
  'appendFile',
  'copyFile',
  'cp',
  'mkdir',
  'rename',
  'link',
  'symlink',
  'unlink',
  'rm',
  'rmdir',
  'truncate',
  'chmod',
  'utimes',
] as const;
/** These have a second path. */
const twoPaths: ReadonlySet<string> = new Set(['rename', 'link', 'copyFile', 'cp']);
/** These act on a link itself. */
const onLinks: ReadonlySet<string> = new Set(['rename', 'link', 'unlink', 'rm', 'symlink']);

export interface WatchedFiles {
  /** From here on: what a fuzzer does to make a case is its own. */
  begin(): void;
  /** Throws where something outside these folders was touched since. */
  proveInside(roots: readonly string[]): void;
}

type AnyFunction = (...args: readonly unknown[]) => unknown;

/** From now on, until the process ends. */
export function watchFiles(): WatchedFiles {
  const touched: { readonly name: string; readonly path: string }[] = [];
  const note = (name: string, path: unknown, isOfLink: boolean): void => {
    if (typeof path === 'string') touched.push({ name, path: place(path, isOfLink) });
  };
  const watch = (module: object, name: string, kind: string): void => {
    const functions = module as Record<string, AnyFunction>;
    const plain = functions[name]!;
    functions[name] = (...args) => {
      const isOfLink = onLinks.has(kind) || (kind === 'open' && followsNoLink(args[1]));
      note(kind, kind === 'symlink' ? args[1] : args[0], isOfLink);
      if (twoPaths.has(kind)) note(kind, args[1], isOfLink);
      return plain.apply(functions, args as unknown[]);
    };
  };
  for (const name of touching) {
    watch(fs.promises, name, name);
    watch(fs, `${name}Sync`, name);
  }
  syncBuiltinESMExports();
  return {
    begin: () => void (touched.length = 0),
    proveInside(roots) {
      const outside = touched.find(({ path }) => !roots.some((root) => isInside(path, root)));
      expectThat(outside === undefined, `${outside?.name} of ${outside?.path}`);
    },
  };
}

/** What makes a file that must not be there stops at a link, as does what is told to. */
function followsNoLink(flags: unknown): boolean {
  if (typeof flags === 'string') return flags.includes('x');
  const { O_NOFOLLOW } = fs.constants as { readonly O_NOFOLLOW?: number };
  return typeof flags === 'number' && O_NOFOLLOW !== undefined && (flags & O_NOFOLLOW) !== 0;
}

const real = fs.realpathSync.bind(fs);

/** Where a path leads, as far as it leads to anything; of what acts on links, where the link is. */
function place(path: string, isOfLink: boolean): string {
  const whole = resolve(path);
  try {
    return isOfLink ? join(real(dirname(whole)), basename(whole)) : real(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(place(parent, false), basename(whole));
  }
}
