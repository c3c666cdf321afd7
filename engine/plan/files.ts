import type { Checkpoints } from './donor.ts';
import type { PlannedOperand } from './plan.ts';

/** The weights files that a plan reads, numbered as they come up. */
export class Files {
  readonly paths: string[] = [];
  readonly #checkpoints: Checkpoints;
  readonly #numbers = new Map<string, number>();
  readonly #read = new Set<string>();

  constructor(checkpoints: Checkpoints) {
    this.#checkpoints = checkpoints;
  }

  /** Where a source's tensor lies. */
  operand({ source, name }: { readonly source: string; readonly name: string }): PlannedOperand {
    const checkpoint = this.#checkpoints.get(source);
    const tensor = checkpoint?.tensors.get(name);
    if (checkpoint === undefined || tensor === undefined)
      throw new Error(`${source} has no tensor ${name}`);
    this.#read.add(source);
    return {
      file: this.#number(checkpoint.files[tensor.file]!.path),
      offset: tensor.offset,
      dtype: tensor.dtype,
    };
  }

  isRead(source: string): boolean {
    return this.#read.has(source);
  }

  /** What identifies the files that were numbered: path, size, time, header. */
  identities(): readonly (readonly string[])[] {
    const known = new Map(
      [...this.#checkpoints.values()].flatMap(({ files }) =>
        files.map(
          (file) =>
            [file.path, [file.path, String(file.size), file.mtimeNs, file.headerHash]] as const,
        ),
      ),
    );
    return this.paths.map((path) => known.get(path)!);
  }

  #number(path: string): number {
    const known = this.#numbers.get(path);
    if (known !== undefined) return known;
    this.paths.push(path);
    this.#numbers.set(path, this.paths.length - 1);
    return this.paths.length - 1;
  }
}
