import { Files } from '../plan/files.ts';
import type { Checkpoints } from '../plan/donor.ts';
import { renumbered, type PlannedOperand } from '../plan/operand.ts';
import type { OperandRef } from '../program/composer.ts';

/** Weights files by the numbers under which a pool's workers know them; files they do not know get the next ones. */
export class PoolFiles {
  readonly added: string[] = [];
  readonly first: number;
  readonly #files: Files;
  readonly #numbers: Map<string, number>;

  /** `known`: the files that workers know already; `first`: the first number that is free. */
  constructor(checkpoints: Checkpoints, known: readonly string[] = [], first = known.length) {
    this.first = first;
    this.#files = new Files(checkpoints);
    this.#numbers = new Map(known.map((path, number) => [path, number]));
  }

  place(operand: OperandRef): PlannedOperand {
    return renumbered(this.#files.operand(operand), (file) =>
      this.#number(this.#files.paths[file]!),
    );
  }

  #number(path: string): number {
    let number = this.#numbers.get(path);
    if (number === undefined) {
      number = this.first + this.added.length;
      this.added.push(path);
      this.#numbers.set(path, number);
    }
    return number;
  }
}
