/**
 * The functions that stand outside the catalogue of methods: of evaluations, sweeps and searches, of tokenizers and templates.
 * The check, completion and the reference page read this table.
 */
export type FormKind =
  'evaluate' | 'sweep' | 'search' | 'tokenizer' | 'token row' | 'row to force' | 'chat template';

export type FormType =
  | 'text'
  | 'texts'
  | 'duration'
  | 'count'
  | 'seed'
  | 'step'
  | 'model'
  | 'models'
  /** A text, or its number in the vocabulary. */
  | 'token'
  /** A model, or `row(…)`. */
  | 'row'
  /** A list of `param` names. */
  | 'knobs'
  /** Metrics and measures, calculated with. */
  | 'score'
  | 'scores';

export interface FormArgument {
  readonly name: string;
  readonly type: FormType;
  /** By position, before the named ones. */
  readonly isPositional?: boolean;
  readonly isRequired?: boolean;
  readonly meaning: string;
}

export interface FormFunction {
  readonly name: string;
  readonly of: readonly FormKind[];
  readonly arguments: readonly FormArgument[];
  readonly meaning: string;
  readonly example: string;
}

const step: FormArgument = {
  name: 'step',
  type: 'step',
  isPositional: true,
  isRequired: true,
  meaning: 'The step that is made again for every position of the knobs.',
};
const turn: FormArgument = {
  name: 'turn',
  type: 'knobs',
  isRequired: true,
  meaning: 'The knobs, each a `param` with a range.',
};
const measure: FormArgument = {
  name: 'measure',
  type: 'scores',
  meaning: 'What is written into the table beside the positions.',
};
const goal: readonly FormArgument[] = [
  { name: 'maximize', type: 'score', meaning: 'What is to become large.' },
  { name: 'minimize', type: 'score', meaning: 'What is to become small, in place of `maximize`.' },
];
const budget: FormArgument = {
  name: 'budget',
  type: 'count',
  meaning: 'How many models are made and scored at most.',
};
const seed: FormArgument = { name: 'seed', type: 'seed', meaning: 'Fixes the draws.' };

export const formFunctions: readonly FormFunction[] = [
  {
    name: 'command',
    of: ['evaluate'],
    arguments: [
      {
        name: 'command',
        type: 'text',
        isPositional: true,
        isRequired: true,
        meaning:
          'A command line; it is given the folder of a model, and prints its scores as JSON.',
      },
      {
        name: 'metrics',
        type: 'texts',
        isRequired: true,
        meaning: 'The names of the scores it prints; each is read as `name.metric`.',
      },
      { name: 'timeout', type: 'duration', meaning: 'After how long a try has failed.' },
    ],
    meaning: 'Scores a model by a program of the author’s own.',
    example:
      'evaluate score = command("node evaluate.mjs", metrics: ["maths", "code"], timeout: 20 min)',
  },
  {
    name: 'grid',
    of: ['sweep'],
    arguments: [step, turn, measure],
    meaning: 'Every combination of the knobs’ positions.',
    example: 'sweep look = grid(final, turn: [keep], measure: [score.maths, score.code])',
  },
  {
    name: 'random',
    of: ['sweep', 'search'],
    arguments: [step, turn, measure, ...goal, budget, seed],
    meaning: 'Positions drawn evenly from the knobs’ ranges.',
    example: 'search tuned = random(final, turn: [keep], maximize: score.maths, budget: 50)',
  },
  {
    name: 'cma_es',
    of: ['search'],
    arguments: [step, turn, ...goal, budget, seed],
    meaning: 'A search that learns from its tries in which direction the score grows.',
    example: 'search tuned = cma_es(final, turn: [keep, fade], maximize: score.maths, budget: 100)',
  },
  {
    name: 'union',
    of: ['tokenizer'],
    arguments: [
      {
        name: 'models',
        type: 'models',
        isPositional: true,
        isRequired: true,
        meaning: 'Whose tokens the vocabulary has, in this order.',
      },
    ],
    meaning: 'A vocabulary of all tokens that any of the models has.',
    example: 'output final to "./out" { tokenizer = union([base, math]) }',
  },
  {
    name: 'force',
    of: ['token row'],
    arguments: [
      {
        name: 'row',
        type: 'row',
        isPositional: true,
        isRequired: true,
        meaning: 'The model, or the `row(…)`, that every model is given.',
      },
    ],
    meaning: 'One row for all models, also for those that have the token themselves.',
    example: 'output final to "./out" { tokens = { "<|eot_id|>": force(base) } }',
  },
  {
    name: 'row',
    of: ['token row', 'row to force'],
    arguments: [
      {
        name: 'model',
        type: 'model',
        isPositional: true,
        isRequired: true,
        meaning: 'Where the row is taken from.',
      },
      {
        name: 'token',
        type: 'token',
        isPositional: true,
        isRequired: true,
        meaning: 'The token whose row it is, as a text or by its number.',
      },
    ],
    meaning: 'The row of another token.',
    example: 'output final to "./out" { tokens = { "<|pad|>": row(base, "<|endoftext|>") } }',
  },
  {
    name: 'file',
    of: ['chat template'],
    arguments: [
      {
        name: 'path',
        type: 'text',
        isPositional: true,
        isRequired: true,
        meaning: 'A file, from the recipe’s folder.',
      },
    ],
    meaning: 'A template that lies in a file of its own.',
    example: 'output final to "./out" { chat_template = file("./chatml.jinja") }',
  },
];

export function formsOf(kind: FormKind): readonly FormFunction[] {
  return formFunctions.filter(({ of }) => of.includes(kind));
}

/** Words that stand for a chat template. */
export const templateWords = [
  'majority',
  'none',
  'chatml',
  'llama3',
  'mistral',
  'alpaca',
  'exaone',
] as const;

export type TemplateWord = (typeof templateWords)[number];
