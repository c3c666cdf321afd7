/** The house's borders are no agreement: a text that crosses one does not pass the lint. */
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const eslint = new ESLint({ cwd: root });

/** Rules that a text breaks where an existing file stands; types are known for those alone. */
async function broken(text: string, file: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath: `${root}${file}` });
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
}

const files = {
  grammar: 'grammar/catalogue.ts',
  engine: 'engine/version.ts',
  client: 'client/cli/exit.ts',
  examples: 'examples/digits/evaluate.ts',
} as const;

type Room = keyof typeof files;

const crossing = (from: Room, to: Room): string =>
  `import '${'../'.repeat(files[from].split('/').length - 1)}${files[to]}';\n`;

describe('imports point one way', () => {
  test.each<readonly [Room, Room]>([
    ['grammar', 'engine'],
    ['grammar', 'client'],
    ['engine', 'client'],
    ['engine', 'examples'],
    ['client', 'examples'],
    ['examples', 'client'],
  ])('%s may not enter %s', async (from, to) => {
    expect(await broken(crossing(from, to), files[from])).toEqual(['boundaries/dependencies']);
  });

  test.each<readonly [Room, Room]>([
    ['engine', 'grammar'],
    ['client', 'engine'],
    ['client', 'grammar'],
    ['examples', 'engine'],
  ])('%s may enter %s', async (from, to) => {
    expect(await broken(crossing(from, to), files[from])).toEqual([]);
  });
});

test.each(['node:fs', 'vscode', 'webgpu'])('the grammar does not import %s', async (module) => {
  expect(await broken(`import '${module}';\n`, files.grammar)).toEqual(['no-restricted-imports']);
});

describe('what decides bytes', () => {
  test.each(['numeric/sums', 'formula/derived', 'program/settle', 'methods/arithmetic'])(
    'engine/%s uses no function that differs between engines',
    async (name) => {
      const file = `engine/${name}.ts`;
      expect(await broken('export const x = Math.pow(2, 0.5);\n', file)).toEqual([
        'no-restricted-properties',
      ]);
      expect(await broken('export const x = Math.exp(2);\n', file)).toEqual([
        'no-restricted-properties',
      ]);
      expect(await broken('export const x = Math.E ** 0.5;\n', file)).toEqual([
        'no-restricted-syntax',
      ]);
      expect(await broken('export const x = Math.sqrt(2);\n', file)).toEqual([]);
    },
  );
});

test.each([
  ['any', 'export const x: any = 1;\n', '@typescript-eslint/no-explicit-any'],
  ['default exports', 'export default 1;\n', 'no-restricted-syntax'],
  ['enums', 'export enum Colour {\n  red,\n}\n', 'no-restricted-syntax'],
])('no %s', async (_, text, rule) => {
  expect(await broken(text, files.engine)).toContain(rule);
});
