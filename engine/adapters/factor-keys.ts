/** What the names of an adapter's tensors say: which of them are the factors of which module. */
import { malformedAdapter } from '../faults/malformed-adapter.ts';
import { raise } from '../faults/fault.ts';
import { shown, shownList, shownPlain } from '../faults/shown.ts';
import { unreadAdapter } from '../faults/unread-adapter.ts';

/** The tensors of one module, by what they are. */
export interface FactorKeys {
  readonly key: string;
  readonly up: string;
  readonly down: string;
  readonly alpha?: string;
  readonly isEmbedding: boolean;
}

type Role = 'up' | 'down' | 'alpha' | 'embeddingUp' | 'embeddingDown';

/** Endings of factors. Between the word and `weight` some files keep the name of the adapter. */
const endings: readonly { readonly pattern: RegExp; readonly role: Role }[] = [
  { pattern: /\.lora_A(\.[^.]+)?\.weight$/, role: 'down' },
  { pattern: /\.lora_B(\.[^.]+)?\.weight$/, role: 'up' },
  { pattern: /\.lora_embedding_A(\.[^.]+)?$/, role: 'embeddingDown' },
  { pattern: /\.lora_embedding_B(\.[^.]+)?$/, role: 'embeddingUp' },
  { pattern: /\.(lora_down|lora\.down)\.weight$/, role: 'down' },
  { pattern: /\.(lora_up|lora\.up)\.weight$/, role: 'up' },
  { pattern: /\.alpha$/, role: 'alpha' },
];

/** Names that say what an adapter is instead, each with why it is not read. */
const otherKinds: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /\.(lora_magnitude_vector(\..+)?|dora_scale)$/,
    what: 'a DoRA, which scales whole columns of the merged weights',
  },
  {
    pattern: /\.hada_[wt]\d(_[ab])?$/,
    what: 'a LoHa, whose factors are multiplied element by element',
  },
  { pattern: /\.lokr_[wt]\d(_[ab])?$/, what: 'a LoKr, whose factors make a Kronecker product' },
  { pattern: /\.lora_mid\.weight$/, what: 'a LoRA of convolutions in three factors (lora_mid)' },
  { pattern: /\.lora_B(\.[^.]+)?\.bias$/, what: 'a LoRA with biases of its own (lora_bias)' },
  { pattern: /\.(ia3_l|on_input)(\..+)?$/, what: 'an IA³, which scales activations' },
  {
    pattern: /\.(oft_blocks|oft_r|oft_diag|boft_[rs])(\..+)?$/,
    what: 'an OFT, which turns weights',
  },
  { pattern: /\.(diff|diff_b|w_norm|b_norm)$/, what: 'a LyCORIS file with whole differences' },
  {
    pattern: /\.modules_to_save(\..+)?$/,
    what: 'whole tensors beside its factors (modules_to_save)',
  },
];

/** Throws MW4524 for kinds that are not read, and MW4525 where factors are missing or nothing is one. */
export function readFactorKeys(names: readonly string[], path: string): readonly FactorKeys[] {
  refuseOtherKinds(names, path);
  const byModule = new Map<string, Map<Role, string>>();
  const unread: string[] = [];
  for (const name of names) {
    const found = endings.find(({ pattern }) => pattern.test(name));
    if (found === undefined) {
      unread.push(name);
      continue;
    }
    const key = name.replace(found.pattern, '');
    const roles = byModule.get(key) ?? new Map<Role, string>();
    byModule.set(key, roles);
    const before = roles.get(found.role);
    if (before !== undefined) {
      raise(malformedAdapter, {
        file: path,
        message: `${shownPlain(path)} has two adapters in one: ${shown(before)} and ${shown(name)}.`,
        help: 'Save each adapter into a file of its own.',
      });
    }
    roles.set(found.role, name);
  }
  const keys = [...byModule].map(([key, roles]) => pairOf(key, roles, path));
  if (keys.length === 0) {
    raise(malformedAdapter, {
      file: path,
      message: `${shownPlain(path)} holds no factors of a LoRA, but ${shownList(names)}.`,
      help: 'Name the folder or file of the adapter; a model is declared with `model`.',
    });
  }
  if (unread.length > 0) {
    raise(unreadAdapter, {
      file: path,
      message: `${shownPlain(path)} holds tensors beside its factors that are not read: ${shownList(unread)}.`,
      help: 'Merge the adapter into its model with the trainer’s own tool, and declare the result as a model.',
    });
  }
  return keys;
}

function refuseOtherKinds(names: readonly string[], path: string): void {
  for (const { pattern, what } of otherKinds) {
    const found = names.find((name) => pattern.test(name));
    if (found === undefined) continue;
    raise(unreadAdapter, {
      file: path,
      message: `${shownPlain(path)} is ${what}: ${shown(found)}.`,
      help: 'Merge the adapter into its model with the trainer’s own tool, and declare the result as a model.',
    });
  }
}

function pairOf(key: string, roles: ReadonlyMap<Role, string>, path: string): FactorKeys {
  const isEmbedding = roles.has('embeddingUp') || roles.has('embeddingDown');
  const up = roles.get(isEmbedding ? 'embeddingUp' : 'up');
  const down = roles.get(isEmbedding ? 'embeddingDown' : 'down');
  if (up === undefined || down === undefined) {
    const missing =
      up === undefined ? 'second factor (lora_B, lora_up)' : 'first factor (lora_A, lora_down)';
    raise(malformedAdapter, {
      file: path,
      message: `${shown(key)} of ${shownPlain(path)} lacks its ${missing}.`,
      help: 'Copy the adapter again from where it came from.',
    });
  }
  const alpha = roles.get('alpha');
  return { key, up, down, isEmbedding, ...(alpha === undefined ? {} : { alpha }) };
}
