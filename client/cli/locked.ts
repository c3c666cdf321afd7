/** `--locked`: a recipe's models are held against its lock before anything else is done with them. */
import { readLockfile } from '../../engine/lockfile/lockfile.ts';
import { verifyLock, withHashes } from '../../engine/lockfile/verify-lock.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { engineVersion } from '../../engine/version.ts';
import { hashingLine } from './progress.ts';
import type { Terminal } from './terminal.ts';

export interface LockedFlags {
  /** Refuse models that are not those of the recipe's lock. */
  readonly locked?: boolean;
  readonly threads: number;
}

export type Held =
  /** Its files are known by their SHA-256, which reports and cards then tell. */
  | { readonly kind: 'held'; readonly opened: OpenedRecipe }
  | { readonly kind: 'moved'; readonly findings: readonly Diagnostic[] }
  | { readonly kind: 'fault'; readonly fault: Fault };

export async function holdToLock(
  terminal: Terminal,
  opened: OpenedRecipe,
  { threads }: LockedFlags,
): Promise<Held> {
  const lock = await readLockfile(opened.path);
  if (!lock.ok) return { kind: 'fault', fault: lock.fault };
  const line = hashingLine(terminal);
  const verified = await verifyLock(opened, lock.value, {
    read: 'doubtful',
    threads,
    onProgress: line.show,
  });
  line.clear();
  if (!verified.ok) return { kind: 'fault', fault: verified.fault };
  // Nobody cancels it here: a signal ends the program, which has written nothing yet.
  const { findings, sha256 } = verified.value!;
  if (findings.length > 0) return { kind: 'moved', findings };
  if (lock.value.engineVersion !== engineVersion)
    terminal.err(
      `note: locked by version ${lock.value.engineVersion}, and this is ${engineVersion}\n`,
    );
  return {
    kind: 'held',
    opened: { ...opened, checkpoints: withHashes(opened.checkpoints, sha256) },
  };
}
