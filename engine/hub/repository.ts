import { join } from 'node:path';
import { raise } from '../faults/fault.ts';
import { malformedHubId } from '../faults/malformed-hub-id.ts';
import { shown } from '../faults/shown.ts';
import { isPlainName } from '../checkpoints/inside-folder.ts';

/** A model of the hub at one of its revisions. */
export interface HubReference {
  /** `name` or `owner/name`. */
  readonly id: string;
  /** A branch, a tag, a commit or the beginning of one, or a nested reference such as `refs/pr/1`. */
  readonly revision: string;
}

export const defaultRevision = 'main';

/** A commit, 40 hexadecimal digits. */
export const commitPattern = /^[0-9a-f]{40}$/;

/** `owner/name`, `owner/name@revision`, the same after `hf://` or `hf://models/`. Throws MW4550. */
export function readHubReference(text: string): HubReference {
  const plain = text.replace(/^hf:\/\/(models\/)?/, '');
  const at = plain.indexOf('@');
  const reference = {
    id: at === -1 ? plain : plain.slice(0, at),
    revision: at === -1 ? defaultRevision : plain.slice(at + 1),
  };
  proveReference(reference);
  return reference;
}

/** The text that `readHubReference` reads. */
export function writtenReference({ id, revision }: HubReference): string {
  return revision === defaultRevision ? id : `${id}@${revision}`;
}

/** Throws MW4550 for what could name no model, or a place outside of the cache. */
export function proveReference({ id, revision }: HubReference): void {
  if (!isHubId(id)) {
    raise(malformedHubId, {
      message: `${shown(id)} is not a Hugging Face id.`,
      help: 'Write an id as "org/name", and a path with "./" before it or with `local("…")`.',
    });
  }
  if (!isPlainName(revision) || revision.length > 200) {
    raise(malformedHubId, {
      message: `${shown(revision)} is not a revision.`,
      help: 'Name a branch, a tag or a commit.',
    });
  }
}

function isHubId(id: string): boolean {
  const parts = id.split('/');
  if (parts.length > 2 || id.length > 96 || id.includes('--') || id.includes('..')) return false;
  return parts.every((part) => /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(part));
}

/** The name of a model's folder in the cache, and of that of its locks. */
export function repositoryName(id: string): string {
  return `models--${id.replaceAll('/', '--')}`;
}

export function repositoryFolder(cache: string, id: string): string {
  return join(cache, repositoryName(id));
}
