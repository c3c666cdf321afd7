/**
 * How comparisons are made of the instructions that processors have: they compare signed integers and tell "at least" of unsigned
 * ones, so that a general unsigned "less" is the negation of a mask, which whoever uses the mask takes into account.
 */
import type { Node } from '../../formula/node.ts';

const infinity = 0x7f800000;
const magnitudeMask = 0x7fffffff;

/** The word of which the mask tells whether it is a NaN's: ∞ < |x| as integers. Nothing for another mask. */
export function testedForNaN(mask: Node): Node | undefined {
  if (mask.op !== 'ltU') return undefined;
  const [limit, magnitude] = mask.args;
  if (limit!.op !== 'const' || limit!.imm !== infinity || magnitude!.op !== 'and') return undefined;
  const [word, kept] = magnitude!.args;
  return kept!.op === 'const' && kept!.imm === magnitudeMask ? word : undefined;
}

/** Whether both sides of an unsigned comparison lie below 2^31, so that a signed one tells the same. */
export function comparesSigned({ args }: Node): boolean {
  return args.every(isBelowSign);
}

/** Whether what is made for the mask is its negation. */
export function isMadeNegated(mask: Node): boolean {
  switch (mask.op) {
    case 'mnot':
      return !isMadeNegated(mask.args[0]!);
    case 'ltU':
      return testedForNaN(mask) === undefined && !comparesSigned(mask);
    default:
      return false;
  }
}

/** Known without a look at the values: the upper bit of the word is 0. */
function isBelowSign(word: Node): boolean {
  switch (word.op) {
    case 'const':
      return word.imm <= magnitudeMask;
    case 'shr':
      return word.imm > 0;
    case 'and':
    case 'minU':
      return word.args.some(isBelowSign);
    default:
      return false;
  }
}
