/** A picture of a large step that is there in a moment, whatever the step's size: one layer, from a few blocks. */
import type { Step } from '../../grammar/check/checked.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Result } from '../faults/fault.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { preview } from './make-preview.ts';
import type { Preview, PreviewRequest } from './preview.ts';

/** Steps of fewer elements are measured whole as soon. */
const largeElements = 16e6;
const blocks = 16;

/** The rows of layer 0; undefined where the whole is to be had at once. Faults and cancels are those of a preview. */
export async function firstPicture(
  request: Omit<PreviewRequest, 'reading' | 'within'>,
): Promise<Result<Preview> | undefined> {
  const within = firstLayer(request.step);
  if (within === undefined) return undefined;
  const part = await preview({ ...request, within, reading: { kind: 'sample', blocks } });
  if (!part.ok) return part;
  const rows = part.value.rows.filter(({ kind }) => kind === 'layer' || kind === 'cell');
  return { ...part, value: { ...part.value, rows } };
}

function firstLayer({ value: { signature } }: Step): ReadonlySet<string> | undefined {
  if (signature === undefined) return undefined;
  const elements = signature.tensors.reduce((sum, { shape }) => sum + elementCount(shape)!, 0);
  if (elements < largeElements) return undefined;
  const { places } = anatomyOf(signature);
  const names = [...places].flatMap(([name, { layer }]) => (layer === 0 ? [name] : []));
  return names.length === 0 ? undefined : new Set(names);
}
