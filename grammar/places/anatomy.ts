/**
 * How a checkpoint's tensor names are read: towers, layers, parts.
 * It needs no list of architectures: block words and consecutive numbers tell the layers,
 * and a name that nothing fits still gets a part.
 */
import { type PartName, partOutsideLayers, partWithinLayer } from './parts.ts';
import type { Signature, TensorHeader } from './signature.ts';
import { defaultTower, type TowerKind, type TowerName, towerKindOf } from './towers.ts';

export interface Tower {
  /** Unique within the checkpoint. */
  readonly name: string;
  /** The row of the table of towers it belongs to; a checkpoint may have two text encoders. */
  readonly kind: TowerName | 'unknown';
  readonly layerCount: number;
  /** Where the architecture names its blocks instead of numbering layers: one name a layer. */
  readonly blocks?: readonly string[];
  /** What stands before a layer's number: `model.layers.`; absent where blocks are named. */
  readonly prefix?: string;
}

export interface PlaceOfTensor {
  readonly tower: string;
  readonly kind: TowerName | 'unknown';
  /** Absent outside the layers. */
  readonly layer?: number;
  readonly part: PartName;
  readonly column: string;
  /** What follows the layer's number, with its dot: `.mlp.up_proj.weight`; absent outside the layers. */
  readonly rest?: string;
}

export interface Anatomy {
  /** Those with layers, by the number of their layers, the default tower first. */
  readonly towers: readonly Tower[];
  /** Every tensor of the signature has a place. */
  readonly places: ReadonlyMap<string, PlaceOfTensor>;
}

const blockWords: ReadonlySet<string> = new Set([
  'layers',
  'layer',
  'h',
  'block',
  'blocks',
  'resblocks',
  'encoder_layers',
  'decoder_layers',
]);

const known = new WeakMap<Signature, Anatomy>();

/** Reads a signature once; the answer is kept as long as the signature lives. */
export function anatomyOf(signature: Signature): Anatomy {
  let anatomy = known.get(signature);
  if (anatomy === undefined) {
    anatomy = readAnatomy(signature.tensors);
    known.set(signature, anatomy);
  }
  return anatomy;
}

/** The place of one tensor; undefined where the signature does not hold it. */
export function placeOf(name: string, signature: Signature): PlaceOfTensor | undefined {
  return anatomyOf(signature).places.get(name);
}

/** The towers that have layers. */
export function layersOf(signature: Signature): readonly Tower[] {
  return anatomyOf(signature).towers;
}

interface ReadName {
  readonly header: TensorHeader;
  readonly components: readonly string[];
  readonly kind: TowerKind | undefined;
}

/** One run of numbered blocks: all tensors that share what stands before the number. */
interface Run {
  readonly prefix: string;
  readonly kind: TowerKind | undefined;
  readonly layerCount: number;
  readonly blocks?: readonly string[];
}

interface InLayer {
  readonly run: string;
  readonly layer: number;
  readonly rest: readonly string[];
}

/** No network nests so deep. A name of more components is read as one, for each number in a name may begin a run of layers. */
const mostComponents = 32;

function readAnatomy(tensors: readonly TensorHeader[]): Anatomy {
  const names = tensors.map((header): ReadName => {
    const split = header.name.split('.');
    const components = split.length > mostComponents ? [header.name] : split;
    return { header, components, kind: towerKindOf(components) };
  });
  const runs = new Map<string, Run>();
  const inLayer = new Map<string, InLayer>();
  readNamedBlocks(names, runs, inLayer);
  readBlockWords(names, runs, inLayer);
  readAlikeSiblings(names, runs, inLayer);
  const towerOfRun = nameTowers(runs);

  const parents = new Set(names.map(({ components }) => components).flatMap(expertParents));
  const places = new Map<string, PlaceOfTensor>();
  for (const { header, components, kind } of names) {
    const found = inLayer.get(header.name);
    const tower = found === undefined ? undefined : towerOfRun.get(found.run);
    if (found === undefined || tower === undefined) {
      const outside = kind?.flat
        ? partWithinLayer(components, () => false)
        : partOutsideLayers(components);
      const name = kind?.name ?? defaultTower;
      places.set(header.name, { tower: name, kind: name, ...outside });
      continue;
    }
    const before = components.length - found.rest.length;
    const part = partWithinLayer(found.rest, (parent) =>
      parents.has([...components.slice(0, before), ...parent].join('.')),
    );
    const rest = found.rest.map((component) => `.${component}`).join('');
    places.set(header.name, {
      tower: tower.name,
      kind: tower.kind,
      layer: found.layer,
      ...part,
      rest,
    });
  }
  return { towers: [...towerOfRun.values()], places };
}

/** What stands before every `experts` of a name. */
function expertParents(components: readonly string[]): string[] {
  const at = components.indexOf('experts');
  return at < 0 ? [] : [components.slice(0, at).join('.')];
}

const isNumber = (component: string): boolean => /^(0|[1-9]\d{0,5})$/.test(component);

/** U-Nets: `input_blocks.N` is IN00…, `middle_block` M00, `output_blocks.N` OUT00…, one row of layers in this order. */
function readNamedBlocks(
  names: readonly ReadName[],
  runs: Map<string, Run>,
  inLayer: Map<string, InLayer>,
): void {
  const found: { name: string; group: 0 | 1 | 2; number: number; rest: readonly string[] }[] = [];
  let kind: TowerKind | undefined;
  for (const { header, components, kind: own } of names) {
    if (own?.name !== 'unet') continue;
    kind = own;
    const [word, number] = [components[2] ?? '', components[3] ?? ''];
    if (word === 'middle_block') {
      found.push({ name: header.name, group: 1, number: 0, rest: components.slice(3) });
    } else if ((word === 'input_blocks' || word === 'output_blocks') && isNumber(number)) {
      const group = word === 'input_blocks' ? 0 : 2;
      found.push({ name: header.name, group, number: Number(number), rest: components.slice(4) });
    }
  }
  if (found.length === 0) return;
  const counts = [0, 0, 0];
  for (const { group, number } of found) counts[group] = Math.max(counts[group]!, number + 1);
  const blocks = (['IN', 'M', 'OUT'] as const).flatMap((word, group) =>
    Array.from({ length: counts[group]! }, (_, i) => `${word}${String(i).padStart(2, '0')}`),
  );
  const starts = [0, counts[0]!, counts[0]! + counts[1]!];
  const prefix = 'model.diffusion_model.';
  runs.set(prefix, { prefix, kind, layerCount: blocks.length, blocks });
  for (const { name, group, number, rest } of found) {
    inLayer.set(name, { run: prefix, layer: starts[group]! + number, rest });
  }
}

/** The first number behind a block word, if such numbers run from 0 without a gap. */
function readBlockWords(
  names: readonly ReadName[],
  runs: Map<string, Run>,
  inLayer: Map<string, InLayer>,
): void {
  const candidates = (name: ReadName): number[] => {
    if (name.kind?.flat || inLayer.has(name.header.name)) return [];
    const { components } = name;
    return components.flatMap((component, at) =>
      at > 0 && isNumber(component) && blockWords.has(components[at - 1]!) ? [at] : [],
    );
  };
  const numbers = new Map<string, Set<number>>();
  for (const name of names) {
    for (const at of candidates(name)) {
      const prefix = prefixBefore(name.components, at);
      let seen = numbers.get(prefix);
      if (seen === undefined) numbers.set(prefix, (seen = new Set()));
      seen.add(Number(name.components[at]));
    }
  }
  const layerCounts = new Map(
    [...numbers]
      .filter(([, seen]) => runFromZero(seen))
      .map(([prefix, { size }]) => [prefix, size]),
  );
  for (const name of names) {
    for (const at of candidates(name)) {
      const prefix = prefixBefore(name.components, at);
      const layerCount = layerCounts.get(prefix);
      if (layerCount === undefined) continue;
      runs.set(prefix, { prefix, kind: name.kind, layerCount });
      inLayer.set(name.header.name, {
        run: prefix,
        layer: Number(name.components[at]),
        rest: name.components.slice(at + 1),
      });
      break;
    }
  }
}

/** Without a block word in its tower, a number counts if its siblings 0..n−1 hold the same names and shapes. */
function readAlikeSiblings(
  names: readonly ReadName[],
  runs: Map<string, Run>,
  inLayer: Map<string, InLayer>,
): void {
  const taken = new Set([...runs.values()].map((run) => run.kind?.name ?? defaultTower));
  const open = names.filter(
    ({ kind }) => kind?.flat !== true && !taken.has(kind?.name ?? defaultTower),
  );
  const contents = new Map<string, Map<number, string[]>>();
  for (const { header, components } of open) {
    components.forEach((component, at) => {
      if (at === 0 || !isNumber(component)) return;
      const prefix = prefixBefore(components, at);
      let byNumber = contents.get(prefix);
      if (byNumber === undefined) contents.set(prefix, (byNumber = new Map()));
      const held = byNumber.get(Number(component)) ?? [];
      held.push(`${components.slice(at + 1).join('.')} ${header.shape.join('x')}`);
      byNumber.set(Number(component), held);
    });
  }
  const alike = new Set<string>();
  for (const [prefix, byNumber] of contents) {
    const texts = new Set([...byNumber.values()].map((held) => held.sort().join('\n')));
    const numbers = new Set(byNumber.keys());
    if (numbers.size > 1 && runFromZero(numbers) && texts.size === 1) alike.add(prefix);
  }
  for (const { header, components, kind } of open) {
    const at = components.findIndex(
      (component, i) => i > 0 && isNumber(component) && alike.has(prefixBefore(components, i)),
    );
    if (at < 0) continue;
    const prefix = prefixBefore(components, at);
    runs.set(prefix, { prefix, kind, layerCount: contents.get(prefix)!.size });
    inLayer.set(header.name, {
      run: prefix,
      layer: Number(components[at]),
      rest: components.slice(at + 1),
    });
  }
}

const prefixBefore = (components: readonly string[], at: number): string =>
  `${components.slice(0, at).join('.')}.`;

function runFromZero(numbers: ReadonlySet<number>): boolean {
  for (let i = 0; i < numbers.size; i++) if (!numbers.has(i)) return false;
  return numbers.size > 0;
}

/** A tower's name is its kind's; a second run of the same kind gets a number, an unknown prefix its own first word. */
function nameTowers(runs: ReadonlyMap<string, Run>): Map<string, Tower> {
  const ordered = [...runs.values()].sort(
    (a, b) =>
      Number(b.kind?.name === defaultTower) - Number(a.kind?.name === defaultTower) ||
      b.layerCount - a.layerCount ||
      (a.prefix < b.prefix ? -1 : 1),
  );
  const towers = new Map<string, Tower>();
  const used = new Set<string>();
  for (const run of ordered) {
    const first = run.prefix.split('.')[0]!;
    // Alone, or with nothing before its block word, an unknown run is the network itself.
    const isDefault =
      !used.has(defaultTower) && (runs.size === 1 || run.prefix.split('.').length === 2);
    const kind = run.kind?.name ?? (isDefault ? defaultTower : 'unknown');
    const wanted = kind === 'unknown' ? first : kind;
    let name: string = wanted;
    for (let number = 2; used.has(name); number++) name = `${wanted}_${number}`;
    used.add(name);
    towers.set(run.prefix, {
      name,
      kind,
      layerCount: run.layerCount,
      ...(run.blocks === undefined ? { prefix: run.prefix } : { blocks: run.blocks }),
    });
  }
  return towers;
}
