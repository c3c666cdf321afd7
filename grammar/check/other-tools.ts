/** What other tools call the parameters of the catalogue. */
import type { MethodSignature, Parameter } from '../catalogue.ts';
import { replacing } from '../diagnostics/finding.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { otherToolsName } from '../diagnostics/mw2016-other-tools-name.ts';
import type { Span } from '../syntax/span.ts';
import { type Checking, report, reportUnknown } from './checking.ts';
import { parameterNamed } from './parameters.ts';

const called: ReadonlyMap<string, string> = new Map([
  ['lambda', 'scale'],
  ['scaling', 'scale'],
  ['scaling_factor', 'scale'],
  ['scaling_coefficient', 'scale'],
  ['weights', 'weight'],
  ['densities', 'density'],
  ['select_topk', 'density'],
  ['topk', 'density'],
  ['top_k', 'density'],
  ['keep', 'density'],
  ['keep_ratio', 'density'],
  ['max_iter', 'iterations'],
  ['max_iterations', 'iterations'],
  ['tol', 'tolerance'],
  ['normalize_weights', 'normalize'],
  ['normalise', 'normalize'],
  ['merge_func', 'combine'],
  ['consensus_method', 'elect'],
  ['nuslerp_row_wise', 'vectors'],
  ['nuslerp_flatten', 'vectors'],
  ['eps', 'epsilon'],
  ['random_seed', 'seed'],
  ['noise_scale', 'noise'],
  ['positive_prompts', 'prompts'],
  ['negative_prompts', 'avoid'],
  ['gate_mode', 'gate'],
]);

/** Rates of what is dropped, where here the share that is kept is written. */
const drops: ReadonlySet<string> = new Set(['drop_rate', 'p', 'sparsity', 'mask_rate', 'drop']);

const elsewhere: ReadonlyMap<string, string> = new Map([
  ['int8_mask', 'it changes no result, and is left out'],
  ['dtype', 'it is a setting of the `output`, and `compute` says what a method computes in'],
  ['out_dtype', 'it is the `dtype` of the `output`'],
  ['base_model', 'the base stands first in the parentheses'],
  ['models', 'the models stand in a list before the named arguments'],
  ['tokenizer_source', 'it is the `tokenizer` of the `output`'],
]);

/** A word that no parameter of the method is called; `among` are those that may stand here. */
export function reportUnknownParameter(
  checking: Checking,
  span: Span,
  word: string,
  method: MethodSignature,
  among: readonly Parameter[],
): void {
  const meant = called.get(word);
  const isMeant = meant !== undefined && among.some(({ name }) => name === meant);
  if (isMeant) {
    const message = `\`${word}\` is called \`${meant}\` in \`${method.name}\`.`;
    report(checking, otherToolsName, span, message, { fixes: [replacing(span, meant)] });
    return;
  }
  if (drops.has(word) && parameterNamed(method, 'density') !== undefined) {
    const message = `\`${word}\` says what is dropped; \`density\` says what is kept, and is 1 less that.`;
    report(checking, otherToolsName, span, message);
    return;
  }
  const where = elsewhere.get(word);
  if (where !== undefined) {
    const message = `\`${method.name}\` takes no \`${word}\`: ${where}.`;
    report(checking, otherToolsName, span, message);
    return;
  }
  const problem = `\`${method.name}\` has no parameter \`${word}\``;
  reportUnknown(
    checking,
    unknownParameter,
    span,
    problem,
    among.map(({ name }) => name),
  );
}
