/** Dense matrices in f64 on the CPU, row after row. */

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `rows · columns` values; element (i, j) lies at `i · columns + j`. */
  readonly values: Float64Array;
}

/** A matrix over these values, or of zeros. Throws where there are more or fewer values than elements. */
export function matrix(
  rows: number,
  columns: number,
  values: Float64Array = new Float64Array(rows * columns),
): Matrix {
  if (values.length !== rows * columns)
    throw new RangeError(`${values.length} values cannot be ${rows} × ${columns} elements.`);
  return { rows, columns, values };
}

export function transpose({ rows, columns, values }: Matrix): Matrix {
  const turned = new Float64Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column]!;
  return { rows: columns, columns: rows, values: turned };
}

/** The first `count` columns; all of them where there are not more. */
export function firstColumns({ rows, columns, values }: Matrix, count: number): Matrix {
  if (count >= columns) return { rows, columns, values };
  const kept = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++)
    kept.set(values.subarray(row * columns, row * columns + count), row * count);
  return { rows, columns: count, values: kept };
}

/** The first `count` rows, in the same memory; all of them where there are not more. */
export function firstRows({ rows, columns, values }: Matrix, count: number): Matrix {
  const kept = Math.min(rows, count);
  return { rows: kept, columns, values: values.subarray(0, kept * columns) };
}

/** Whether no element is NaN or infinite: what factorisations ask of a matrix. */
export function isFiniteMatrix({ values }: Matrix): boolean {
  return values.every(Number.isFinite);
}
