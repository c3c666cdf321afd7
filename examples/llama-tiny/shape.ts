/** The extents that fix every tensor of a Llama checkpoint. */
export interface LlamaShape {
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  /** The head is the embedding, and the checkpoint holds no `lm_head.weight`. */
  readonly tied: boolean;
}

export interface ShapeOptions {
  /** About how many parameters; the extents not given are chosen for it. */
  readonly parameters?: number | undefined;
  readonly layers?: number | undefined;
  readonly hidden?: number | undefined;
  readonly intermediate?: number | undefined;
  readonly vocabulary?: number | undefined;
  readonly tied?: boolean | undefined;
}

/** What a tensor holds decides the size of its values. */
export interface LlamaTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: 'matrix' | 'norm';
}

/** From here on a model has a vocabulary of Llama's size; below, it would be nothing else. */
const parametersForFullVocabulary = 50e6;

/**
 * With nothing given: 4 layers, 128 wide, 0.9 M parameters. With 0.37e9: 24 layers, 1024 wide.
 * Width and depth grow together, 1024 / 24, and the inner width is 2.75 of the width.
 */
export function llamaShape(options: ShapeOptions): LlamaShape {
  const { parameters, tied = false } = options;
  const vocabulary =
    options.vocabulary ?? ((parameters ?? 0) >= parametersForFullVocabulary ? 32_000 : 512);
  const complete = (hidden: number, layers: number): LlamaShape => {
    const intermediate = options.intermediate ?? Math.max(1, Math.round((2.75 * hidden) / 32)) * 32;
    return { layers, hidden, intermediate, vocabulary, tied };
  };
  if (parameters === undefined) return complete(options.hidden ?? 128, options.layers ?? 4);
  const widths = options.hidden
    ? [options.hidden]
    : Array.from({ length: 256 }, (_, i) => 64 * (i + 1));
  const shapes = widths.map((hidden) =>
    complete(hidden, options.layers ?? Math.max(1, Math.round((hidden * 24) / 1024))),
  );
  const miss = (shape: LlamaShape): number => Math.abs(parameterCount(shape) - parameters);
  const nearest = shapes.reduce((best, shape) => (miss(shape) < miss(best) ? shape : best));
  if (options.layers) return nearest;
  const outside = parameterCount({ ...nearest, layers: 0 });
  const perLayer = parameterCount({ ...nearest, layers: 1 }) - outside;
  return { ...nearest, layers: Math.max(1, Math.round((parameters - outside) / perLayer)) };
}

export function parameterCount(shape: LlamaShape): number {
  const { layers, hidden, intermediate, vocabulary, tied } = shape;
  const layer = 4 * hidden * hidden + 3 * hidden * intermediate + 2 * hidden;
  return layers * layer + (tied ? 1 : 2) * vocabulary * hidden + hidden;
}

/** The tensors of the checkpoint, in byte order of their names. Matrices are [out, in]. */
export function llamaTensors(shape: LlamaShape): LlamaTensor[] {
  const { layers, hidden, intermediate, vocabulary, tied } = shape;
  const matrix = (name: string, rows: number, columns: number): LlamaTensor => ({
    name,
    shape: [rows, columns],
    kind: 'matrix',
  });
  const norm = (name: string): LlamaTensor => ({ name, shape: [hidden], kind: 'norm' });
  const tensors = Array.from({ length: layers }, (_, i) => `model.layers.${i}`).flatMap((layer) => [
    norm(`${layer}.input_layernorm.weight`),
    norm(`${layer}.post_attention_layernorm.weight`),
    ...['q', 'k', 'v', 'o'].map((part) =>
      matrix(`${layer}.self_attn.${part}_proj.weight`, hidden, hidden),
    ),
    matrix(`${layer}.mlp.gate_proj.weight`, intermediate, hidden),
    matrix(`${layer}.mlp.up_proj.weight`, intermediate, hidden),
    matrix(`${layer}.mlp.down_proj.weight`, hidden, intermediate),
  ]);
  tensors.push(matrix('model.embed_tokens.weight', vocabulary, hidden), norm('model.norm.weight'));
  if (!tied) tensors.push(matrix('lm_head.weight', vocabulary, hidden));
  return tensors.sort((a, b) => (a.name < b.name ? -1 : 1));
}
