import { describe, expect, test } from 'vitest';
import { recipes } from '../syntax/test-kit.ts';
import { format } from './format.ts';

/** Formats to the expectation, and the expectation to itself. */
function check(text: string, expected: string): void {
  expect(format(text)).toBe(expected);
  expect(format(expected)).toBe(expected);
}

describe('real recipes in normal form stay as they are', () => {
  test.each([...recipes])('%s', (_name, text) => expect(format(text)).toBe(text));
});

test('one statement a line, one blank between words, at most one empty line', () => {
  check(
    '\n\n  model   a="./a"   model b=\n"./b"\n\n\n\nlet x=-a  [ 0 .. 3 ]*( b+2 )\n\n',
    'model a = "./a"\nmodel b = "./b"\n\nlet x = -a[0..3] * (b + 2)\n',
  );
});

test('order, numbers, texts and parentheses stay as written', () => {
  const text =
    'let x = ((0.50)) + 1e-9 * 007\noutput m to ".\\/o" { shards = 5GB, wait = 20 min }\n';
  check(text, text);
});

describe('brackets', () => {
  test('stay on one line if they fit, without a last comma', () => {
    check('let x = f(a, b: [1, 2,], c: {d: 1,},)', 'let x = f(a, b: [1, 2], c: { d: 1 })\n');
    check('let x = f( )\nlet y = [ ]\nlet z = { }', 'let x = f()\nlet y = []\nlet z = {}\n');
  });

  test('stay broken if their author broke them behind the bracket', () => {
    check('let x = f(\na, b, c: 1)', 'let x = f(\n  a, b,\n  c: 1,\n)\n');
    check('let x = f(a,\nb, c: 1\n)', 'let x = f(a, b, c: 1)\n');
  });

  test('break where they do not fit: inputs on one line, then one argument a line', () => {
    check(
      'merge m = task_arithmetic(base_model, [first_expert, second_expert, third_expert], weight: [1, 2, 3], scale: 2)',
      `merge m = task_arithmetic(
  base_model, [first_expert, second_expert, third_expert],
  weight: [1, 2, 3],
  scale: 2,
)
`,
    );
  });

  test('have one input a line if one is broken itself', () => {
    check(
      'merge m = f(base, [\na { weight: 1 }, b], scale: 2)',
      'merge m = f(\n  base,\n  [\n    a { weight: 1 },\n    b,\n  ],\n  scale: 2,\n)\n',
    );
  });

  test('fill long rows of numbers', () => {
    const numbers = Array.from({ length: 25 }, (_, index) => `0.${index + 10}`).join(', ');
    check(
      `let line = curve(${numbers}, ease: smooth)`,
      `let line = curve(
  0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.20, 0.21, 0.22, 0.23, 0.24, 0.25,
  0.26, 0.27, 0.28, 0.29, 0.30, 0.31, 0.32, 0.33, 0.34,
  ease: smooth,
)
`,
    );
  });

  test('of a sum break from the left, as many as have to', () => {
    const term = (name: string) => `0.5 * task_arithmetic(${name}_base, [${name}_expert_one])`;
    check(
      `merge m = ${term('first')} + ${term('second')}`,
      `merge m = 0.5 * task_arithmetic(
  first_base, [first_expert_one],
) + ${term('second')}
`,
    );
  });
});

describe('braces of settings', () => {
  test('stay on one line if they were, with commas', () => {
    check(
      'output m to "./o" {dtype=bf16 card=true}\nmerge n = f(a) {at all {t=1}}',
      'output m to "./o" { dtype = bf16, card = true }\nmerge n = f(a) { at all { t = 1 } }\n',
    );
  });

  test('else have one setting a line, without commas', () => {
    check(
      'output m to "./o" {\ndtype=bf16, card=true}\nmerge n = f(a) {at all {\nt=1}}',
      `output m to "./o" {
  dtype = bf16
  card = true
}
merge n = f(a) {
  at all {
    t = 1
  }
}
`,
    );
  });

  test('of neighbouring rules on one line stand in one column', () => {
    check(
      `merge m = f(a) {
  at all { t = 1 }
  at attention | mlp { t = 2 }

  at head {
    t = 3 }
  at embeddings { take a }
  // between
  at norms {}
}
`,
      `merge m = f(a) {
  at all             { t = 1 }
  at attention | mlp { t = 2 }

  at head {
    t = 3
  }
  at embeddings { take a }
  // between
  at norms {}
}
`,
    );
  });
});

describe('comments', () => {
  test('behind lines with no empty line between stand in one column', () => {
    check(
      'model a = "./a" // one\nmodel longer = "./b"\nmodel cc = "./c"   // two\n\nlet x = 1 // three',
      'model a = "./a"   // one\nmodel longer = "./b"\nmodel cc = "./c"  // two\n\nlet x = 1  // three\n',
    );
  });

  test('have their place among arguments, rules and settings', () => {
    check(
      `merge m = f(a, // base
  // the experts
  [b,
   c]) { // rules
 // first
 at all { t = 1 // why
 }
 // last
}
// end`,
      `merge m = f(
  a,       // base
  // the experts
  [b, c],
) {        // rules
  // first
  at all {
    t = 1  // why
  }
  // last
}
// end
`,
    );
  });

  test('in other places keep their statement as it was written', () => {
    check(
      'merge  m = base + // why\n      0.5 * (a - b)   // because\nlet  x = 1',
      'merge  m = base + // why\n      0.5 * (a - b)  // because\nlet x = 1\n',
    );
  });

  test('that document stay right above what they document', () => {
    check(
      '/// File.\n\n\n/// A.\nmodel a="x"\n///B.\n\n\nmodel b = "y"',
      '/// File.\n\n/// A.\nmodel a = "x"\n///B.\n\nmodel b = "y"\n',
    );
  });
});

test('a text with a syntax error is returned as it is', () => {
  const text = 'model   a = "x"\nmodel  b = \n';
  expect(format(text)).toBe(text);
});

test('line ends stay of one kind, that of the first', () => {
  expect(format('let x=1\r\n\r\n\r\nlet y = f(\n// c\n1)')).toBe(
    'let x = 1\r\n\r\nlet y = f(\r\n  // c\r\n  1,\r\n)\r\n',
  );
  expect(format('')).toBe('');
  expect(format(' \n\n')).toBe('');
});
