import { PickleCursor } from './cursor.ts';
import { PickleFlawError } from './flaw.ts';
import type { PickleFlaw } from './flaw.ts';
import { PickleMachine } from './machine.ts';
import { opcodes, refusedOpcodes, stop } from './opcodes.ts';
import type { PicklePersistent, PickleValue, PickleVocabulary } from './value.ts';

export type PickleReading =
  | {
      readonly ok: true;
      readonly value: PickleValue;
      /** All that the pickle asks for from outside, in its order. */
      readonly outside: readonly PicklePersistent[];
      /** Where the byte behind the pickle is. */
      readonly end: number;
    }
  | { readonly ok: false; readonly flaw: PickleFlaw };

/**
 * Reads one pickle, which begins at `start`, as data. Nothing is imported, called or built: a name outside of the vocabulary,
 * and a call of what may not be called, are flaws. Time grows with the bytes; memory is bounded by them and by `mostValues`.
 */
export function readPickle(
  bytes: Uint8Array,
  vocabulary: PickleVocabulary,
  start = 0,
): PickleReading {
  const cursor = new PickleCursor(bytes, start);
  const machine = new PickleMachine(cursor, vocabulary);
  try {
    for (;;) {
      const code = cursor.opcode();
      if (code === stop) {
        const value = machine.finish();
        return { ok: true, value, outside: machine.outside, end: cursor.at };
      }
      const opcode = opcodes.get(code);
      if (opcode === undefined) return refuse(cursor, code);
      opcode.run(machine);
    }
  } catch (error) {
    if (error instanceof PickleFlawError) return { ok: false, flaw: error.flaw };
    throw error;
  }
}

function refuse(cursor: PickleCursor, code: number): never {
  const name = refusedOpcodes.get(code);
  if (name !== undefined) return cursor.flaw('foreign', `uses the instruction ${name}`);
  return cursor.flaw('malformed', `has no instruction ${code}`);
}
