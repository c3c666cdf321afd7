import { describe, expect, it } from 'vitest';
import { parse } from '../syntax/parse.ts';
import { check } from '../check/check.ts';
import { testCatalogue } from '../check/test-catalogue.ts';
import { headersFor } from '../check/test-models.ts';
import { cutLayers, stackLayers } from './cut.ts';
import { anatomyOf } from './anatomy.ts';
import { families } from './sample-families.ts';
import type { Signature } from './signature.ts';

const familyNamed = (name: string): Signature => families.find((of) => of.name === name)!.signature;

/** The tensors a rule's place holds in a family, and the codes of what is said of it. */
function inPlace(
  place: string,
  family: string,
  declarations = '',
): { tensors: string[]; codes: string[] } {
  const text = `model a = "./a"\n${declarations}\nmerge m = scale(a) { at ${place} { by = 1 } }`;
  const { steps, diagnostics } = check({
    text,
    ...parse(text),
    catalogue: testCatalogue,
    headers: headersFor({ a: familyNamed(family) }),
  });
  return {
    tensors: [...(steps[0]?.rules[0]?.tensors ?? [])].sort(),
    codes: diagnostics.map(({ code }) => code),
  };
}

const llamaNames = familyNamed('Llama').tensors.map(({ name }) => name);

describe('places', () => {
  it.each<[string, (name: string) => boolean]>([
    ['all', () => true],
    ['layers 1', (name) => name.includes('.layers.1.')],
    ['layers 0..1', (name) => /\.layers\.[01]\./.test(name)],
    ['layers -2..-1', (name) => /\.layers\.[12]\./.test(name)],
    ['layers 0..2 step 2', (name) => /\.layers\.[02]\./.test(name)],
    ['attention', (name) => name.includes('self_attn')],
    ['"*.{q,k}_proj.*" & layers 2', (name) => /layers\.2\..*[qk]_proj/.test(name)],
    ['mlp | head', (name) => name.includes('.mlp.') || name === 'lm_head.weight'],
    ['all except (mlp | attention | norms)', (name) => !name.includes('.layers.')],
    ['(layers 0..2) except layers 1', (name) => /\.layers\.[02]\./.test(name)],
    ['text & embeddings', (name) => name === 'model.embed_tokens.weight'],
  ])('%s', (place, holds) => {
    expect(inPlace(place, 'Llama')).toEqual({
      tensors: llamaNames.filter(holds).sort(),
      codes: [],
    });
  });

  it('read declared places by their names', () => {
    const declarations = 'layers ends = 0 | -1\ntensors gates = "*gate_proj*" & ends';
    const { tensors, codes } = inPlace('gates', 'Llama', declarations);
    expect(tensors).toEqual([
      'model.layers.0.mlp.gate_proj.weight',
      'model.layers.2.mlp.gate_proj.weight',
    ]);
    expect(codes).toEqual([]);
  });

  it('name blocks where the architecture does', () => {
    const { tensors, codes } = inPlace(
      'layers IN11..OUT00 & "*attn1.to_q*"',
      'Stable Diffusion 1.5',
    );
    expect(codes).toEqual([]);
    expect(tensors.map((name) => name.split('.')[2])).toEqual([
      'input_blocks',
      'middle_block',
      'output_blocks',
    ]);
  });

  it('warn of a bare range that meets two towers, and of none that names its own', () => {
    expect(inPlace('layers 0..1', 'CLIP').codes).toEqual(['MW4103']);
    expect(inPlace('layers 0..1 & vision', 'CLIP')).toMatchObject({ codes: [] });
    expect(
      inPlace('layers 0..1 & vision', 'CLIP').tensors.every((name) =>
        name.startsWith('vision_model'),
      ),
    ).toBe(true);
    // Layer 2 is only in the vision tower.
    expect(inPlace('layers 2', 'CLIP').codes).toEqual([]);
    expect(inPlace('layers 2 & text', 'CLIP').codes).toEqual(['MW4101']);
  });
});

describe('cutting and stacking', () => {
  it('renumbers one tower and keeps the rest', () => {
    const clip = familyNamed('CLIP');
    const vision = anatomyOf(clip).towers.find(({ name }) => name === 'vision')!;
    const { signature, origins } = cutLayers(clip, vision, [0, 2]);
    const counts = Object.fromEntries(
      anatomyOf(signature).towers.map(({ name, layerCount }) => [name, layerCount]),
    );
    expect(counts).toEqual({ text: 2, vision: 2 });
    expect(origins.get('vision_model.encoder.layers.1.mlp.fc1.weight')?.name).toBe(
      'vision_model.encoder.layers.2.mlp.fc1.weight',
    );
  });

  it('keeps the names in byte order past nine layers', () => {
    const llama = familyNamed('Llama');
    const { rearranged, fault } = stackLayers([llama, llama, llama, llama]);
    expect(fault).toBeUndefined();
    const names = rearranged.signature.tensors.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(anatomyOf(rearranged.signature).towers[0]?.layerCount).toBe(12);
    expect(rearranged.origins.get('model.layers.11.mlp.up_proj.weight')).toEqual({
      part: 3,
      name: 'model.layers.2.mlp.up_proj.weight',
    });
  });

  it('refuses layers of another width with both figures', () => {
    const llama = familyNamed('Llama');
    const wide: Signature = {
      tensors: llama.tensors.map((of) => ({ ...of, shape: [8, 8] })),
    };
    expect(stackLayers([llama, wide]).fault).toMatchObject({
      kind: 'unlike shapes',
      part: 1,
      shape: [8, 8],
      first: [4, 4],
    });
  });
});
