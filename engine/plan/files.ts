import type { Checkpoints, SourceTensor } from './donor.ts';
import type { LaidFactors } from '../adapters/adapter.ts';
import type { RebuiltTensor } from '../checkpoints/checkpoint.ts';
import { isComputed, type ComputedType } from '../formula/derived.ts';
import {
  operandInFile,
  type FactorInFile,
  type LoraOperand,
  type PlannedOperand,
  type RowsOperand,
  type TensorInFile,
} from './operand.ts';

/** The weights files that a plan reads, numbered as they come up. */
export class Files {
  readonly paths: string[] = [];
  readonly #checkpoints: Checkpoints;
  readonly #numbers = new Map<string, number>();
  readonly #read = new Set<string>();

  constructor(checkpoints: Checkpoints) {
    this.#checkpoints = checkpoints;
  }

  /** What a source's tensor is made from, or where it lies. */
  operand(tensor: SourceTensor): PlannedOperand {
    const { source, name } = tensor;
    const checkpoint = this.#checkpoints.get(source);
    const laid = checkpoint?.factors?.get(name);
    if (laid !== undefined) return this.#lora(source, laid);
    const rebuilt = checkpoint?.rebuilt?.get(name);
    if (rebuilt !== undefined) return this.#rows(tensor, rebuilt);
    return operandInFile(this.tensor(tensor));
  }

  /** Whether a source's tensor lies in a file as it is, so that its bytes can be copied. */
  isAsStored({ source, name }: SourceTensor): boolean {
    return this.#checkpoints.get(source)?.rebuilt?.has(name) !== true;
  }

  #rows(tensor: SourceTensor, { columns, runs, means, from }: RebuiltTensor): RowsOperand {
    const { dtype } = this.#computed(tensor);
    const givers = from.map((giver) => this.#computed(giver));
    return { kind: 'rows', dtype, columns, runs, means, from: givers };
  }

  #computed(tensor: SourceTensor): TensorInFile & { readonly dtype: ComputedType } {
    const found = this.tensor(tensor);
    const { dtype } = found;
    if (!isComputed(dtype))
      throw new Error(`${tensor.name} of the type ${dtype} is not computed with`);
    return { ...found, dtype };
  }

  /** Turned over, a product has its factors in the other order, each turned. */
  #lora(source: string, laid: LaidFactors): LoraOperand {
    const { rank, scale, rows, columns, isTransposed } = laid;
    const factor = (name: string): FactorInFile => {
      const tensor = this.tensor({ source, name });
      const { dtype } = tensor;
      if (!isComputed(dtype)) throw new Error(`a factor of the type ${dtype}`);
      return { ...tensor, dtype, isTurned: isTransposed };
    };
    const [up, down] = [factor(laid.up), factor(laid.down)];
    return isTransposed
      ? {
          kind: 'lora',
          dtype: 'F32',
          left: down,
          right: up,
          rows: columns,
          columns: rows,
          rank,
          scale,
        }
      : { kind: 'lora', dtype: 'F32', left: up, right: down, rows, columns, rank, scale };
  }

  /** Where a source's tensor lies. */
  tensor({ source, name }: SourceTensor): TensorInFile {
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
