import { finite, type FigureLaw } from './figure-law.ts';
import { isChange } from './is-change.ts';

/** ⟨τ_a, τ_b⟩ / ‖τ_a‖‖τ_b‖ */
export const cosine: FigureLaw = {
  name: 'cosine',
  title: 'Cosine',
  unit: 'cosine',
  isOfInputs: true,
  sums({ changes: [a, b] }, changes) {
    if (!changes.every(isChange)) return undefined;
    return [
      { kind: 'product', of: [Math.min(a!, b!), Math.max(a!, b!)] },
      { kind: 'product', of: [a!, a!] },
      { kind: 'product', of: [b!, b!] },
    ];
  },
  of: ([ab, aa, bb]) => finite(ab! / (Math.sqrt(aa!) * Math.sqrt(bb!))),
};
