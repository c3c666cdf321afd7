/** Parts: what a tensor does in its layer, or outside the layers, told by its name alone. */

export const partNames = [
  'router',
  'experts',
  'norms',
  'attention',
  'mlp',
  'mixer',
  'other',
  'embeddings',
  'final_norm',
  'head',
] as const;

export type PartName = (typeof partNames)[number];

export interface PartOfTensor {
  readonly part: PartName;
  /** Its column in a map of the model: `q`, `gate`, `norms`, or the name itself. */
  readonly column: string;
}

/** Within a layer, by the first row that fits. The text is lower case, with a dot at either end: `.self_attn.q_proj.weight.` */
const withinLayer: readonly { readonly part: PartName; readonly fits: RegExp }[] = [
  { part: 'router', fits: /\.(router|shared_expert_gate)\b/ },
  { part: 'experts', fits: /\.(experts|shared_experts?)\./ },
  { part: 'norms', fits: /norm|\.ln_|\.ln\d/ },
  { part: 'attention', fits: /attn|attention/ },
  {
    part: 'mlp',
    fits: /mlp|ffn|feed_forward|densereludense|intermediate|output\.dense|\.fc[12]\.|\.c_fc\.|dense_h_to_4h|dense_4h_to_h|\.ff\./,
  },
  { part: 'mixer', fits: /mixer|\.ssm|conv1d|rglru/ },
];

/**
 * The part of a tensor in a layer; `rest` is what follows the layer's number.
 * `hasExperts` tells whether the components before a `gate` also hold `experts`: only then is it a router.
 */
export function partWithinLayer(
  rest: readonly string[],
  hasExperts: (parent: readonly string[]) => boolean,
): PartOfTensor {
  const gate = rest.indexOf('gate');
  if (gate >= 0 && gate >= rest.length - 2 && hasExperts(rest.slice(0, gate))) {
    return { part: 'router', column: 'router' };
  }
  const text = `.${rest.join('.').toLowerCase()}.`;
  const part = withinLayer.find((row) => row.fits.test(text))?.part ?? 'other';
  return { part, column: columnOf(part, rest) };
}

const outsideLayers: readonly { readonly part: PartName; readonly fits: RegExp }[] = [
  {
    part: 'embeddings',
    fits: /\.(embed_tokens|wte|wpe|word_embeddings|embed_in|shared|patch_embed|embed_positions|position_embeddings?|token_embedding|positional_embedding|class_embedding)\.|embeddings?\./,
  },
  { part: 'final_norm', fits: /norm|\.ln_|\.ln\d/ },
  { part: 'head', fits: /\.(lm_head|embed_out|score|classifier|head)\.|\.output\.weight\.$/ },
];

/** The part of a tensor outside the layers, by its whole name. */
export function partOutsideLayers(name: readonly string[]): PartOfTensor {
  const text = `.${name.join('.').toLowerCase()}.`;
  const part = outsideLayers.find((row) => row.fits.test(text))?.part ?? 'other';
  return { part, column: part === 'other' ? bearerOf(name) : part };
}

/** Columns by the component that bears the weight. The first word of a row is the column. */
const attentionColumns = new Map<string, string>(
  Object.entries({
    q: ['q', 'q_proj', 'query', 'to_q', 'wq'],
    k: ['k', 'k_proj', 'key', 'to_k', 'wk'],
    v: ['v', 'v_proj', 'value', 'to_v', 'wv'],
    o: ['o', 'o_proj', 'out_proj', 'dense', 'c_proj', 'to_out', 'wo', 'proj', 'proj_out'],
    qkv: ['qkv', 'qkv_proj', 'c_attn', 'query_key_value', 'in_proj', 'wqkv'],
    q_a: ['q_a_proj'],
    q_b: ['q_b_proj'],
    kv_a: ['kv_a_proj', 'kv_a_proj_with_mqa'],
    kv_b: ['kv_b_proj'],
  }).flatMap(([column, names]) => names.map((name) => [name, column] as const)),
);

const networkColumns = new Map<string, string>(
  Object.entries({
    gate: ['gate_proj', 'w1', 'wi_0', 'gate'],
    up: ['up_proj', 'w3', 'wi_1', 'wi', 'fc1', 'c_fc', 'dense_h_to_4h', 'lin1', 'fc_in'],
    down: ['down_proj', 'w2', 'wo', 'fc2', 'c_proj', 'dense_4h_to_h', 'lin2', 'fc_out'],
    gate_up: ['gate_up_proj'],
  }).flatMap(([column, names]) => names.map((name) => [name, column] as const)),
);

function columnOf(part: PartName, rest: readonly string[]): string {
  switch (part) {
    case 'router':
    case 'norms':
    case 'embeddings':
    case 'final_norm':
    case 'head':
      return part;
    case 'attention': {
      const bearer = bearerOf(rest);
      return attentionColumns.get(bearer.toLowerCase()) ?? bearer;
    }
    case 'mlp':
    case 'experts': {
      const bearer = bearerOf(rest);
      const known = networkColumns.get(bearer.toLowerCase());
      if (known !== undefined) return known;
      if (bearer === 'dense') return rest.includes('intermediate') ? 'up' : 'down';
      return bearer;
    }
    case 'mixer':
      return bearerOf(rest);
    case 'other':
      return bearerOf(rest);
  }
}

/** The component that bears the weight: `q_proj` of `q_proj.bias`, `in_proj` of `in_proj_weight`; numbers are passed over. */
function bearerOf(name: readonly string[]): string {
  let last = name.length - 1;
  if (last > 0 && /^(weight|bias)$/.test(name[last]!)) last--;
  while (last > 0 && /^\d+$/.test(name[last]!)) last--;
  return (name[last] ?? '').replace(/_(weight|bias)$/, '');
}
