/** The words with which trainers wrap the names of modules. */

export interface ModuleName {
  readonly path: string;
  readonly naming: 'dotted' | 'underscored';
  readonly network?: string;
}

const underscored = /^lora_(unet|te\d?|transformer|prior_unet)_(?=.)/;
const wrapping = /^(base_model\.)?model\.(?=.)/;

/** `base_model.model.model.layers.0.q_proj` is the module `model.layers.0.q_proj`. */
export function moduleName(key: string): ModuleName {
  const found = underscored.exec(key);
  if (found !== null && !key.includes('.'))
    return { path: key.slice(found[0].length), naming: 'underscored', network: found[1]! };
  const path = key.startsWith('base_model.') ? key.replace(wrapping, '') : key;
  return { path, naming: 'dotted' };
}
