const turnedLayers = /\.(c_attn|c_proj|c_fc|q_attn)\.weight$/;
const turnedModels = new Set(['gpt2', 'openai-gpt', 'imagegpt', 'decision_transformer']);

/** Whether a layer's weight is stored as [in, out]; no where its architecture has no such layers, or none that is known. */
export function isTurnedLayer(name: string, modelType: string | undefined): boolean {
  return turnedModels.has(modelType ?? '') && turnedLayers.test(`.${name}`);
}

/** The same of an adapter that says so of its layers: it holds for those alone that can be, where the architecture is known. */
export function isToldTurned(name: string, modelType: string | undefined): boolean {
  return !turnedModels.has(modelType ?? '') || turnedLayers.test(`.${name}`);
}
