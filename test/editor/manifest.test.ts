import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly contributes: {
    readonly languages: readonly {
      readonly configuration: string;
      readonly icon: { readonly light: string; readonly dark: string };
    }[];
    readonly grammars: readonly { readonly path: string }[];
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: { readonly markdown: string } }[];
    }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when?: string }[]>
    >;
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac?: string;
    }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope: string }>>;
    };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Manifest;
const { contributes } = manifest;
const commands = new Set(contributes.commands.map(({ command }) => command));

test('every file that the manifest names is there', () => {
  const [language] = contributes.languages;
  const files = [
    manifest.icon,
    language!.configuration,
    language!.icon.light,
    language!.icon.dark,
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
  ];
  for (const file of files) expect(existsSync(root + file), file).toBe(true);
});

test('menus and keys name commands that there are', () => {
  const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
  for (const { command } of named) expect(commands, command).toContain(command);
});

test('every command and setting has the same prefix', () => {
  const ids = [...commands, ...Object.keys(contributes.configuration.properties)];
  for (const id of ids) expect(id).toMatch(/^mergewright\.[a-z]/i);
});

test('a key with Ctrl has its twin with Cmd', () => {
  for (const { key, mac } of contributes.keybindings)
    if (key.includes('ctrl')) expect(mac).toBe(key.replaceAll('ctrl', 'cmd'));
});

test('what an untrusted folder may not say is what decides which program runs, and how', () => {
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  for (const name of ['nodePath', 'backend', 'memory', 'threads'])
    expect(restrictedConfigurations).toContain(`mergewright.${name}`);
  expect(contributes.configuration.properties['mergewright.nodePath']!.scope).toBe('machine');
});

test('the oldest VS Code has a Node that runs the engine', () => {
  // Node 22 came with 1.101.
  expect(manifest.engines.vscode).toBe('^1.101.0');
});
