/** What the tests of the server share: recipes with marks, models that are headers alone, answers in short. */
import type { CompletionItem } from 'vscode-languageserver';
import { catalogue } from '../engine/methods/catalogue.ts';
import type { Signature } from '../grammar/places/signature.ts';
import { llama, type LlamaShape } from '../grammar/check/test-models.ts';
import type { Span } from '../grammar/syntax/span.ts';
import { type Analysis, analyse, type ModelAnswer } from './analysis/analysis.ts';
import type { Surroundings } from './completion/surroundings.ts';
import { completionAt } from './features/completion.ts';

const cursorMark = '‸';

export interface Marked {
  readonly text: string;
  /** Where `‸` stands; the text's end where there is none. */
  readonly offset: number;
  /** Between `⟦` and `⟧`, in the order of the text. */
  readonly ranges: readonly Span[];
}

/** The text without its marks, and where they stood. */
export function unmarked(marked: string): Marked {
  let text = '';
  let offset: number | undefined;
  const ranges: { start: number; end: number }[] = [];
  for (const letter of marked) {
    if (letter === cursorMark) offset = text.length;
    else if (letter === '⟦') ranges.push({ start: text.length, end: text.length });
    else if (letter === '⟧') ranges.at(-1)!.end = text.length;
    else text += letter;
  }
  return { text, offset: offset ?? text.length, ranges };
}

/** The text with marks around some spans. */
export function marked(text: string, spans: readonly Span[]): string {
  return spans
    .toSorted((one, other) => other.start - one.start)
    .reduce(
      (written, { start, end }) =>
        `${written.slice(0, start)}⟦${written.slice(start, end)}⟧${written.slice(end)}`,
      text,
    );
}

export const testUri = 'file:///recipes/test.merge';

/** Models named base, math, code and chat, of one shape unless said otherwise. */
export const prelude = ['base', 'math', 'code', 'chat']
  .map((name) => `model ${name} = "./${name}"\n`)
  .join('');

export interface CheckOptions {
  /** By name, over four alike; `null`: the text alone is checked. */
  readonly models?: Readonly<Record<string, LlamaShape | ModelAnswer>> | null;
}

const shapes = new Map<string, Signature>();

/** Signatures are made once, so that like models are one object. */
function signatureOf(shape: LlamaShape): Signature {
  const key = JSON.stringify(shape);
  let signature = shapes.get(key);
  if (signature === undefined) shapes.set(key, (signature = llama(shape)));
  return signature;
}

export function answerFor(name: string, shape: LlamaShape | ModelAnswer): ModelAnswer {
  if ('kind' in shape) return shape;
  const signature = signatureOf(shape);
  return {
    kind: 'read',
    checkpoint: {
      folder: `/models/${name}`,
      files: [
        {
          name: 'model.safetensors',
          path: `/models/${name}/model.safetensors`,
          size: 12_345,
          mtimeNs: '0',
          headerHash: name,
        },
      ],
      tensors: new Map(),
      signature,
      configText: '{}',
      carried: [],
    },
  };
}

/** An analysis of a marked text under the four models, and its marks; offsets count from the text's own start. */
export function check(
  text: string,
  { models = {} }: CheckOptions = {},
): Marked & { readonly analysis: Analysis } {
  const marks = unmarked(prelude + text);
  const shown =
    models === null
      ? undefined
      : new Map(
          Object.entries({ base: {}, math: {}, code: {}, chat: {}, ...models }).map(
            ([name, shape]) => [name, answerFor(name, shape)] as const,
          ),
        );
  const analysis = analyse({
    uri: testUri,
    version: 1,
    text: marks.text,
    catalogue,
    ...(shown === undefined ? {} : { models: shown }),
  });
  return { ...marks, analysis };
}

/** The text below the four models, with marks around some spans. */
export function shownBelow(analysis: Analysis, spans: readonly Span[]): string {
  return marked(analysis.text, spans).slice(prelude.length);
}

export const nowhere: Surroundings = {
  entriesOf: () => Promise.resolve([]),
  hubIds: () => Promise.resolve([]),
};

export async function completed(
  text: string,
  options: CheckOptions & { readonly surroundings?: Surroundings } = {},
): Promise<readonly CompletionItem[]> {
  const { analysis, offset } = check(text, options);
  return completionAt(analysis, offset, {
    snippets: true,
    surroundings: options.surroundings ?? nowhere,
  });
}

/** The labels in their order, as one line. */
export async function labels(text: string, options: CheckOptions = {}): Promise<string> {
  return (await completed(text, options)).map(({ label }) => label).join(' ');
}
