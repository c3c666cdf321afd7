/** Settings whose object is missing: another tool ignores them in silence. */
import { settingWithoutEffect } from '../diagnostics/mw3114-setting-without-effect.ts';
import { type Checking, report } from './checking.ts';
import { type CallWritten, isAlways, spanOfSetting } from './written-values.ts';

interface Effect {
  readonly setting: string;
  /** Why it does nothing; undefined where it does something. */
  readonly whyNot: (written: CallWritten) => string | undefined;
}

/** Of methods without a density, which draw or bound something else, it says nothing. */
const needsDrops = (written: CallWritten): string | undefined =>
  isAlways(written, 'density', 1) ? 'at a `density` of 100% nothing is dropped' : undefined;

const needsSeveral = ({ call }: CallWritten): string | undefined =>
  call.inputs.length === 1 ? 'one expert has nobody to agree with' : undefined;

const needsShared = ({ call }: CallWritten): string | undefined =>
  call.args.has('shared') ? undefined : 'no expert is `shared`';

const effects: readonly Effect[] = [
  { setting: 'rescale', whyNot: needsDrops },
  { setting: 'gamma', whyNot: needsDrops },
  { setting: 'epsilon', whyNot: needsDrops },
  { setting: 'seed', whyNot: needsDrops },
  { setting: 'elect', whyNot: needsSeveral },
  {
    setting: 'compute',
    whyNot: ({ call }) =>
      call.compat === 'paper' ? 'arithmetic is f32 unless `compat: mergekit` is set' : undefined,
  },
  {
    setting: 'weight',
    whyNot: (written) =>
      written.call.inputs.length === 1 && isAlways(written, 'normalize', true)
        ? 'of one model the weight is divided out again'
        : undefined,
  },
  ...['shared_prompts', 'shared_avoid', 'shared_noise', 'shared_scale'].map((setting) => ({
    setting,
    whyNot: needsShared,
  })),
];

export function lintEffects(checking: Checking, written: CallWritten): void {
  for (const { setting, whyNot } of effects) {
    const isWritten =
      written.call.args.has(setting) || written.call.inputs.some(({ own }) => own?.has(setting));
    const at = isWritten ? spanOfSetting(written, setting) : undefined;
    const why = at === undefined ? undefined : whyNot(written);
    if (at === undefined || why === undefined) continue;
    report(checking, settingWithoutEffect, at, `\`${setting}\` does nothing here: ${why}.`);
  }
}
