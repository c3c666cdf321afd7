import type { PickleMachine } from './machine.ts';

interface Opcode {
  readonly name: string;
  readonly run: (machine: PickleMachine) => void;
}

/**
 * The instructions that are read: those with which protocols 2 to 5 write numbers, texts, lists, tuples, dicts, names and
 * calls. STOP is not among them, because it ends the reading.
 */
export const opcodes: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  [
    0x80,
    {
      name: 'PROTO',
      run: ({ cursor }) => {
        const protocol = cursor.u8();
        if (protocol < 2 || protocol > 5) cursor.flaw('malformed', `is of protocol ${protocol}`);
      },
    },
  ],
  [
    0x95,
    {
      name: 'FRAME',
      // A hint for those who read ahead; what is in the frame is read as it comes.
      run: ({ cursor }) => void cursor.length64(),
    },
  ],

  [0x4e, { name: 'NONE', run: (machine) => machine.make(null) }],
  [0x88, { name: 'NEWTRUE', run: (machine) => machine.make(true) }],
  [0x89, { name: 'NEWFALSE', run: (machine) => machine.make(false) }],
  [0x4a, { name: 'BININT', run: (machine) => machine.make(machine.cursor.i32()) }],
  [0x4b, { name: 'BININT1', run: (machine) => machine.make(machine.cursor.u8()) }],
  [0x4d, { name: 'BININT2', run: (machine) => machine.make(machine.cursor.u16()) }],
  [0x8a, { name: 'LONG1', run: (machine) => makeInteger(machine, machine.cursor.u8()) }],
  [0x8b, { name: 'LONG4', run: (machine) => makeInteger(machine, machine.cursor.u32()) }],
  [
    0x47,
    {
      name: 'BINFLOAT',
      run: (machine) => machine.make({ kind: 'float', value: machine.cursor.f64() }),
    },
  ],

  [0x58, { name: 'BINUNICODE', run: (machine) => makeText(machine, machine.cursor.u32()) }],
  [0x8c, { name: 'SHORT_BINUNICODE', run: (machine) => makeText(machine, machine.cursor.u8()) }],
  [0x8d, { name: 'BINUNICODE8', run: (machine) => makeText(machine, machine.cursor.length64()) }],
  // Texts of Python 2.
  [0x54, { name: 'BINSTRING', run: (machine) => makeText(machine, machine.cursor.u32()) }],
  [0x55, { name: 'SHORT_BINSTRING', run: (machine) => makeText(machine, machine.cursor.u8()) }],
  [0x42, { name: 'BINBYTES', run: (machine) => makeBytes(machine, machine.cursor.u32()) }],
  [0x43, { name: 'SHORT_BINBYTES', run: (machine) => makeBytes(machine, machine.cursor.u8()) }],
  [0x8e, { name: 'BINBYTES8', run: (machine) => makeBytes(machine, machine.cursor.length64()) }],

  [0x28, { name: 'MARK', run: (machine) => machine.mark() }],
  [0x30, { name: 'POP', run: (machine) => void machine.pop() }],
  [0x31, { name: 'POP_MARK', run: (machine) => void machine.popMark() }],

  [0x29, { name: 'EMPTY_TUPLE', run: (machine) => makeTuple(machine, 0) }],
  [0x85, { name: 'TUPLE1', run: (machine) => makeTuple(machine, 1) }],
  [0x86, { name: 'TUPLE2', run: (machine) => makeTuple(machine, 2) }],
  [0x87, { name: 'TUPLE3', run: (machine) => makeTuple(machine, 3) }],
  [
    0x74,
    {
      name: 'TUPLE',
      run: (machine) => machine.make({ kind: 'tuple', items: machine.popMark() }),
    },
  ],
  [0x5d, { name: 'EMPTY_LIST', run: (machine) => machine.makeList() }],
  [0x61, { name: 'APPEND', run: (machine) => machine.append([machine.pop()]) }],
  [0x65, { name: 'APPENDS', run: (machine) => machine.append(machine.popMark()) }],
  [0x7d, { name: 'EMPTY_DICT', run: (machine) => machine.makeDict() }],
  [
    0x73,
    {
      name: 'SETITEM',
      run: (machine) => {
        const value = machine.pop();
        machine.setItems([machine.pop(), value]);
      },
    },
  ],
  [0x75, { name: 'SETITEMS', run: (machine) => machine.setItems(machine.popMark()) }],

  [0x71, { name: 'BINPUT', run: (machine) => machine.remember(machine.cursor.u8()) }],
  [0x72, { name: 'LONG_BINPUT', run: (machine) => machine.remember(machine.cursor.u32()) }],
  [0x94, { name: 'MEMOIZE', run: (machine) => machine.rememberNext() }],
  [0x68, { name: 'BINGET', run: (machine) => machine.recall(machine.cursor.u8()) }],
  [0x6a, { name: 'LONG_BINGET', run: (machine) => machine.recall(machine.cursor.u32()) }],

  [
    0x63,
    {
      name: 'GLOBAL',
      run: (machine) => {
        const module = machine.cursor.line();
        machine.global(module, machine.cursor.line());
      },
    },
  ],
  [
    0x93,
    {
      name: 'STACK_GLOBAL',
      run: (machine) => {
        const name = machine.pop();
        const module = machine.pop();
        if (typeof name === 'string' && typeof module === 'string') {
          return machine.global(module, name);
        }
        return machine.cursor.flaw('malformed', 'asks for a name that is no text');
      },
    },
  ],
  [
    0x52,
    {
      name: 'REDUCE',
      run: (machine) => {
        const args = machine.pop();
        machine.call(machine.pop(), args);
      },
    },
  ],
  [0x62, { name: 'BUILD', run: (machine) => machine.build() }],
  [0x51, { name: 'BINPERSID', run: (machine) => machine.persistent(machine.pop()) }],
]);

export const stop = 0x2e;

/** Instructions that are known and never run: they make objects, look names up elsewhere, or are of older protocols. */
export const refusedOpcodes: ReadonlyMap<number, string> = new Map([
  [0x32, 'DUP'],
  [0x46, 'FLOAT'],
  [0x49, 'INT'],
  [0x4c, 'LONG'],
  [0x50, 'PERSID'],
  [0x53, 'STRING'],
  [0x56, 'UNICODE'],
  [0x64, 'DICT'],
  [0x67, 'GET'],
  [0x69, 'INST'],
  [0x6c, 'LIST'],
  [0x6f, 'OBJ'],
  [0x70, 'PUT'],
  [0x81, 'NEWOBJ'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x8f, 'EMPTY_SET'],
  [0x90, 'ADDITEMS'],
  [0x91, 'FROZENSET'],
  [0x92, 'NEWOBJ_EX'],
  [0x96, 'BYTEARRAY8'],
  [0x97, 'NEXT_BUFFER'],
  [0x98, 'READONLY_BUFFER'],
]);

function makeInteger(machine: PickleMachine, length: number): void {
  machine.make(machine.cursor.integer(length));
}

function makeText(machine: PickleMachine, length: number): void {
  machine.make(machine.cursor.text(length));
}

function makeBytes(machine: PickleMachine, length: number): void {
  machine.make(machine.cursor.bytes(length));
}

function makeTuple(machine: PickleMachine, length: number): void {
  const items = Array.from({ length }, () => machine.pop()).reverse();
  machine.make({ kind: 'tuple', items });
}
