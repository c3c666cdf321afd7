/** What a recipe writes for a model of mergekit's: a path, an id, an id at a revision. */
import type { SourceReference } from '../../check/checked.ts';
import { referenceOfText } from '../../check/sources.ts';

export interface Surroundings {
  /** Whether a folder of this name stands where the configuration's relative paths start. */
  readonly isFolder?: (path: string) => boolean;
  /** How many layers a model has, where its files are at hand. */
  readonly layersOf?: (reference: SourceReference) => number | undefined;
  /** A relative path as the recipe has to write it, where it stands in another folder. */
  readonly moved?: (path: string) => string;
}

const cachePath = /models--([^/\\]+?)--([^/\\]+)[/\\]+snapshots[/\\]+([^/\\]+)[/\\]*$/;

interface Named {
  readonly path: string;
  readonly revision?: string;
}

export interface SourceText {
  readonly text: string;
  readonly reference: SourceReference;
}

/** A model, as its declaration writes it. */
export function sourceText(named: Named, surroundings: Surroundings): SourceText {
  const reference = sourceReference(named, surroundings);
  return { text: textOf(reference), reference };
}

/** An adapter, as it stands first in `lora(…)`: its path or its id, and a revision. */
export function adapterArguments(named: Named, surroundings: Surroundings): string {
  const reference = sourceReference(named, surroundings);
  if (reference.kind === 'path') {
    const { path } = reference;
    return quote(isPlainPath(path) ? path : `./${path}`);
  }
  const { id, revision } = reference;
  return revision === undefined ? quote(id) : `${quote(id)}, revision: ${quote(revision)}`;
}

function sourceReference({ path, revision }: Named, surroundings: Surroundings): SourceReference {
  const cached = cachePath.exec(path);
  if (cached !== null) {
    const id = `${cached[1]!.replaceAll('--', '/')}/${cached[2]!}`;
    return { kind: 'hub', id, revision: cached[3]! };
  }
  const forward = path.replaceAll('\\', '/');
  const read = referenceOfText(forward);
  // What is neither plainly a path nor an id is an id only if no folder has its name.
  const isLocal = read?.kind !== 'hub' || surroundings.isFolder?.(forward) === true;
  if (!isLocal) {
    return { kind: 'hub', id: forward, ...(revision === undefined ? {} : { revision }) };
  }
  const isAnchored = /^(\/|~|[A-Za-z]:\/)/.test(forward);
  return { kind: 'path', path: isAnchored ? forward : (surroundings.moved ?? same)(forward) };
}

function textOf(reference: SourceReference): string {
  if (reference.kind === 'path') {
    const text = quote(reference.path);
    return isPlainPath(reference.path) ? text : `local(${text})`;
  }
  const { id, revision } = reference;
  if (revision !== undefined) return `hub(${quote(id)}, revision: ${quote(revision)})`;
  return id.includes('/') ? quote(id) : `hub(${quote(id)})`;
}

/** Whether a text alone is read as a path. */
function isPlainPath(path: string): boolean {
  return referenceOfText(path)?.kind === 'path';
}

function same(path: string): string {
  return path;
}

/** A text as a recipe writes it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
