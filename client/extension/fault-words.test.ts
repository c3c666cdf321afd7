import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { faultKinds } from '../../engine/faults/registry.ts';
import { panelFault, translatedCodes } from './fault-words.ts';

const engine = fileURLToPath(new URL('../../engine', import.meta.url));
/** Options of our command line; another program's may stand in a help. */
const ours = /--(out|overwrite|memory|step|only|backend|allow-nonfinite|threads)\b/;

/** The kinds of faults whose help, somewhere in the engine, names one of our options. */
function kindsOfOptions(): readonly string[] {
  const names = new Set<string>();
  for (const file of readdirSync(engine, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(engine, file), 'utf8');
    for (const [, kind, details] of text.matchAll(
      /(?:failure|makeFault|raise)\(\s*(\w+),\s*\{([\s\S]*?)\n\s*\}\)/g,
    ))
      if (ours.test(details!)) names.add(kind!);
  }
  return [...names];
}

test('what the engine says in options of the command line, the editor says in its own words', () => {
  const kinds = kindsOfOptions();
  expect(kinds.length).toBeGreaterThan(8);
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  for (const kind of kinds) {
    const page = readFileSync(join(engine, 'faults', `${kebab(kind)}.ts`), 'utf8');
    const code = /code: '(\w+)'/.exec(page)![1]!;
    expect(translatedCodes, `${kind} (${code})`).toContain(code);
  }
});

test('no words of the editor name an option, and every code is the engine’s', () => {
  for (const code of translatedCodes) {
    expect(faultKinds.map((kind) => kind.code)).toContain(code);
    const { help } = panelFault({
      code,
      message: 'It is so.',
      help: 'Run with --out or --memory 9MiB.',
    });
    expect(help).not.toMatch(/--/);
  }
});

test('figures of the case stay, and so does what needs no other words', () => {
  const say = (code: string, help: string) => panelFault({ code, message: '', help }).help;
  expect(say('MW6202', 'Give --memory 312MiB or more.')).toBe('Give it 312MiB or more.');
  expect(say('MW6002', 'Free 3.1 GB, or give a folder on another disk with --out.')).toBe(
    'Free 3.1 GB, or choose a folder on another disk.',
  );
  expect(say('MW3001', 'Name the folder of a model.')).toBe('Name the folder of a model.');
});
