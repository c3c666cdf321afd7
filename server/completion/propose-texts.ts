/** Inside quotes: folders, files and cached hub ids of a source, recipes of a `use`, patterns of tensor names of a place. */
import { CompletionItemKind } from 'vscode-languageserver';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import { pathFunctions } from '../analysis/path-functions.ts';
import { signatureOfPlace } from '../analysis/signature-of-place.ts';
import { namePatterns } from '../describe/signature-text.ts';
import { plural } from '../describe/values.ts';
import type { TextCursor } from './cursor.ts';
import type { Proposal } from './proposal.ts';
import type { FolderEntry, Surroundings } from './surroundings.ts';

type TextSlot =
  | { readonly kind: 'pattern'; readonly statement: Node }
  | {
      readonly kind: 'path';
      readonly wants: Wanted;
      readonly mayBeHub: boolean;
    }
  | { readonly kind: 'hub id' };

type Wanted = 'weights' | 'folder' | 'recipe' | 'file';

/** What a text is for, by what holds it. */
function textSlotOf({ path }: TextCursor): TextSlot | undefined {
  for (let at = path.length - 2; at >= 0; at -= 1) {
    const holder = path[at]!;
    switch (holder.kind) {
      case 'binary':
      case 'parenthesised':
        continue;
      case 'model':
        return { kind: 'path', wants: 'weights', mayBeHub: true };
      case 'output':
        return { kind: 'path', wants: 'folder', mayBeHub: false };
      case 'use':
        return { kind: 'path', wants: 'recipe', mayBeHub: false };
      case 'rule':
      case 'tensors':
        return { kind: 'pattern', statement: path[0]! };
      case 'argument': {
        const call = path[at - 1];
        if (holder.name?.text === 'at') return { kind: 'pattern', statement: path[0]! };
        if (call?.kind !== 'call' || holder.name !== undefined) return undefined;
        const callee = call.callee.parts[0]?.text ?? '';
        if (callee === 'hub') return { kind: 'hub id' };
        const wants = pathFunctions.get(callee);
        return wants === undefined ? undefined : { kind: 'path', wants, mayBeHub: false };
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

export async function textProposalsAt(
  cursor: TextCursor,
  surroundings: Surroundings,
): Promise<readonly Proposal[]> {
  const slot = textSlotOf(cursor);
  switch (slot?.kind) {
    case undefined:
      return [];
    case 'pattern': {
      const signature = signatureOfPlace(cursor.analysis, slot.statement);
      return signature === undefined ? [] : patternProposals(signature);
    }
    case 'hub id':
      return (await surroundings.hubIds()).map(hubProposal);
    case 'path':
      return pathProposals(cursor, slot, surroundings);
  }
}

const namesShown = 2000;

/** Components first, then names with `*` for the layer, then every name as it is. */
function patternProposals(signature: Signature): readonly Proposal[] {
  const { places } = anatomyOf(signature);
  const patterns = namePatterns(signature);
  const components = new Map<string, number>();
  for (const [pattern, { length }] of patterns) {
    const [component, ...rest] = pattern.startsWith('*.') ? pattern.slice(2).split('.') : [];
    if (component === undefined || rest.length < 2) continue;
    components.set(component, (components.get(component) ?? 0) + length);
  }
  const inLayers = signature.tensors.filter(({ name }) => places.get(name)?.layer !== undefined);
  return [
    ...[...components].map(([component, count]) =>
      patternProposal(`*.${component}.*`, plural(count, 'tensor'), 1),
    ),
    ...[...patterns].map(([pattern, { length }]) => {
      const isName = length === 1 && !pattern.startsWith('*');
      return patternProposal(
        pattern,
        isName ? shapeOf(signature, pattern) : plural(length, 'tensor'),
        2,
      );
    }),
    ...inLayers
      .slice(0, namesShown)
      .map(({ name }) => patternProposal(name, shapeOf(signature, name), 3)),
  ];
}

function shapeOf({ tensors }: Signature, name: string): string {
  const tensor = tensors.find((of) => of.name === name);
  return tensor === undefined ? '' : `${tensor.dtype} [${tensor.shape.join(', ')}]`;
}

function patternProposal(label: string, detail: string, rank: number): Proposal {
  return { label, icon: CompletionItemKind.Value, detail, rank };
}

const weightsFile = /\.(safetensors|bin|pt|pth|ckpt)(\.index\.json)?$/;

async function pathProposals(
  { analysis, inside, offset }: TextCursor,
  { wants, mayBeHub }: Extract<TextSlot, { kind: 'path' }>,
  { entriesOf, hubIds }: Surroundings,
): Promise<readonly Proposal[]> {
  const written = analysis.text.slice(inside.start, offset);
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  const isPath = /^([./~]|[A-Za-z]:\/)/.test(written);
  const hubs = mayBeHub && !isPath ? await hubIds() : [];
  if (!isPath && folder !== '') return hubs.map(hubProposal);
  const start = isPath && folder !== '' ? folder : './';
  const entries = await entriesOf(start);
  return [
    ...entries.filter((entry) => fits(entry, wants)).map((entry) => pathProposal(start, entry)),
    ...hubs.map(hubProposal),
  ];
}

function fits({ name, isFolder }: FolderEntry, wants: Wanted): boolean {
  if (name.startsWith('.') || /["\\]/.test(name)) return false;
  if (isFolder) return name !== 'node_modules';
  switch (wants) {
    case 'weights':
      return weightsFile.test(name);
    case 'recipe':
      return name.endsWith('.merge');
    case 'file':
      return true;
    case 'folder':
      return false;
    default:
      return wants satisfies never;
  }
}

function pathProposal(start: string, { name, isFolder }: FolderEntry): Proposal {
  return {
    label: `${start}${name}`,
    icon: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
    rank: isFolder ? 1 : 2,
  };
}

function hubProposal(id: string): Proposal {
  return {
    label: id,
    icon: CompletionItemKind.Reference,
    detail: 'in the local hub cache',
    rank: 3,
  };
}
