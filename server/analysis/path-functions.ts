/** Functions whose first text is a path, with what lies there. */
export const pathFunctions: ReadonlyMap<string, 'weights' | 'file'> = new Map([
  ['local', 'weights'],
  ['lora', 'weights'],
  ['fisher', 'weights'],
  ['second_moments', 'weights'],
  ['gram', 'weights'],
  ['imatrix', 'weights'],
  ['coefficients', 'weights'],
  ['mask', 'weights'],
  ['file', 'file'],
]);
