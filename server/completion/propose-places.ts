/** Places: parts the model has, declared places, layers by number or by name. */
import { CompletionItemKind } from 'vscode-languageserver';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { placeWords } from '../../grammar/places/place.ts';
import { partNames } from '../../grammar/places/parts.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Expr } from '../../grammar/syntax/tree.ts';
import { entitiesOf } from '../analysis/entities.ts';
import { signatureOfPlace } from '../analysis/signature-of-place.ts';
import { partMeaning } from '../describe/place-text.ts';
import type { Cursor } from './cursor.ts';
import { nameProposal, type Proposal, valueProposal } from './proposal.ts';
import type { Slot } from './slot.ts';
import { nameOf, namesInScope } from './tensor-names.ts';

export function proposePlace(
  cursor: Cursor,
  { statement, wanted }: Extract<Slot, { kind: 'place' }>,
): readonly Proposal[] {
  const signature = signatureOfPlace(cursor.analysis, statement);
  const declared = namesInScope(cursor).filter(
    ({ kind, statement: of }) => kind === 'place' && (wanted === 'place' || of.kind === 'layers'),
  );
  const names = declared.map((entity) => nameProposal(entity, 2));
  if (wanted === 'layers') return [...layerRanges(signature), ...names];
  const hidden = new Set(declared.map(({ name }) => name));
  const parts = partsOf(signature).filter((word) => !hidden.has(word));
  return [
    ...parts.map((word): Proposal => ({
      label: word,
      icon: CompletionItemKind.Field,
      detail: partMeaning(word) ?? '',
      rank: 1,
      about: { kind: 'part', name: word },
    })),
    ...names,
    layersProposal(signature),
    {
      label: '"…"',
      snippet: '"$1"',
      icon: CompletionItemKind.Text,
      detail: 'a pattern of tensor names',
      rank: 4,
      goesOn: true,
    },
  ];
}

function layersProposal(signature: Signature | undefined): Proposal {
  const last = lastLayerOf(signature);
  return {
    label: 'layers',
    snippet: `layers \${1:0}..\${2:${last ?? 7}}`,
    icon: CompletionItemKind.Keyword,
    detail: last === undefined ? 'layers by number' : `layers 0..${last}`,
    rank: 3,
  };
}

function lastLayerOf(signature: Signature | undefined): number | undefined {
  const tower = signature === undefined ? undefined : anatomyOf(signature).towers[0];
  return tower === undefined ? undefined : tower.layerCount - 1;
}

/** The parts and towers that a model has, all of them where its header is unknown. */
function partsOf(signature: Signature | undefined): readonly string[] {
  if (signature === undefined) return placeWords.filter((word) => word === 'all' || isPart(word));
  const { places, towers } = anatomyOf(signature);
  const held = new Set<string>(['all']);
  for (const { part, kind } of places.values()) {
    held.add(part);
    if (towers.length > 1) held.add(kind);
  }
  return placeWords.filter((word) => held.has(word));
}

const isPart = (word: string): boolean => partNames.some((name) => name === word);

/** All layers, their halves, and the last two. */
function layerRanges(signature: Signature | undefined): readonly Proposal[] {
  const tower = signature === undefined ? undefined : anatomyOf(signature).towers[0];
  if (tower === undefined) return [valueProposal('0..7', 'eight layers', 1)];
  if (tower.blocks !== undefined) {
    return tower.blocks.map((block) => valueProposal(block, 'a block', 1));
  }
  const last = tower.layerCount - 1;
  const middle = Math.floor(last / 2);
  return [
    valueProposal(`0..${last}`, 'every layer', 1),
    ...(last > 1
      ? [
          valueProposal(`0..${middle}`, 'the first half', 1),
          valueProposal(`${middle + 1}..${last}`, 'the second half', 1),
          valueProposal('-2..-1', 'the last two', 1),
        ]
      : []),
  ];
}

/** Inside `m[…]`. */
export function proposeCut(cursor: Cursor, of: Expr): readonly Proposal[] {
  const name = nameOf(of);
  const entity = name === undefined ? undefined : entitiesOf(cursor.analysis).get(name);
  const places = namesInScope(cursor).filter(({ statement }) => statement.kind === 'layers');
  return [...layerRanges(entity?.signature), ...places.map((place) => nameProposal(place, 2))];
}
