/** Runs the cases in windows of their own, and stores what came of them. `FOLDER EXTENSIONS RESULTS` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { windowCases } from './cases.ts';
import { folderCases } from './folder-cases.ts';
import { openEditor } from './kit.ts';
import { panelCases } from './panel-cases.ts';

const [folder, extensions, results, only] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
];
const told: { readonly name: string; readonly error?: string }[] = [];
for (const [index, { name, run, settings }] of [
  ...windowCases,
  ...folderCases,
  ...panelCases,
].entries()) {
  if (only !== undefined && !name.includes(only)) continue;
  const own = join(folder, String(index));
  mkdirSync(own, { recursive: true });
  const editor = await openEditor({
    folder: own,
    extensions,
    ...(settings === undefined ? {} : { settings }),
  });
  try {
    await run(editor);
    told.push({ name });
  } catch (error) {
    await editor.shot(`failed-${index}`).catch(() => undefined);
    told.push({
      name,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  } finally {
    await editor.close();
  }
}
writeFileSync(results, JSON.stringify(told));
