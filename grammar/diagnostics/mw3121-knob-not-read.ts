import type { DiagnosticKind } from './diagnostic.ts';

export const knobNotRead = {
  code: 'MW3121',
  title: `A knob that changes nothing`,
  severity: 'warning',
  what: `Nothing that the step is made of reads the knob: every position of it gives the same model, at the price of a run.`,
  wrong: `param keep = 40% in 10%..90%
merge m = linear([math, code])
search best = cma_es(m, turn: [keep], maximize: cosine(m, math, code, base: base))`,
  right: `param keep = 40% in 10%..90%
merge m = ties(base, [math, code], density: keep)
search best = cma_es(m, turn: [keep], maximize: cosine(m, math, code))`,
} satisfies DiagnosticKind;
