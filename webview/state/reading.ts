/** What the map is worth: how much was read, whether it lags behind the text, and the way on. */
import type { MapState, PanelCommand, RecipeState } from '../../engine/protocol/panel.ts';
import { shareText } from '../words/amounts.ts';

export interface Reading {
  readonly text: string;
  /** The one way on. */
  readonly next?: { readonly title: string; readonly command: PanelCommand };
}

export function readingOf(map: MapState | undefined, recipe: RecipeState): Reading {
  const preview: Reading['next'] = { title: 'Preview', command: { kind: 'preview' } };
  const isAble = recipe.trusted && recipe.errors.length === 0;
  if (map === undefined)
    return { text: 'nothing measured yet', ...(isAble ? { next: preview } : {}) };
  const isBehind = standingOf(recipe, map).kind === 'behind';
  const share = shareText(map.read.blocks, map.read.ofBlocks);
  switch (map.reading) {
    case 'none':
      return { text: 'nothing measured yet', ...(isAble ? { next: preview } : {}) };
    case 'sampling':
      return { text: `reading samples, ${share}`, next: stop };
    case 'sampled':
      return {
        text: `sampled ${share} of the blocks`,
        ...(isAble ? { next: isBehind ? preview : exact('Measure exactly') } : {}),
      };
    case 'measuring':
      return { text: `measuring exactly, ${share}`, next: stop };
    case 'exact':
      return { text: 'every weight read', ...(isAble && isBehind ? { next: preview } : {}) };
    case 'stopped':
      return {
        text: `stopped at ${share}; what was read stays`,
        ...(isAble ? { next: exact('Go on') } : {}),
      };
  }
}

const stop: Reading['next'] = { title: 'Stop', command: { kind: 'stop-measuring' } };

function exact(title: string): Reading['next'] {
  return { title, command: { kind: 'measure-exactly' } };
}

/** How the panel stands to the text. */
export type Standing =
  | { readonly kind: 'errors'; readonly text: string }
  | { readonly kind: 'untrusted'; readonly text: string }
  | { readonly kind: 'behind'; readonly text: string }
  | { readonly kind: 'matches'; readonly text: string };

export function standingOf(recipe: RecipeState, map: MapState | undefined): Standing {
  const { errors, trusted, textVersion } = recipe;
  if (errors.length > 0) {
    return { kind: 'errors', text: `${errors.length} error${errors.length === 1 ? '' : 's'}` };
  }
  if (!trusted) return { kind: 'untrusted', text: 'not trusted: nothing runs' };
  if (map !== undefined && map.textVersion !== textVersion) {
    return { kind: 'behind', text: 'behind your text' };
  }
  if (map?.rows.some(({ isOlder }) => isOlder === true) === true) {
    return { kind: 'behind', text: 'hatched: before your change' };
  }
  return { kind: 'matches', text: 'matches your text' };
}
