import type { DiagnosticKind } from './diagnostic.ts';

export const roundedDifferences = {
  code: 'MW4115',
  title: `Differences taken in half precision`,
  severity: 'information',
  what: `Under \`compat: mergekit\` a task vector is a difference that is rounded to the storage type: most small changes of a fine-tune are lost in it.
\`compute: f32\` takes it in single precision, as that tool does with \`dtype: float32\`.`,
  wrong: `merge m = ties(base, [math], density: 50%, compat: mergekit)`,
  right: `merge m = ties(base, [math], density: 50%, compat: mergekit, compute: f32)`,
} satisfies DiagnosticKind;
