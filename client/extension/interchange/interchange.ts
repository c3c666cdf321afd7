/** mergekit's YAML in VS Code: its server, and the commands that make recipes of it. */
import { commands, type Disposable, type LogOutputChannel } from 'vscode';
import { Disposables } from '../disposables.ts';
import { YamlServer } from './yaml-server.ts';

/** `program` is the language server's. */
export function interchange(program: string, log: LogOutputChannel): Disposable {
  const held = new Disposables();
  held.add(new YamlServer(program, log));
  // The reader of YAML is woken by whoever needs it, not by every window.
  held.add(
    commands.registerCommand('mergewright.importMergekitYaml', async (given: unknown) =>
      (await import('./import-yaml.ts')).importMergekitYaml(given),
    ),
  );
  held.add(
    commands.registerCommand('mergewright.pasteAsRecipe', async () =>
      (await import('./paste-recipe.ts')).pasteAsRecipe(),
    ),
  );
  return held;
}
