/** What is told of broken text, and what is read of it all the same. */
import { describe, expect, test } from 'vitest';
import { SYNTAX_KINDS } from '../diagnostics/syntax.ts';
import { parse } from './parse.ts';
import { mended, told } from './test-kit.ts';

describe('Read, and given a fix', () => {
  test('a colon for `=` in a declaration', () => {
    expect(told('model base: "x"')).toMatchInlineSnapshot(`
      "model base⟦:⟧ "x"
      MW1008 \`=\` sets a value; \`:\` does not.
      fix: Write =
      → model base = "x""
    `);
  });

  test('a colon for `=` in a setting', () => {
    expect(told('output m to "./o" { dtype: bf16 }')).toMatchInlineSnapshot(`
      "output m to "./o" { dtype⟦:⟧ bf16 }
      MW1008 \`=\` sets a value; \`:\` does not.
      fix: Write =
      → output m to "./o"
        dtype = bf16"
    `);
  });

  test('`=` for a colon in a call', () => {
    expect(told('merge m = ties(base, [a], density = 20%)')).toMatchInlineSnapshot(`
      "merge m = ties(base, [a], density ⟦=⟧ 20%)
      MW1008 \`density: …\` hands a value over; \`=\` sets one.
      fix: Write :
      → merge m = ties(base, [a], density: 0.2)"
    `);
  });

  test('`=` for a colon in a map', () => {
    expect(told('let gentle = { density = 20%, scale: 1 }')).toMatchInlineSnapshot(`
      "let gentle = { density ⟦=⟧ 20%, scale: 1 }
      MW1008 \`density: …\` hands a value over; \`=\` sets one.
      fix: Write :
      → let gentle = {density: 0.2, scale: 1}"
    `);
  });

  test('a value where a type would stand', () => {
    expect(told('param keep: 0.5')).toMatchInlineSnapshot(`
      "param keep⟦:⟧ 0.5
      MW1008 \`=\` sets a value; \`:\` does not.
      fix: Write =
      → param keep = 0.5"
    `);
  });

  test('single quotes', () => {
    expect(told(`model base = './it\\'s "x"'`)).toMatchInlineSnapshot(`
      "model base = ⟦'./it\\'s "x"'⟧
      MW1011 Text stands in double quotes.
      fix: Write double quotes
      → model base = "./it's \\"x\\"""
    `);
  });

  test('typographic quotes', () => {
    expect(told('model base = “./base”')).toMatchInlineSnapshot(`
      "model base = ⟦“./base”⟧
      MW1011 Text stands in double quotes.
      fix: Write double quotes
      → model base = "./base""
    `);
  });

  test('a rule inside a rule', () => {
    expect(
      told(`merge m = f(a) {
  at early | late { at attention { t = 1 } }
}`),
    ).toMatchInlineSnapshot(`
      "merge m = f(a) {
        at early | late { ⟦at attention⟧ { t = 1 } }
      }
      MW1009 A rule within a rule is written \`at (early | late) & attention\`.
      fix: Write at (early | late) & attention
      → merge m = f(a)
        at (early | late) {}
        at ((early | late) & attention) {t = 1}"
    `);
  });

  test("settings straight in a merge's braces", () => {
    expect(
      told(`merge m = f(a, b) {
  t = 0.5
  at head { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a, b) {
    ⟦t = 0.5⟧
    at head { t = 1 }
  }
  MW1010 A setting stands in the call or in a rule, not beside the rules.
  fix: Move into the call
  fix: Write at all { … }
  → merge m = f(a, b, t: 0.5)
    at head {t = 1}"
`);
  });

  test("a part's setting, which is no argument", () => {
    expect(told('merge m = f(a, b) { weight.a = 0.5 }')).toMatchInlineSnapshot(`
      "merge m = f(a, b) { ⟦weight.a = 0.5⟧ }
      MW1010 A setting stands in the call or in a rule, not beside the rules.
      fix: Write at all { … }
      → merge m = f(a, b)
        at □ {weight.a = 0.5}"
    `);
  });

  test('`use` for `take`', () => {
    expect(
      told(`merge m = f(a) {
  at head { use b }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at head { ⟦use⟧ b }
  }
  MW1019 A rule takes a tensor with \`take\`; \`use\` imports a recipe.
  fix: Write take
  → merge m = f(a)
    at head {take b}"
`);
  });

  test('`tensors` before a pattern', () => {
    expect(
      told(`merge m = f(a) {
  at tensors "*.a" { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at ⟦tensors⟧ "*.a" { t = 1 }
  }
  MW1019 Text in a place is a pattern of tensor names by itself.
  fix: Leave out tensors
  → merge m = f(a)
    at "*.a" {t = 1}"
`);
  });

  test('a comma in a place', () => {
    expect(
      told(`merge m = f(a) {
  at layers 24..27, attention { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at layers 24..27⟦,⟧ attention { t = 1 }
  }
  MW1001 \`,\` is not expected here.
  fix: Write &
  → merge m = f(a)
    at layers 24..27 {t = 1}"
`);
  });

  test('an unknown escape', () => {
    expect(told('model base = "G:\\Models\\new"')).toMatchInlineSnapshot(`
      "model base = "G:⟦\\M⟧odels\\new"
      MW1013 \`\\M\` is no escape; in a path write \`/\`.
      fix: Write / for every \\
      → model base = "G:/Models/new""
    `);
  });

  test('a bare point', () => {
    expect(told('let half = .5')).toMatchInlineSnapshot(`
      "let half = ⟦.5⟧
      MW1014 A number has a digit on both sides of its point: \`0.5\`.
      fix: Write 0.5
      → let half = 0.5"
    `);
  });

  test('a blank before the sign', () => {
    expect(told('let keep = 40 %')).toMatchInlineSnapshot(`
      "let keep = ⟦40 %⟧
      MW1021 A percentage has no blank before its sign: \`40%\`.
      fix: Write 40%
      → let keep = 0.4"
    `);
  });

  test('a unit in other letters', () => {
    expect(told('output m to "./o" { shards = 5 gb }')).toMatchInlineSnapshot(`
      "output m to "./o" { shards = 5 ⟦gb⟧ }
      MW1001 \`gb\` is no unit; \`GB\` is.
      fix: Write GB
      → output m to "./o"
        shards = 5"
    `);
  });

  test('a misspelt statement', () => {
    expect(
      told(`model a = "x"
modle b = "y"`),
    ).toMatchInlineSnapshot(`
  "model a = "x"
  ⟦modle⟧ b = "y"
  MW1018 \`modle\` opens no statement; \`model\` does.
  fix: Write model
  → model a = "x"
  → model b = "y""
`);
  });

  test('a comment of another language', () => {
    expect(
      told(`# base
model a = "x"`),
    ).toMatchInlineSnapshot(`
  "⟦#⟧ base
  model a = "x"
  MW1020 A comment opens with \`//\`.
  fix: Write //
  → model a = "x""
`);
  });

  test('a path without quotes', () => {
    expect(told('model base = ./models/base')).toMatchInlineSnapshot(`
      "model base = ⟦./models/base⟧
      MW1002 A path stands in double quotes.
      fix: Write double quotes
      → model base = □"
    `);
  });

  test('a folder without quotes', () => {
    expect(told('output m to ./out { card = true }')).toMatchInlineSnapshot(`
      "output m to ⟦./out⟧ { card = true }
      MW1002 A folder stands in double quotes.
      fix: Write double quotes
      → output m to □
        card = true"
    `);
  });
});

describe('What is missing stays absent', () => {
  test('a name', () => {
    expect(told('model = "x"')).toMatchInlineSnapshot(`
      "model⟦⟧ = "x"
      MW1003 The model has no name.
      → model □ = "x""
    `);
  });

  test('a word of the language is no name', () => {
    expect(told('model step = "x"')).toMatchInlineSnapshot(`
      "model ⟦step⟧ = "x"
      MW1004 \`step\` is a word of the language, so nothing can be called that.
      → model □ = "x""
    `);
  });

  test('nor is a statement word', () => {
    expect(told('model merge = "x"')).toMatchInlineSnapshot(`
      "model ⟦merge⟧ = "x"
      MW1004 \`merge\` is a word of the language, so nothing can be called that.
      → model □ = "x""
    `);
  });

  test('nor a value', () => {
    expect(told('let x = [a, step]')).toMatchInlineSnapshot(`
      "let x = [a, ⟦step⟧]
      MW1004 \`step\` is a word of the language, so nothing can be called that.
      → let x = [a]"
    `);
  });

  test('a value', () => {
    expect(told('model base =')).toMatchInlineSnapshot(`
      "model base =⟦⟧
      MW1002 A value is missing after \`=\`.
      → model base = □"
    `);
  });

  test('a value behind an operator', () => {
    expect(
      told(`let x = a +
let y = 3`),
    ).toMatchInlineSnapshot(`
  "let x = a +⟦⟧
  let y = 3
  MW1002 A value is missing after \`+\`.
  → let x = (a + □)
  → let y = 3"
`);
  });

  test('a value before `in`', () => {
    expect(told('param keep = in 0..1')).toMatchInlineSnapshot(`
      "param keep =⟦⟧ in 0..1
      MW1002 A value is missing after \`=\`.
      → param keep = □ in 0..1"
    `);
  });

  test('an item between commas', () => {
    expect(told('let x = [a, , b]')).toMatchInlineSnapshot(`
      "let x = [a,⟦⟧ , b]
      MW1002 A value is missing between two commas.
      → let x = [a, □, b]"
    `);
  });

  test('a sign', () => {
    expect(told('model base "x"')).toMatchInlineSnapshot(`
      "model base⟦⟧ "x"
      MW1007 A \`=\` is missing after \`base\`.
      fix: Insert =
      → model base = "x""
    `);
  });

  test('a sign and a value', () => {
    expect(told('param keep: Ratio')).toMatchInlineSnapshot(`
      "param keep: Ratio⟦⟧
      MW1007 A \`=\` is missing after \`Ratio\`.
      fix: Insert =
      → param keep: Ratio = □"
    `);
  });

  test('an entry’s value', () => {
    expect(told('let x = { a, b: 1 }')).toMatchInlineSnapshot(`
      "let x = { a⟦⟧, b: 1 }
      MW1007 A \`:\` and a value are missing after \`a\`.
      → let x = {a: □, b: 1}"
    `);
  });

  test('a part behind a dot', () => {
    expect(
      told(`merge m = f(a) {
  at early { weight.
  t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early { weight.⟦⟧
    t = 1 }
  }
  MW1003 A name is missing after \`.\`.
  → merge m = f(a)
    at early {weight = □, t = 1}"
`);
  });

  test('a setting that is being written', () => {
    expect(
      told(`merge m = f(a) {
  at early { wei }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early { wei⟦⟧ }
  }
  MW1007 A \`=\` is missing after \`wei\`.
  fix: Insert =
  → merge m = f(a)
    at early {wei = □}"
`);
  });

  test('`to` and the folder', () => {
    expect(told('output final { dtype = bf16 }')).toMatchInlineSnapshot(`
      "output final⟦⟧ { dtype = bf16 }
      MW1007 A \`to\` with a folder is missing after \`final\`.
      → output final to □
        dtype = bf16"
    `);
  });

  test('a place', () => {
    expect(
      told(`merge m = f(a) {
  at { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at⟦⟧ { t = 1 }
  }
  MW1002 A place is missing after \`at\`.
  → merge m = f(a)
    at □ {t = 1}"
`);
  });

  test('the body of a rule', () => {
    expect(
      told(`merge m = f(a) {
  at early
  at late { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early⟦⟧
    at late { t = 1 }
  }
  MW1007 A \`{\` is missing after \`early\`.
  fix: Insert {
  → merge m = f(a)
    at early {}
    at late {t = 1}"
`);
  });

  test('a condition', () => {
    expect(told('expect')).toMatchInlineSnapshot(`
      "expect⟦⟧
      MW1002 A value is missing after \`expect\`.
      → expect □"
    `);
  });
});

describe('Brackets are closed where their statement goes on', () => {
  test('at the next statement', () => {
    expect(
      told(`merge m = ties(base, [a, b
model c = "x"`),
    ).toMatchInlineSnapshot(`
  "merge m = ties(base, [a, b⟦⟧
  model c = "x"
  MW1005 A \`]\` is missing after \`b\`.
  fix: Insert ]
  → merge m = ties(base, [a, b])
  → model c = "x""
`);
  });

  test('at an outer bracket', () => {
    expect(told('merge m = ties(base, [a, b)')).toMatchInlineSnapshot(`
      "merge m = ties(base, [a, b⟦⟧)
      MW1005 A \`]\` is missing after \`b\`.
      fix: Insert ]
      → merge m = ties(base, [a, b])"
    `);
  });

  test('at the rules below a broken head', () => {
    expect(
      told(`merge m = ties(base, [a, b {
  at early { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = ties(base, [a, b⟦⟧ {
    at early { t = 1 }
  }
  MW1005 A \`]\` is missing after \`b\`.
  fix: Insert ]
  → merge m = ties(base, [a, b])
    at early {t = 1}"
`);
  });

  test('at the rules below a last comma', () => {
    expect(
      told(`merge m = ties(base,
  density: 3,
  at early { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = ties(base,
    density: 3⟦⟧,
    at early { t = 1 }
  }
  MW1005 A \`)\` is missing after \`3\`.
  fix: Insert )
  → merge m = ties(base, density: 3)
    at early {t = 1}"
`);
  });

  test('at a setting that begins a line', () => {
    expect(
      told(`output m to "./o" {
  tokenizer = union([a, b]
  card = true
}`),
    ).toMatchInlineSnapshot(`
  "output m to "./o" {
    tokenizer = union([a, b]⟦⟧
    card = true
  }
  MW1005 A \`)\` is missing after \`]\`.
  fix: Insert )
  → output m to "./o"
    tokenizer = union([a, b])
    card = true"
`);
  });

  test('but an argument that begins a line is one', () => {
    expect(
      told(`merge m = f(a) {
  at early {
    t = curve(
      0,
      ease = smooth,
    )
  }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early {
      t = curve(
        0,
        ease ⟦=⟧ smooth,
      )
    }
  }
  MW1008 \`ease: …\` hands a value over; \`=\` sets one.
  fix: Write :
  → merge m = f(a)
    at early {t = curve(0, ease: smooth)}"
`);
  });

  test('at the next rule', () => {
    expect(
      told(`merge m = f(a) {
  at early { t = 1
  at late { t = 2 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early { t = 1⟦⟧
    at late { t = 2 }
  }
  MW1005 A \`}\` is missing after \`1\`.
  fix: Insert }
  → merge m = f(a)
    at early {t = 1}
    at late {t = 2}"
`);
  });

  test('and a brace too many does not end the rules', () => {
    expect(
      told(`merge m = f(a) {
  at early { t = 1 } }
  at late { t = 2 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early { t = 1 } ⟦}⟧
    at late { t = 2 }
  }
  MW1001 \`}\` is not expected here.
  → merge m = f(a)
    at early {t = 1}
    at late {t = 2}"
`);
  });

  test('a brace left open surprises no later statement', () => {
    expect(
      told(`merge m = f(a) {
  at early { t = 1
model b = "x"
} }
model c = "y"`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early { t = 1⟦⟧
  model b = "x"
  } }
  model c = "y"
  MW1005 A \`}\` is missing after \`1\`.
  fix: Insert }
  → merge m = f(a)
    at early {t = 1}
  → model b = "x"
  → model c = "y""
`);
  });

  test('rules without their brace', () => {
    expect(
      told(`merge m = f(a)
  at early { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a)⟦⟧
    at early { t = 1 }
  }
  MW1007 A \`{\` is missing after \`)\`.
  fix: Insert {
  → merge m = f(a)
    at early {t = 1}"
`);
  });
});

describe('Stray text is left out', () => {
  test('behind a statement', () => {
    expect(
      told(`model base = "x" "y"
model b = "z"`),
    ).toMatchInlineSnapshot(`
  "model base = "x" ⟦"y"⟧
  model b = "z"
  MW1001 \`"y"\` is not expected here.
  → model base = "x"
  → model b = "z""
`);
  });

  test('before the first statement', () => {
    expect(
      told(`foo bar
model b = "z"`),
    ).toMatchInlineSnapshot(`
  "⟦foo⟧ bar
  model b = "z"
  MW1001 \`foo\` opens no statement.
  → model b = "z""
`);
  });

  test('between a head and its rules', () => {
    expect(
      told(`merge m = f(a) b {
  at early { t = 1 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) ⟦b⟧ {
    at early { t = 1 }
  }
  MW1001 \`b\` is not expected here.
  → merge m = f(a)
    at early {t = 1}"
`);
  });

  test('in a list', () => {
    expect(told('let x = [a, = b]')).toMatchInlineSnapshot(`
      "let x = [a, ⟦=⟧ b]
      MW1001 \`=\` is not expected here.
      → let x = [a, b]"
    `);
  });

  test('in a rule', () => {
    expect(
      told(`merge m = f(a) {
  at early { t = 1 ) ; u = 2 }
}`),
    ).toMatchInlineSnapshot(`
  "merge m = f(a) {
    at early { t = 1 ⟦)⟧ ; u = 2 }
  }
  MW1001 \`)\` is not expected here.
  → merge m = f(a)
    at early {t = 1, u = 2}"
`);
  });

  test('a second comparison', () => {
    expect(told('expect a < b < c')).toMatchInlineSnapshot(`
      "expect a < b ⟦<⟧ c
      MW1001 \`<\` is not expected here.
      → expect (a < b)"
    `);
  });

  test('`layers` within a sum', () => {
    expect(told('tensors t = a | b + layers 0..7')).toMatchInlineSnapshot(`
      "tensors t = a | b + ⟦layers⟧ 0..7
      MW1001 \`layers\` stands before a whole range: put parentheses round it.
      → tensors t = (a | (b + 0)..7)"
    `);
  });
});

describe('One slip a statement, the first', () => {
  test('of several in one', () => {
    expect(
      told(`merge m = ties(base, [a b], density = 20%)
model b = 'x'`),
    ).toMatchInlineSnapshot(`
      "merge m = ties(base, [a⟦⟧ b], density = 20%)
      model b = 'x'
      MW1006 A comma is missing before \`b\`.
      fix: Insert a comma
      merge m = ties(base, [a b], density = 20%)
      model b = ⟦'x'⟧
      MW1011 Text stands in double quotes.
      fix: Write double quotes
      → merge m = ties(base, [a, b], density: 0.2)
      → model b = "x""
    `);
  });
});

describe('a fix mends what it is given for', () => {
  const slips = [
    'model base: "x"',
    'output m to "./o" { dtype: bf16 }',
    'merge m = ties(base, [a], density = 20%)',
    'let gentle = { density = 20%, scale: 1 }',
    'param keep: 0.5',
    `model base = './it\\'s "x"'`,
    'model base = “./base”',
    `merge m = f(a) {
  at early | late { at attention { t = 1 } }
}`,
    `merge m = f(a, b) {
  t = 0.5
  at head { t = 1 }
}`,
    'merge m = f(a, b) { weight.a = 0.5 }',
    `merge m = f(a) {
  at head { use b }
}`,
    `merge m = f(a) {
  at tensors "*.a" { t = 1 }
}`,
    `merge m = f(a) {
  at layers 24..27, attention { t = 1 }
}`,
    'model base = "G:\\Models\\new"',
    'let half = .5',
    'let keep = 40 %',
    'output m to "./o" { shards = 5 gb }',
    `model a = "x"
modle b = "y"`,
    `# base
model a = "x"`,
    'model base = ./models/base',
    'output m to ./out { card = true }',
    'merge m = f(a, [b c])',
    'let x = f(a',
    'output m "./o"',
    'model base "x"',
  ];
  test.each(slips)('%s', (text) => {
    const [slip] = parse(text).diagnostics;
    if (slip?.fixes === undefined) throw new Error('A slip with a fix was expected.');
    const after = parse(mended(text, slip)).diagnostics;
    expect(after.filter(({ code, start }) => code === slip.code && start <= slip.start)).toEqual(
      [],
    );
  });
});

describe('every kind of syntax error is what its page shows', () => {
  test.each(SYNTAX_KINDS.map((kind) => [kind.code, kind] as const))('%s', (code, kind) => {
    expect(parse(kind.wrong).diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(parse(kind.right).diagnostics).toEqual([]);
    expect(kind.code.startsWith('MW1')).toBe(true);
  });

  test('a code is used once', () => {
    expect(new Set(SYNTAX_KINDS.map((kind) => kind.code)).size).toBe(SYNTAX_KINDS.length);
  });
});
