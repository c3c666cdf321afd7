/** Neovim for the tests: the one on the path, else Debian's, unpacked into the cache without being installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache/neovim', import.meta.url));

export const installLine = 'apt-get install -y --no-install-recommends neovim';

export interface Neovim {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** `0.7` as [0, 7]. */
  readonly version: readonly [number, number];
}

/** Undefined where it is not there and Debian's package cannot be had. */
export function getNeovim(): Neovim | undefined {
  return versioned('nvim', {}) ?? unpackedNeovim() ?? (unpack() ? unpackedNeovim() : undefined);
}

function versioned(program: string, env: NodeJS.ProcessEnv): Neovim | undefined {
  const { stdout } = run(program, ['--version'], env);
  const found = /^NVIM v(\d+)\.(\d+)/.exec(stdout);
  return found === null
    ? undefined
    : { program, env, version: [Number(found[1]), Number(found[2])] };
}

function unpackedNeovim(): Neovim | undefined {
  const usr = join(cache, 'usr');
  if (!existsSync(usr)) return undefined;
  const libraries = readdirSync(join(usr, 'lib'))
    .map((name) => join(usr, 'lib', name))
    .join(':');
  return versioned(join(usr, 'bin', 'nvim'), {
    LD_LIBRARY_PATH: libraries,
    VIMRUNTIME: join(usr, 'share', 'nvim', 'runtime'),
  });
}

/** Fetches the package and what it needs here, and unpacks them all into the cache; no rights are needed for that. */
function unpack(): boolean {
  if (process.platform !== 'linux') return false;
  const planned = run('apt-get', ['install', '--simulate', '--no-install-recommends', 'neovim']);
  const packages = [...planned.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
  if (!packages.includes('neovim')) return false;
  const work = `${cache}.part`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  if (run('apt-get', ['download', ...packages], {}, work).status !== 0) return false;
  const files = readdirSync(work).filter((name) => name.endsWith('.deb'));
  const isWhole = files.every((file) => run('dpkg', ['-x', file, '.'], {}, work).status === 0);
  if (!isWhole || files.length < packages.length) return false;
  mkdirSync(dirname(cache), { recursive: true });
  renameSync(work, cache);
  return true;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string) {
  const { status, stdout } = spawnSync(program, [...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status, stdout: stdout ?? '' };
}
