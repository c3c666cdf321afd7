/** Folders compared by their text alone: what is equal, what lies in what. */
import { outputsMeet } from '../diagnostics/mw3017-outputs-meet.ts';
import { overwritesInput } from '../diagnostics/mw3027-overwrites-input.ts';
import type { OutputStatement } from '../syntax/tree.ts';
import type { Source } from './checked.ts';
import { type Checking, quoted, report } from './checking.ts';

/** Without `.` and inner `..`, with `/` between names; drives in lower case. */
export function normalFolder(path: string): string {
  const parts: string[] = [];
  const slashed = path.replace(/\\/g, '/').replace(/^[A-Za-z]:/, (drive) => drive.toLowerCase());
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const root = slashed.startsWith('/') ? '/' : '';
  return root + parts.join('/');
}

/** Whether the second is the first, or lies in it. */
export function holds(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  if (outer === '')
    return !inner.startsWith('/') && !inner.startsWith('..') && !/^[a-z]:/.test(inner);
  return inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** Outputs that meet each other, or lie over a source. */
export function checkFolders(
  checking: Checking,
  outputs: readonly OutputStatement[],
  sources: readonly Source[],
): void {
  const seen: { readonly folder: string; readonly statement: OutputStatement }[] = [];
  for (const statement of outputs) {
    if (statement.folder === undefined || statement.folder.value.trim() === '') continue;
    const folder = normalFolder(statement.folder.value);
    const met = seen.find((other) => holds(other.folder, folder) || holds(folder, other.folder));
    if (met !== undefined) {
      const [own, other] = [
        quoted(checking, statement.folder),
        quoted(checking, met.statement.folder!),
      ];
      const message =
        met.folder === folder
          ? `Two outputs go to ${own}.`
          : `The outputs to ${other} and ${own} lie one in the other.`;
      const { start, end } = met.statement.folder!;
      report(checking, outputsMeet, statement.folder, message, {
        related: [{ start, end, message: 'the other output' }],
      });
    }
    seen.push({ folder, statement });
    const source = sources.find(
      ({ reference }) => reference.kind === 'path' && holds(folder, normalFolder(reference.path)),
    );
    if (source !== undefined) {
      const message = `The output to ${quoted(checking, statement.folder)} would lie over the source \`${source.name}\`: give it a folder of its own.`;
      report(checking, overwritesInput, statement.folder, message, {
        related: [{ start: source.start, end: source.end, message: 'the source' }],
      });
    }
  }
}
