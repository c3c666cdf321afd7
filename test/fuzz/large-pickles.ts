/** Pickles of one thing many times: what takes a reader long, or makes it large, shows in these. */

export interface LargePickle {
  readonly title: string;
  readonly make: (bytes: number) => Uint8Array;
}

/** Some code once, other code until the bytes are full, and a STOP. */
function filled(first: string, unit: string): (bytes: number) => Uint8Array {
  return (bytes) => {
    const start = Buffer.from(`\x80\x02${first}`, 'latin1');
    return Buffer.concat([
      start,
      Buffer.alloc(bytes - start.length - 1, unit, 'latin1'),
      Buffer.from('.'),
    ]);
  };
}

const dict = 'ccollections\nOrderedDict\n';

export const largePickles: readonly LargePickle[] = [
  { title: 'nested lists', make: filled(']', ']a') },
  { title: 'open lists', make: filled('', ']') },
  { title: 'marks', make: filled('', '(') },
  { title: 'tuples in tuples', make: filled('N', '\x85') },
  { title: 'lists thrown away', make: filled('', ']0') },
  { title: 'dicts thrown away', make: filled('', '}0') },
  { title: 'bytes thrown away', make: filled('', 'C\x000') },
  { title: 'names thrown away', make: filled('', `${dict}0`) },
  { title: 'places in the memo', make: filled('N', '\x94') },
  { title: 'one list in itself', make: filled(']q\0', 'h\0a') },
  { title: 'one value in a list', make: filled(']q\0', 'Na') },
  { title: 'one key in a dict', make: filled('}q\0', 'NNs') },
  {
    title: 'dicts of one list of pairs',
    make: filled(`]q\0(${'NN\x86'.repeat(999)}e${dict}q\x01`, '0h\x01h\0\x85R'),
  },
  { title: 'a list in a list, doubled', make: filled(']q\0', ']q\0(h\0h\0e') },
  { title: 'storages', make: filled('N', 'Q') },
  { title: 'calls', make: filled('', 'ctorch\nSize\n)R0') },
  { title: 'frames', make: filled('N', '\x95\xff\xff\xff\xff\xff\xff\xff\x7f') },
  { title: 'long integers', make: filled('', `\x8a\xff${'\x7f'.repeat(255)}0`) },
  { title: 'a text longer than the file', make: filled('X\xff\xff\xff\xff', 'a') },
  { title: 'a text of all the file', make: filled('\x8d\0\0\0\x7f\0\0\0\0', 'a') },
  { title: 'a name without end', make: filled('c', 'a') },
  { title: 'zeros', make: filled('', '\0') },
];
