import type { DiagnosticKind } from './diagnostic.ts';

export const licencesDiffer = {
  code: 'MW4117',
  title: 'Models under different licences',
  severity: 'warning',
  what: `What is merged into this output was given under different terms, as the models’ cards tell them.
Whoever passes the result on must meet all of them; a model card says \`license: other\` and lists them.`,
  wrong: `merge m = linear([free_model, noncommercial_model])
output m to "./out"`,
  right: `merge m = linear([free_model, other_free_model])
output m to "./out"`,
} satisfies DiagnosticKind;
