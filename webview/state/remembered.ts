/** Keeps the answer to the last question, told by identity: what did not change is not made again. */
export function remembered<Inputs extends readonly unknown[], Output>(
  make: (...inputs: Inputs) => Output,
): (...inputs: Inputs) => Output {
  let last: { readonly inputs: Inputs; readonly output: Output } | undefined;
  return (...inputs) => {
    if (last === undefined || inputs.some((input, index) => input !== last!.inputs[index])) {
      last = { inputs, output: make(...inputs) };
    }
    return last.output;
  };
}
