import type { DiagnosticKind } from './diagnostic.ts';

export const otherStatistics = {
  code: 'MW3125',
  title: 'Statistics of another model',
  severity: 'warning',
  what: `Statistics were measured on one model, \`of\`, and say nothing of another.
A list gives each expert the entry at its place; a map by their names cannot be shifted by one.`,
  wrong: `stats f_math = fisher("./math.safetensors", of: math)
stats f_code = fisher("./code.safetensors", of: code)
merge m = fisher_average([math, code], fisher: [f_code, f_math])`,
  right: `stats f_math = fisher("./math.safetensors", of: math)
stats f_code = fisher("./code.safetensors", of: code)
merge m = fisher_average([math, code], fisher: { math: f_math, code: f_code })`,
} satisfies DiagnosticKind;
