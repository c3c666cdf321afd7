/** What a name stands for, whichever recipe declares it: so that the mentions of one name are found in all of them. */
import { pathOfUri } from '../paths.ts';
import type { Analysis } from './analysis.ts';
import { importedIn } from './imported-names.ts';
import { mentionAt, mentionsOf, type NameMention } from './mentions.ts';

export interface Target {
  /** The path of the recipe that declares it; of a text that is no file, its URI. */
  readonly home: string;
  /** As that recipe writes it. */
  readonly name: string;
}

export function homeOf({ uri }: Pick<Analysis, 'uri'>): string {
  return pathOfUri(uri) ?? uri;
}

export function targetOf(analysis: Analysis, name: string): Target {
  const imported = importedIn(analysis).get(name);
  return imported === undefined
    ? { home: homeOf(analysis), name }
    : { home: imported.path, name: imported.ownName };
}

/** The declared name at an offset. */
export function nameAt(
  analysis: Analysis,
  offset: number,
): { readonly mention: NameMention; readonly target: Target } | undefined {
  const mention = mentionAt(analysis, offset);
  if (mention?.kind !== 'name') return undefined;
  return { mention, target: targetOf(analysis, mention.name) };
}

export function mentionsOfTarget(
  analysis: Analysis,
  { home, name }: Target,
): readonly NameMention[] {
  return mentionsOf(analysis).all.filter((mention): mention is NameMention => {
    if (mention.kind !== 'name') return false;
    const target = targetOf(analysis, mention.name);
    return target.home === home && target.name === name;
  });
}
