import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** The rooms of the house, and which of them each may enter. Imports point one way. */
const rooms = {
  grammar: [],
  engine: ['grammar'],
  server: ['grammar', 'engine'],
  client: ['grammar', 'engine', 'server'],
  webview: ['grammar', 'engine'],
  examples: ['grammar', 'engine'],
  scripts: ['grammar', 'engine', 'client', 'examples'],
  test: ['grammar', 'engine', 'server', 'client', 'webview', 'examples', 'scripts'],
};

const pureRooms = ['grammar/**/*.ts'];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      '.cache/**',
      '.dev/**',
      'node_modules/**',
      'test/fixtures/**',
      'test/artefacts/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { boundaries },
    settings: {
      'boundaries/elements': Object.keys(rooms).map((room) => ({
        type: room,
        pattern: `${room}/**`,
        partialMatch: false,
      })),
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        { selector: 'TSEnumDeclaration', message: 'A union of strings instead of an enum.' },
      ],
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(rooms).map(([room, may]) => ({
            from: { element: { type: room } },
            allow: { to: { element: { type: [room, ...may] } } },
          })),
        },
      ],
    },
  },
  {
    // The language is pure: no file system, no editor, no GPU.
    files: pureRooms,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(node:|vscode|webgpu)', message: 'grammar/ is pure.' }] },
      ],
    },
  },
  {
    // What decides bytes uses + - * / and Math.sqrt alone; the rest differs between engines.
    files: ['engine/{numeric,formula,program,methods,backends,measures,dense}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...[
          'pow',
          'exp',
          'log',
          'sin',
          'cos',
          'tan',
          'acos',
          'asin',
          'atan',
          'atan2',
          'tanh',
          'log2',
          'log10',
          'hypot',
          'cbrt',
          'expm1',
          'log1p',
          'sinh',
          'cosh',
        ].map((property) => ({
          object: 'Math',
          property,
          message: 'Use engine/numeric: Math differs between engines.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        { selector: "BinaryExpression[operator='**']", message: '** differs between engines.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '*.config.ts', '*.config.mjs'],
    rules: { '@typescript-eslint/no-floating-promises': 'off', 'no-restricted-syntax': 'off' },
  },
);
