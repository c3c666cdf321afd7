/**
 * Terms without the names of tensors. A name says where an operand lies, and keys the draws of a method that draws; formulas know
 * nothing of it, so that the many layers of a model have few programs.
 */
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import type { OperandRef } from './composer.ts';

/** Takes the names out of the terms of one program: numbers stand for them, in the order in which they are met. */
export class Unnaming {
  readonly #tensors: OperandRef[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #made = new Map<TensorTerm, TensorTerm>();

  /** What is one object stays one: a step that two others read is computed once. */
  term(term: TensorTerm): TensorTerm {
    return term.kind === 'call' ? this.call(term) : this.#once(term, () => this.#unnamed(term));
  }

  call(term: CallTerm): CallTerm {
    return this.#once(term, () => ({
      ...term,
      ...(term.drawSlot === undefined ? { tensor: '' } : {}),
      ...(term.base === undefined ? {} : { base: this.term(term.base) }),
      inputs: term.inputs.map((input) => this.term(input)),
    }));
  }

  /** The tensor that an operand of the program stands for. */
  named({ name }: OperandRef): OperandRef {
    return this.#tensors[Number(name)]!;
  }

  #unnamed(term: Exclude<TensorTerm, CallTerm>): TensorTerm {
    switch (term.kind) {
      case 'tensor':
        return { ...term, name: String(this.#number(term)) };
      case 'zero':
        return term;
      case 'sum':
        return {
          ...term,
          terms: term.terms.map((addend) => ({ ...addend, term: this.term(addend.term) })),
        };
      case 'scaled':
      case 'negated':
      case 'step':
        return { ...term, term: this.term(term.term) };
    }
  }

  #number({ source, name, dtype }: OperandRef): number {
    const key = JSON.stringify([source, name]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#tensors.length);
    return this.#tensors.push({ source, name, dtype }) - 1;
  }

  #once<T extends TensorTerm>(term: T, make: () => TensorTerm): T {
    let made = this.#made.get(term);
    if (made === undefined) {
      made = make();
      this.#made.set(term, made);
    }
    return made as T;
  }
}
