/** The command line `mergewright`. Each command is imported when it is given: a program that starts often starts small. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { enableCompileCache } from 'node:module';
import { availableParallelism } from 'node:os';
import { engineVersion } from '../../engine/version.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { parseBytes } from './figures.ts';
import type {
  CheckFlags,
  DiffFlags,
  ExplainFlags,
  PlanFlags,
  PreviewFlags,
  RunFlags,
} from './flags.ts';
import type { ExportFlags } from './export.ts';
import type { FetchFlags } from './fetch.ts';
import type { ImportFlags } from './import.ts';
import type { LockFlags } from './lock.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const defaultMemory = 256_000_000;

/** Runs one command; its exit code. */
export async function main(
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const program = commands(terminal, (done) => (code = done));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  }
}

/** What was compiled is kept in Node's own cache, beside the system's temporary files, for the next start; threads share it. */
export function rememberCompiled(): void {
  const { directory } = enableCompileCache();
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
}

function commands(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const program = new Command('mergewright')
    .description('Checks, previews and runs recipes that merge models.')
    .version(engineVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
    });
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option('--json', 'print JSON');

  command('check <recipe>', 'look for faults in a recipe, down to the headers of its models')
    .addOption(allowOption())
    .addOption(lockedOption())
    .addOption(threadsOption())
    .action(async (recipe: string, options: CheckFlags) =>
      end(await (await import('./check.ts')).checkCommand(terminal, recipe, options)),
    );
  command('fmt <recipes...>', 'write recipes in their normal form')
    .option('--check', 'change nothing, and fail where something would change')
    .action(async (recipes: string[], options: { json?: boolean; check?: boolean }) =>
      end(await (await import('./fmt.ts')).fmtCommand(terminal, recipes, options)),
    );
  command('plan <recipe>', 'show what a run would read, write and need')
    .addOption(onlyOption())
    .addOption(outOption())
    .addOption(lockedOption())
    .addOption(carryCodeOption())
    .addOption(memoryOption())
    .addOption(threadsOption())
    .action(async (recipe: string, options: PlanFlags) =>
      end(await (await import('./plan.ts')).planCommand(terminal, recipe, options)),
    );
  command('preview <recipe>', 'measure where the models interfere, layer by layer')
    .option('--step <name>', 'the step to look at (default: the first output’s)')
    .option('--exact', 'read every element instead of a sample')
    .option('--columns', 'open each part into its matrices: q, k, v, o; gate, up, down')
    .addOption(memoryOption())
    .addOption(threadsOption())
    .action(async (recipe: string, options: PreviewFlags) =>
      end(await (await import('./preview.ts')).previewCommand(terminal, recipe, options)),
    );
  command('run <recipe>', 'merge, and write the outputs')
    .addOption(onlyOption())
    .addOption(outOption())
    .option('--overwrite', 'replace an output that an earlier run made')
    .option('--resume', 'go on with what an interrupted run of the same left, or refuse')
    .addOption(lockedOption())
    .addOption(carryCodeOption())
    .option('--allow-nonfinite', 'store infinities and NaNs instead of stopping')
    .addOption(
      new Option('--backend <name>', 'what computes')
        .choices(['auto', 'gpu', 'wasm', 'oracle', 'none'])
        .default('auto'),
    )
    .addOption(memoryOption())
    .addOption(threadsOption())
    .action(async (recipe: string, options: RunFlags) => {
      const { needsChild, superviseRun } = await import('./supervised.ts');
      if (needsChild(terminal, options)) return end(await superviseRun(terminal));
      end(await (await import('./run.ts')).runCommand(terminal, recipe, options));
    });
  command('diff <a> <b>', 'compare two models, or what two runs made, tensor by tensor')
    .option('--tensors <pattern>', 'these tensors alone, such as "*.mlp.*"')
    .addOption(topOption())
    .addOption(memoryOption())
    .addOption(threadsOption())
    .action(async (a: string, b: string, options: DiffFlags) =>
      end(await (await import('./diff.ts')).diffCommand(terminal, [a, b], options)),
    );
  command('explain <recipe>', 'show which line sets each value of a tensor')
    .requiredOption('--tensor <name>', 'the tensor’s name in the step’s result')
    .option('--step <name>', 'the step to look at (default: the first output’s)')
    .action(async (recipe: string, options: ExplainFlags) =>
      end(await (await import('./explain.ts')).explainCommand(terminal, recipe, options)),
    );
  command(
    'fetch <recipe-or-id...>',
    'bring what a recipe’s hub models lack into the local cache, or a model by id or id@revision',
  )
    .option('--yes', 'fetch without asking')
    .option('--dry-run', 'list what is missing with its sizes, and fetch nothing')
    .option('--with-code', 'bring the model’s own Python files too; nothing here runs them')
    .action(async (wanted: string[], options: FetchFlags) =>
      end(await (await import('./fetch.ts')).fetchCommand(terminal, wanted, options)),
    );
  command('lock <recipe>', 'write down which files the recipe’s models are, for --locked')
    .option('--check', 'read every file again, and fail where one is not as locked')
    .addOption(threadsOption())
    .action(async (recipe: string, options: LockFlags) =>
      end(await (await import('./lock.ts')).lockCommand(terminal, recipe, options)),
    );
  command('import <file>', 'write mergekit’s YAML as a recipe')
    .option('-o, --output <recipe>', 'the recipe to write (default: standard output)')
    .option('--overwrite', 'replace files that are there')
    .action(async (file: string, options: ImportFlags) =>
      end(await (await import('./import.ts')).importCommand(terminal, file, options)),
    );
  command('export <recipe>', 'write a recipe as mergekit’s YAML')
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .addOption(onlyOption())
    .option('--overwrite', 'replace a file that is there')
    .action(async (recipe: string, options: ExportFlags) =>
      end(await (await import('./export.ts')).exportCommand(terminal, recipe, options)),
    );
  command('methods [name]', 'list the methods, or show one').action(
    async (name: string | undefined, options: { json?: boolean }) =>
      end((await import('./methods.ts')).methodsCommand(terminal, name, options)),
  );
  program
    .command('lsp')
    .description('start the language server for an editor')
    .option('--stdio', 'speak over standard input and output', true)
    .option('--yaml', 'serve mergekit’s YAML instead of recipes')
    // No other command has a use for the server, which is half of the program.
    .action(async (options: { yaml?: boolean }) =>
      (await import('../../server/stdio.ts')).serveStdio(options),
    );
  return program;
}

function allowOption(): Option {
  return new Option('--allow <code>', 'warnings that are not told, such as MW3104').argParser(
    (text: string, before: readonly string[] | undefined) => {
      if (!/^MW\d{4}$/.test(text)) throw new InvalidArgumentError('Write a code such as MW3104.');
      return [...(before ?? []), text];
    },
  );
}

function onlyOption(): Option {
  return new Option('--only <output>', 'one output, by its step or the last part of its folder');
}

function outOption(): Option {
  return new Option(
    '--out <folder>',
    'the output’s folder; with several outputs, a folder for them all',
  );
}

function lockedOption(): Option {
  return new Option('--locked', 'refuse models that are not those of the recipe’s lock');
}

function carryCodeOption(): Option {
  return new Option(
    '--carry-code',
    'copy the model’s own Python files too; nothing here runs them',
  );
}

function topOption(): Option {
  return new Option('--top <count>', 'list so many tensors, those that differ most').argParser(
    (text) => {
      const count = Number(text);
      if (!Number.isSafeInteger(count) || count < 1)
        throw new InvalidArgumentError('Write a whole number from 1 on.');
      return count;
    },
  );
}

function memoryOption(): Option {
  return new Option('--memory <size>', 'what slices and resident tensors may take')
    .argParser((text) => {
      const bytes = parseBytes(text);
      if (bytes === undefined)
        throw new InvalidArgumentError('Write a size such as 256MB or 1GiB.');
      return bytes;
    })
    .default(defaultMemory, '256MB');
}

function threadsOption(): Option {
  return new Option('--threads <count>', 'worker threads')
    .argParser((text) => {
      const count = Number(text);
      if (!Number.isInteger(count) || count < 1 || count > 256)
        throw new InvalidArgumentError('Write a whole number from 1 to 256.');
      return count;
    })
    .default(availableParallelism(), 'all cores');
}

if (import.meta.main) {
  rememberCompiled();
  process.exitCode = await main(process.argv.slice(2));
}
