/** Whether a recipe's models are those of its lock, and if not, which statement of the recipe is concerned. */
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { spanOf, type Span } from '../../grammar/syntax/span.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { commitMoved } from '../faults/commit-moved.ts';
import { settle, valueOf, type FaultKind, type Result } from '../faults/fault.ts';
import { lockedFileChanged } from '../faults/locked-file-changed.ts';
import { lockedRecipeChanged } from '../faults/locked-recipe-changed.ts';
import { shown, shownBytes } from '../faults/shown.ts';
import { sourceNotLocked } from '../faults/source-not-locked.ts';
import type { OpenedRecipe } from '../recipe/open-recipe.ts';
import type { FileNow } from './files-now.ts';
import { hashFiles, type HashOptions } from './hash-files.ts';
import type { LockedFile, LockedSource, Lockfile } from './lockfile.ts';
import {
  isAsLocked,
  isSamePlace,
  recipesNow,
  sourcesNow,
  type LockedReference,
  type SourceNow,
} from './make-lock.ts';

export interface VerifyOptions extends HashOptions {
  /** `doubtful`: files whose time differs are read again; `all`: every file is. */
  readonly read: 'doubtful' | 'all';
}

export interface VerifiedLock {
  /** Errors at the recipe's statements; none: the models are those of the lock. */
  readonly findings: readonly Diagnostic[];
  /** SHA-256 of files that are as locked, by path. */
  readonly sha256: ReadonlyMap<string, string>;
  readonly bytesRead: number;
}

/** Undefined: cancelled. Faults: those of reading. */
export function verifyLock(
  opened: OpenedRecipe,
  lock: Lockfile,
  options: VerifyOptions,
): Promise<Result<VerifiedLock | undefined>> {
  return settle(async () => {
    const findings: Diagnostic[] = recipeFindings(opened, lock);
    const pairs: { readonly source: SourceNow; readonly locked: LockedSource }[] = [];
    for (const source of await sourcesNow(opened)) {
      const locked = lock.sources.find(({ name }) => name === source.reference.name);
      const finding = placeFinding(opened, source.reference, locked);
      if (finding !== undefined) findings.push(finding);
      else pairs.push({ source, locked: locked! });
    }
    const unread = pairs.flatMap(({ source, locked }) =>
      source.files.filter((file) => {
        const known = lockedFileOf(locked, file);
        return known !== undefined && mustBeRead(file, known, options.read);
      }),
    );
    const hashes = valueOf(await hashFiles(unread, options));
    if (hashes === undefined) return undefined;
    const sha256 = new Map<string, string>();
    for (const { source, locked } of pairs) {
      const changes = [
        ...source.files.flatMap((file) => {
          const change = changeOf(file, lockedFileOf(locked, file), hashes);
          if (change === undefined) sha256.set(file.path, lockedFileOf(locked, file)!.sha256);
          return change === undefined ? [] : [change];
        }),
        ...locked.files
          .filter(({ name }) => !source.files.some((file) => file.name === name))
          .map(({ name }) => `${shown(name)} is missing`),
      ];
      if (changes.length > 0) findings.push(fileFinding(opened, source.reference, changes));
    }
    const bytesRead = unread.reduce((sum, { size }) => sum + size, 0);
    return { findings: findings.sort((a, b) => a.start - b.start), sha256, bytesRead };
  });
}

/** Checkpoints whose files have the SHA-256 that was verified. */
export function withHashes(
  checkpoints: ReadonlyMap<string, Checkpoint>,
  sha256: ReadonlyMap<string, string>,
): ReadonlyMap<string, Checkpoint> {
  return new Map(
    [...checkpoints].map(([name, checkpoint]) => [
      name,
      {
        ...checkpoint,
        files: checkpoint.files.map((file) => {
          const blobHash = sha256.get(file.path) ?? file.blobHash;
          return blobHash === undefined ? file : { ...file, blobHash };
        }),
      },
    ]),
  );
}

function lockedFileOf({ files }: LockedSource, { name }: FileNow): LockedFile | undefined {
  return files.find((of) => of.name === name);
}

function mustBeRead(file: FileNow, locked: LockedFile, read: VerifyOptions['read']): boolean {
  // What has another size or header is another file, whatever else it holds.
  if (file.size !== locked.size || file.headerHash !== locked.headerHash) return false;
  if (read === 'all') return true;
  return file.blobHash === undefined && !isAsLocked(file, locked);
}

/** How a file differs from what was locked, as the end of a sentence. */
function changeOf(
  file: FileNow,
  locked: LockedFile | undefined,
  hashes: ReadonlyMap<string, string>,
): string | undefined {
  const name = shown(file.name);
  if (locked === undefined) return `${name} was not there`;
  if (file.size !== locked.size)
    return `${name} has ${shownBytes(file.size)}, not ${shownBytes(locked.size)}`;
  if (file.headerHash !== locked.headerHash) return `${name} has another header`;
  const sha256 = hashes.get(file.path) ?? file.blobHash ?? locked.sha256;
  return sha256 === locked.sha256 ? undefined : `${name} has another SHA-256`;
}

function placeFinding(
  opened: OpenedRecipe,
  now: LockedReference,
  locked: LockedReference | undefined,
): Diagnostic | undefined {
  const at = placeOf(opened, now.name);
  if (locked === undefined) {
    return finding(sourceNotLocked, at, `\`${now.name}\` is not in the lock.`, lockAnew(opened));
  }
  if (!isSamePlace(now, locked)) {
    const message = `\`${now.name}\` is read from ${inWords(now)} and was locked from ${inWords(locked)}.`;
    return finding(sourceNotLocked, at, message, lockAnew(opened));
  }
  if (now.commit !== locked.commit) {
    const message = `\`${now.name}\` is at commit ${now.commit ?? 'none'} and was locked at ${locked.commit ?? 'none'}.`;
    const help = `Name that commit as its \`revision\`, or lock anew: ${lockCommand(opened)}.`;
    return finding(commitMoved, at, message, help);
  }
  return undefined;
}

function fileFinding(
  opened: OpenedRecipe,
  { name }: LockedReference,
  changes: readonly string[],
): Diagnostic {
  const more = changes.length === 1 ? '' : ` (and ${changes.length - 1} more)`;
  const message = `\`${name}\` is not as it was locked: ${changes[0]}${more}.`;
  const help = `Bring the locked files back, or lock anew: ${lockCommand(opened)}.`;
  return finding(lockedFileChanged, placeOf(opened, name), message, help);
}

function recipeFindings(opened: OpenedRecipe, lock: Lockfile): Diagnostic[] {
  return recipesNow(opened).flatMap(({ path, sha256 }) => {
    const locked = lock.recipes.find((of) => of.path === path);
    if (locked?.sha256 === sha256) return [];
    const what =
      locked === undefined
        ? 'was not used when the recipe was locked'
        : 'was changed since the lock';
    return [
      finding(lockedRecipeChanged, useOf(opened), `${shown(path)} ${what}.`, lockAnew(opened)),
    ];
  });
}

function inWords({ hub, path, revision }: LockedReference): string {
  return shown(`${hub ?? path ?? ''}${revision === undefined ? '' : `@${revision}`}`);
}

function lockAnew(opened: OpenedRecipe): string {
  return `If that is meant, lock anew: ${lockCommand(opened)}.`;
}

function lockCommand({ path }: OpenedRecipe): string {
  return `mergewright lock ${path.replace(/^.*[\\/]/, '')}`;
}

function finding(kind: FaultKind, at: Span, message: string, help: string): Diagnostic {
  return { code: kind.code, severity: kind.severity, message: `${message} ${help}`, ...at };
}

/** The statement that declares a source; of one in a used recipe, the `use` that brings it in. */
function placeOf(opened: OpenedRecipe, name: string): Span {
  const { statements } = opened.checked.recipe;
  const own = statements.find(
    (statement) => 'value' in statement && 'name' in statement && statement.name?.text === name,
  );
  if (own !== undefined) return spanOf(own);
  const alias = name.includes('.') ? name.slice(0, name.indexOf('.')) : undefined;
  const use = statements.find(
    (statement) => statement.kind === 'use' && statement.alias?.text === alias,
  );
  return use === undefined ? useOf(opened) : spanOf(use);
}

function useOf({ checked }: OpenedRecipe): Span {
  const use = checked.recipe.statements.find(({ kind }) => kind === 'use');
  return use === undefined ? { start: 0, end: 0 } : spanOf(use);
}
