/** What is odd about a place once it meets a model, in the author's words. */
import { noSuchLayer } from '../diagnostics/mw4101-no-such-layer.ts';
import { severalTowers } from '../diagnostics/mw4103-several-towers.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import { replacing } from '../diagnostics/finding.ts';
import type { Tower } from '../places/anatomy.ts';
import type { PlaceFault } from '../places/evaluate.ts';
import type { Span } from '../syntax/span.ts';
import { type Checking, quoted, report, within } from './checking.ts';

/** `of` is the text that names the model or step whose layers are counted. */
export function reportPlaceFaults(
  checking: Checking,
  faults: readonly PlaceFault[],
  { of }: { readonly of: Span },
): void {
  const owner = quoted(checking, of);
  for (const fault of faults) {
    switch (fault.kind) {
      case 'no such layer':
        report(checking, noSuchLayer, fault.place, noSuchLayerMessage(fault, owner), {
          fixes: endedInTime(fault),
          related: relatedTo(checking, fault.place, of),
        });
        break;
      case 'several towers':
        report(
          checking,
          severalTowers,
          fault.place,
          `${owner} has several towers, and ${quoted(checking, fault.place)} means the layers of each: ${fault.towers.map((name) => `\`& ${name}\``).join(' or ')} says which.`,
          {
            fixes: fault.towers.map((name) => ({
              title: `Only the layers of \`${name}\``,
              edits: [{ start: fault.place.end, end: fault.place.end, text: ` & ${name}` }],
            })),
          },
        );
    }
  }
}

function noSuchLayerMessage(
  { bound, tower }: { readonly bound: number | string; readonly tower?: Tower },
  owner: string,
): string {
  if (tower === undefined) return `${owner} has no layers, so there is no layer ${bound}.`;
  return `${owner} has no layer ${bound}: ${layersInWords(tower)}.`;
}

/** A range that reaches too far may have been meant to reach the last layer. */
function endedInTime({
  place,
  tower,
}: Extract<PlaceFault, { readonly kind: 'no such layer' }>): readonly Fix[] {
  if (place.kind !== 'layers' || tower === undefined || tower.blocks !== undefined) return [];
  const { from, to, step } = place;
  const last = tower.layerCount - 1;
  const isTooLong =
    typeof from === 'number' && typeof to === 'number' && from >= 0 && from <= last && to > last;
  return isTooLong && step === 1 && from < to
    ? [replacing(place, from === last ? `${last}` : `${from}..${last}`)]
    : [];
}

export function layersInWords(tower: Tower): string {
  const { layerCount, blocks } = tower;
  if (blocks !== undefined) return `its blocks run from ${blocks[0]} to ${blocks.at(-1)}`;
  return layerCount === 1
    ? 'its one layer is 0'
    : `its ${layerCount} layers are 0 to ${layerCount - 1}`;
}

/** A declared place is faulty at its declaration; where it is used stands beside it. */
function relatedTo(
  checking: Checking,
  place: Span,
  of: Span,
): readonly { readonly start: number; readonly end: number; readonly message: string }[] {
  const { statement } = checking;
  if (statement === undefined || within(place, statement)) return [];
  return [{ start: of.start, end: of.end, message: 'used here' }];
}
