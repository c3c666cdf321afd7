/** Places as mergekit's filters: texts that the names of tensors hold. */
import { placeNotAFilter } from '../../diagnostics/mw7203-place-not-a-filter.ts';
import { anatomyOf } from '../../places/anatomy.ts';
import type { Place } from '../../places/place.ts';
import type { Signature } from '../../places/signature.ts';
import { coveringTexts } from './covering-texts.ts';
import { type Exporting, say } from './exporting.ts';

/** What a filter is held against: the names of a step's result, their layers counted otherwise. */
export interface Named {
  /** What layer numbers in the recipe are less than those mergekit counts. */
  readonly shift: number;
  /** Of the step's result; absent before headers. */
  readonly signature?: Signature;
}

export interface OutFilter {
  /** What a name must hold; absent: it holds for all tensors. */
  readonly text?: string;
  /** The tensors it fits, where it was made of their names. */
  readonly tensors?: readonly string[];
}

/** Undefined: it cannot be said, and why is. */
export function filtersOf(
  exporting: Exporting,
  { place, tensors }: { readonly place: Place; readonly tensors?: ReadonlySet<string> },
  named: Named,
): readonly OutFilter[] | undefined {
  const written = textsOf(place, named.shift);
  if (written !== undefined) {
    return written.map((text) => (text === undefined ? {} : { text }));
  }
  const { signature } = named;
  if (tensors === undefined || signature === undefined) {
    const message =
      'mergekit tells tensors apart by texts that their names hold, and which these are is known once the model’s header is: write the place as patterns such as `"*mlp*"`, or export where the model is.';
    return say(exporting, placeNotAFilter, place, message);
  }
  const filters = filtersByNames(tensors, signature, named.shift);
  if (filters !== undefined) return filters;
  const message =
    'No texts tell the tensors of this place from all others, as mergekit’s filters have to.';
  return say(exporting, placeNotAFilter, place, message);
}

/** Filters that fit these tensors and no others of the signature. */
export function filtersByNames(
  tensors: ReadonlySet<string>,
  signature: Signature,
  shift: number,
): readonly OutFilter[] | undefined {
  const { places, towers } = anatomyOf(signature);
  const moved = (name: string): string => {
    const { layer, rest, tower } = places.get(name)!;
    const prefix = towers.find((one) => one.name === tower)?.prefix;
    if (shift === 0 || layer === undefined || prefix === undefined) return name;
    return `${prefix}${layer + shift}${rest ?? ''}`;
  };
  const names = [...places.keys()];
  const wanted = names.filter((name) => tensors.has(name));
  const texts = coveringTexts(
    wanted.map(moved),
    names.filter((name) => !tensors.has(name)).map(moved),
  );
  return texts?.map((text) => ({
    text,
    tensors: wanted.filter((name) => moved(name).includes(text)),
  }));
}

/** As the place is written, where its patterns are texts that a name holds. */
function textsOf(place: Place, shift: number): readonly (string | undefined)[] | undefined {
  switch (place.kind) {
    case 'all':
      return [undefined];
    case 'declared':
      return textsOf(place.place, shift);
    case 'or': {
      const left = textsOf(place.left, shift);
      const right = textsOf(place.right, shift);
      // Either stands alone there, and import reads a list from its end.
      return left && right && [...right, ...left];
    }
    case 'pattern': {
      const texts = alternatives(place.text).map((text) => filterOf(text, shift));
      return texts.every((text) => text !== undefined) ? texts : undefined;
    }
    case 'layers':
    case 'part':
    case 'tower':
    case 'and':
    case 'except':
    case 'broken':
      return undefined;
  }
}

/** `{a,b}` is two texts. */
function alternatives(text: string): readonly string[] {
  const brace = /^(.*?)\{([^{}]*)\}(.*)$/.exec(text);
  if (brace === null) return [text];
  const [, before = '', inner = '', after = ''] = brace;
  return inner.split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

function filterOf(pattern: string, shift: number): string | undefined {
  const inner = /^\*([^*?{}]+)\*$/.exec(pattern)?.[1];
  if (inner === undefined || shift === 0) return inner;
  // A number with nothing before it may be a layer's: which ones are meant is for the names to say.
  if (/^\.?\d/.test(inner)) return undefined;
  return inner.replace(
    /\b((?:layers|layer|blocks|block|h)\.)(\d+)(?=\.)/,
    (_, before: string, layer: string) => `${before}${Number(layer) + shift}`,
  );
}
