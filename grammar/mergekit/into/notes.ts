/** What mergekit would do otherwise, or not at all, with the values of one call. */
import { writtenOtherwise } from '../../diagnostics/mw7108-written-otherwise.ts';
import { mergekitStops } from '../../diagnostics/mw7110-mergekit-stops.ts';
import { otherDraws } from '../../diagnostics/mw7107-other-draws.ts';
import { gradientEnds } from '../../diagnostics/mw7109-gradient-ends.ts';
import { keyOf } from '../config/config.ts';
import type { ForeignParameter } from '../methods.ts';
import type { CallInput, Expert, Inputs } from './call.ts';
import { type Importing, say } from './importing.ts';
import type { Chain } from './values.ts';

export function lintCall(
  importing: Importing,
  { method, name }: CallInput,
  { experts }: Inputs,
  global: ReadonlyMap<ForeignParameter, Chain>,
): void {
  if (method.isRandom === true) {
    const message = `\`${method.name}\` draws at random: the recipe’s draws come from its \`seed\`, mergekit’s from another generator.`;
    say(importing, otherDraws, name, message);
  }
  const chains = [...global.values(), ...experts.flatMap((expert) => [...expert.chains.values()])];
  lintGradient(importing, chains);
  switch (method.name) {
    case 'della':
    case 'della_linear':
      for (const expert of experts) lintWindow(importing, expert);
      return;
    case 'breadcrumbs':
    case 'breadcrumbs_ties':
      for (const expert of experts) lintOutliers(importing, expert);
      return;
    case 'sce':
      lintSelection(importing, experts, global);
  }
}

/** Said once: that gradients end before the head. */
function lintGradient(importing: Importing, chains: readonly Chain[]): void {
  for (const { filtered, fallback } of chains) {
    for (const { value } of fallback === undefined ? filtered : [...filtered, fallback]) {
      if (value.kind !== 'gradient') continue;
      const first = value.knots[0]!.value;
      const last = value.knots.at(-1)!.value;
      if (first === last || importing.said.has(gradientEnds.code)) continue;
      importing.said.add(gradientEnds.code);
      const message = `Embeddings, the final norm and the head take ${first}, the first value of this gradient; ${last} is for the last layer alone.`;
      say(importing, gradientEnds, value, message);
    }
  }
}

function numberIn({ chains }: Expert, name: string, byDefault: number): number | undefined {
  const chain = [...chains].find(([parameter]) => parameter.name === name)?.[1];
  const value = chain?.fallback?.value;
  if (value === undefined) return chain?.filtered.length === 0 ? byDefault : undefined;
  return value.kind === 'number' ? value.value : undefined;
}

function lintWindow(importing: Importing, expert: Expert): void {
  const density = numberIn(expert, 'density', 1);
  const epsilon = numberIn(expert, 'epsilon', 0.15);
  if (density === undefined || epsilon === undefined || density >= 1) return;
  if (density - epsilon > 0 && density + epsilon < 1) return;
  const message = `\`density\` ${density} with \`epsilon\` ${epsilon} reaches outside 0 to 1: mergekit stops at the first tensor of \`${keyOf(expert.reference)}\`.`;
  say(importing, mergekitStops, expert.entry?.model ?? expert.reference, message);
}

function lintOutliers(importing: Importing, expert: Expert): void {
  const density = numberIn(expert, 'density', 1);
  const gamma = numberIn(expert, 'gamma', 0.01);
  if (density === undefined || density >= 1 || gamma !== 0) return;
  const message = `With \`gamma\` 0 mergekit keeps nothing at all of \`${keyOf(expert.reference)}\`.`;
  say(importing, writtenOtherwise, expert.entry?.model ?? expert.reference, message);
}

function lintSelection(
  importing: Importing,
  experts: readonly Expert[],
  global: ReadonlyMap<ForeignParameter, Chain>,
): void {
  const chain = [...global].find(([parameter]) => parameter.name === 'select_topk')?.[1];
  const value = chain?.fallback?.value;
  if (value?.kind !== 'number' || value.value >= 1) return;
  const isEmpty = value.value <= 0 || experts.length === 1;
  const message = isEmpty
    ? 'Nothing is selected here, and mergekit then writes tensors with an axis too many.'
    : 'Where all models agree mergekit selects nothing, and then writes tensors with an axis too many.';
  say(importing, writtenOtherwise, value, message);
}
