import type { DiagnosticKind } from './diagnostic.ts';

export const knobCannotBeTurned = {
  code: 'MW3032',
  title: `A knob without positions`,
  severity: 'error',
  what: `A sweep or a search turns a \`param\` within the range behind its \`in\`.
A grid needs single positions: a list, or a range with a \`step\`.`,
  wrong: `param keep = 40%
merge m = ties(base, [math, code], density: keep)
search best = cma_es(m, turn: [keep], maximize: cosine(m, math, code))`,
  right: `param keep = 40% in 10%..90%
merge m = ties(base, [math, code], density: keep)
search best = cma_es(m, turn: [keep], maximize: cosine(m, math, code))`,
} satisfies DiagnosticKind;
