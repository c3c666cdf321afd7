/** What every fuzzer asks of what it gets back. */
import type { Fault } from '../../engine/faults/fault.ts';

export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** A fault of an expected kind, short, with a way out, and with nothing in it that could steer a terminal. */
export function expectPlainFault({ code, message, help }: Fault, codes: RegExp): void {
  expectThat(codes.test(code), `${code} is no fault of this: ${message}`);
  expectThat(message.length < 2000 && help.length > 0, `${code} says too much, or no way out`);
  const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.exec(message + help);
  expectThat(
    steering === null,
    `${code} tells a control character: ${JSON.stringify(message + help)}`,
  );
}
