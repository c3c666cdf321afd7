/** What the command line makes of imports, allowances and measured findings. */
import { expect, test } from 'vitest';
import { workspace } from '../kit/workspace.ts';

const models = `model base = "./base"
model math = "./math"
model code = "./code"
`;
const values = `let gentle: ties = { density: 50%, weight: 0.8 }
layers first = 0..0
`;

function digestIn(out: string): string | undefined {
  return /weights ([0-9a-f]{64})/.exec(out)?.[1];
}

test('a recipe in pieces gives the bytes of the whole one', async () => {
  using folder = workspace({
    'whole.merge': `${models}${values}merge m = ties(base, [math, code], ...gentle) {
  at first { weight.math = 1 }
}
output m to "./out/whole"
`,
    'team.merge': models + values,
    'pieces.merge': `use "./team.merge" as team
merge m = ties(team.base, [team.math, team.code], ...team.gentle) {
  at team.first { weight.team.math = 1 }
}
output m to "./out/pieces"
`,
  });
  const whole = await folder.run(['run', 'whole.merge', '--backend', 'wasm']);
  const pieces = await folder.run(['run', 'pieces.merge', '--backend', 'wasm']);
  expect([whole.err, pieces.err]).toEqual(['', '']);
  expect(digestIn(whole.out)).toMatch(/^[0-9a-f]{64}$/);
  expect(digestIn(pieces.out)).toBe(digestIn(whole.out));
});

test('explain names the file a value stands in', async () => {
  using folder = workspace({
    'team.merge': models + values,
    'r.merge': 'use "./team.merge"\nmerge m = ties(base, [math, code], ...gentle)\n',
  });
  const tensor = 'model.layers.1.mlp.up_proj.weight';
  const { out } = await folder.run(['explain', 'r.merge', '--tensor', tensor]);
  expect(out).toContain('line 4 of team.merge');
});

test('an option allows a warning', async () => {
  const text = `${models}merge m = linear([math, code], normalize: false)\n`;
  using folder = workspace({ 'loud.merge': text });
  expect((await folder.run(['check', 'loud.merge'])).err).toContain('MW3101');
  expect((await folder.run(['check', 'loud.merge', '--allow', 'MW3101'])).err).toBe('');
  expect((await folder.run(['check', 'loud.merge', '--allow', 'loud'])).code).toBe(2);
});

test('a preview says what its figures tell, unless a comment allows it', async () => {
  const twice = `model base = "./base"
model math = "./math"
merge copy = 1 * math
merge m = ties(base, [copy, math])`;
  using folder = workspace({
    'same.merge': `model again = "./base"\n${twice.replace('[copy, math]', '[again, math]')}\n`,
    'allowed.merge': `model again = "./base"\n${twice.replace('[copy, math]', '[again, math]')}  // allow MW5103: a test\n`,
  });
  const told = await folder.run(['preview', 'same.merge', '--step', 'm', '--exact']);
  expect(told.err).toContain('MW5103: `again` differs from `base` nowhere.');
  const quiet = await folder.run(['preview', 'allowed.merge', '--step', 'm', '--exact']);
  expect(quiet.err).not.toContain('MW5103');
});
