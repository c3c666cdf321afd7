const turnedLayers = /\.(c_attn|c_proj|c_fc|q_attn)\.weight$/;
const turnedModels = new Set(['gpt2', 'openai-gpt', 'imagegpt', 'decision_transformer']);

/** Whether a layer's weight is stored as [in, out]; undefined of an architecture that is not known to have such layers. */
export function isTurnedLayer(name: string, modelType: string | undefined): boolean | undefined {
  return turnedModels.has(modelType ?? '') ? turnedLayers.test(`.${name}`) : undefined;
}
