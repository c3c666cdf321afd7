/**
 * What `@vscode/test-electron` starts where there is no desktop VS Code: reads the words of VS Code's command line, runs the
 * same suite in the same extension host, with the workbench in Chromium, and ends with its exit code.
 */
import { openWindow, startServer, writeUserSettings } from './vscode-workbench.ts';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

function valuesOf(args: readonly string[], name: string): readonly string[] {
  const start = `--${name}=`;
  return args.flatMap((arg) => (arg.startsWith(start) ? [arg.slice(start.length)] : []));
}

export async function launch(args: readonly string[]): Promise<number> {
  const folder = args.find((arg) => !arg.startsWith('-'));
  const [userData] = valuesOf(args, 'user-data-dir');
  const [extensions] = valuesOf(args, 'extensions-dir');
  const [tests] = valuesOf(args, 'extensionTestsPath');
  const [limit = '180'] = valuesOf(args, 'limit-seconds');
  if ([folder, userData, extensions, tests].includes(undefined)) {
    console.error(
      'a folder, --user-data-dir, --extensions-dir and --extensionTestsPath are needed',
    );
    return 2;
  }
  if (!existsSync(join(userData!, 'User', 'settings.json'))) writeUserSettings(userData!);
  // The workbench says much that is none of the suite's: it is kept, not shown.
  const log = join(userData!, 'workbench.log');
  const server = await startServer({
    userData: userData!,
    extensions: extensions!,
    workspaceTrust: args.includes('--enable-workspace-trust'),
  });
  const stop = new AbortController();
  const exit = new Promise<number>((end) => {
    const timer = setTimeout(
      () => {
        console.error(`the suite did not end within ${limit} s`);
        end(1);
      },
      1000 * Number(limit),
    );
    stop.signal.addEventListener('abort', () => clearTimeout(timer));
    openWindow(server, {
      folder: folder!,
      softwareGpu: true,
      payload: [
        ...valuesOf(args, 'extensionDevelopmentPath').map(
          (path) => ['extensionDevelopmentPath', server.uriOf(path)] as const,
        ),
        ['extensionTestsPath', server.uriOf(tests!)],
      ],
      async prepare(page) {
        // On a desktop nobody asks whether an editor may read the clipboard.
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await page.exposeFunction('codeAutomationLog', (level: string, words: unknown[]) => {
          appendFileSync(log, `${level}: ${words.map(String).join(' ')}\n`);
        });
        await page.exposeFunction('codeAutomationExit', (code: number) => end(code));
      },
    }).then(
      ({ browser }) => stop.signal.addEventListener('abort', () => void browser.close()),
      (error: unknown) => {
        console.error(error);
        end(1);
      },
    );
  });
  const code = await exit;
  stop.abort();
  await server.close();
  return code;
}

if (import.meta.main) process.exit(await launch(process.argv.slice(2)));
