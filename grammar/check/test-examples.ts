/** Examples of pages as whole recipes: with the sources, the step and the headers that they leave out. */
import type { Catalogue } from '../catalogue.ts';
import { families } from '../places/sample-families.ts';
import type { Signature } from '../places/signature.ts';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import type { Checked } from './checked.ts';
import { sourcesOf } from './sources.ts';
import { importsOf } from './test-imports.ts';
import { headersFor, llama, signatureOf } from './test-models.ts';

/** Names that stand for models in examples, the base of others first. */
const models = [
  ...[
    'base',
    'older',
    'math_base',
    'math',
    'code',
    'chat',
    'a',
    'b',
    'c',
    'a1',
    'b1',
    'old',
    'other',
  ],
  ...['unet', 'text', 'small', 'small_too', 'large', 'stacked', 'llama', 'llama_too', 'gpt'],
  ...['tied', 'tied_too', 'untied', 'qwen', 'qwen_too', 'qwen_padded'],
  ...['llama_model', 'other_llama', 'mistral_model', 'llama_for_code'],
  ...['free_model', 'other_free_model', 'noncommercial_model'],
  ...['math_again', 'base_again', 'math_pretrained', 'unmath'],
] as const;
const adapters = ['tone', 'style', 'hero'];
const statistics = { f_math: 'math', f_code: 'code' };
/** Recipes that examples use. */
const files = { 'common.merge': 'let keep = 20%', 'faulty.merge': 'let keep = 20 %%' };

/** An example with what it leaves out: its sources, the step it speaks of, the merge its rules stand in. */
export function completed(example: string): string {
  const isRules = example.startsWith('at ');
  const text = isRules ? `merge m = lerp(a, b, t: 0) {\n${example}\n}` : example;
  const plain = text.replace(/"[^"]*"/g, '""').replace(/\/\/.*$/gm, '');
  const isDeclared = (name: string): boolean =>
    new RegExp(`^(model|adapter|merge|let|param|stats) ${name}\\b`, 'm').test(plain);
  const uses = (name: string): boolean =>
    new RegExp(`(?<!\\.)\\b${name}\\b(?!:)`).test(plain) && !isDeclared(name);
  const needsStep = ['m', 'final', 'blend'].find((name) => uses(name));
  const needed = (name: string): boolean =>
    uses(name) || (needsStep !== undefined && !isDeclared(name) && ['base', 'math'].includes(name));
  const sources = models.filter(needed).map((name) => `model ${name} = "./sources/${name}"\n`);
  const tones = adapters
    .filter(uses)
    .map(
      (name) =>
        `adapter ${name} = lora("./${name}", on: ${models.find((of) => needed(of) || isDeclared(of))!})\n`,
    );
  const measured = Object.entries(statistics)
    .filter(([name]) => uses(name))
    .map(([name, of]) => `stats ${name} = fisher("./${name}.safetensors", of: ${of})\n`);
  const step = needsStep === undefined ? '' : `merge ${needsStep} = ties(base, [math])\n`;
  // A step comes below the sources that the example declares itself.
  const own = /^((?:(?:model|adapter|stats|use) .*\n)*)([^]*)$/.exec(text)!;
  return `${sources.join('')}${tones.join('')}${measured.join('')}${own[1] ?? ''}${step}${own[2] ?? ''}`;
}

/** As large as the others, and its tensors are called otherwise. */
const gpt = signatureOf(
  llama({ layers: 3 }).tensors.map((tensor) => ({
    ...tensor,
    name: tensor.name.replace('model.', 'transformer.'),
  })),
);
const diffusion = families.find(({ name }) => /SD|diffusion/i.test(name))!.signature;
const vision = families.find(({ layers }) => 'vision' in layers && 'text' in layers)!.signature;

/** Headers of models that have one of their own; all others are one family of 28 layers. */
const gallery: Readonly<Record<string, Signature>> = {
  small: llama({ layers: 12 }),
  small_too: llama({ layers: 12 }),
  large: llama({ layers: 12, width: 16 }),
  stacked: llama({ layers: 24 }),
  llama: llama({ layers: 3 }),
  llama_too: llama({ layers: 3 }),
  gpt,
  tied: llama({ tied: true }),
  tied_too: llama({ tied: true }),
  untied: llama(),
  qwen: llama(),
  qwen_too: llama(),
  qwen_padded: llama({ vocabulary: 40 }),
  llama_model: llama(),
  other_llama: llama(),
  mistral_model: signatureOf(llama().tensors, { modelType: 'mistral' }),
  llama_for_code: signatureOf(llama().tensors, {
    ...llama().config,
    positions: 'rope_theta 1000000',
  }),
  unet: diffusion,
  text: llama(),
};

/** Where the finding is of models that the example does not name. */
const special: Readonly<Record<string, Readonly<Record<string, Signature>>>> = {
  MW4103: { a: vision, b: vision },
  MW4111: { base: llama({ width: 32 }), a: llama({ width: 32 }) },
  MW4108: { math: llama({ layers: 28, dtype: 'F16' }) },
};

/** What the cards of some models tell. */
const licences: Readonly<Record<string, string>> = {
  free_model: 'apache-2.0',
  other_free_model: 'apache-2.0',
  noncommercial_model: 'cc-by-nc-4.0',
};

export interface CheckedExample {
  readonly text: string;
  readonly checked: Checked;
}

/** `code` is that of the page the example stands on; with `deep` it is checked down to headers. */
export function checkedExample(
  example: string,
  catalogue: Catalogue,
  { code = '', deep = false }: { readonly code?: string; readonly deep?: boolean } = {},
): CheckedExample {
  const text = completed(example);
  const parsed = parse(text);
  const imports = importsOf(parsed.recipe, files);
  const plain = llama({ layers: 28 });
  const signatures = Object.fromEntries(
    sourcesOf(parsed.recipe, imports).map(({ name }) => [
      name,
      special[code]?.[name] ?? gallery[name] ?? plain,
    ]),
  );
  const checked = check({
    text,
    ...parsed,
    catalogue,
    imports,
    ...(deep ? { headers: headersFor(signatures, licences) } : {}),
  });
  return { text, checked };
}
