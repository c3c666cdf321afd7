/**
 * The server driven by Neovim's own client, without a window, set up by the very lines of `docs/editors.md`.
 * Helix and Zed have no Debian package and no mode without a terminal or a window, so that theirs are not run here.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getNeovim, installLine, type Neovim } from './get-neovim.ts';
import { writeSmallModel } from './models.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The documented lines for a version. */
function documentedLines([major, minor]: Neovim['version']): string {
  const page = readFileSync(join(root, 'docs', 'editors.md'), 'utf8');
  const section = page.slice(page.indexOf('## Neovim'), page.indexOf('## Helix'));
  const [newer, older] = [...section.matchAll(/```lua\n([\s\S]*?)```/g)].map((block) => block[1]!);
  return major > 0 || minor >= 11 ? newer! : older!;
}

const recipe = `model base = "./base"
model math = "./math"
merge m = ties(base, [math], density: 20)
merge n = ties(base, [math], )
`;

/** Waits for the findings, then asks for a hover, a completion and a rename as their keys do, and writes down what came. */
const drive = `
local seen = {}
local function has(count)
  return vim.wait(15000, function() return #vim.diagnostic.get(0) == count end, 20)
end
seen.attached = vim.wait(15000, function()
  local clients = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
  return #clients == 1 and clients[1].initialized ~= nil and clients[1].name == 'mergewright'
end, 20)
has(1)
seen.diagnostics = vim.tbl_map(function(found)
  return { code = found.code, line = found.lnum, message = found.message }
end, vim.diagnostic.get(0))
local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then return window end
  end
end
vim.api.nvim_win_set_cursor(0, { 3, 11 })
vim.lsp.buf.hover()
vim.wait(15000, function() return floating() ~= nil end, 20)
local window = floating()
seen.hover = window and vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
if window then vim.api.nvim_win_close(window, true) end
vim.api.nvim_win_set_cursor(0, { 4, 28 })
local params = {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  position = { line = 3, character = 29 },
}
seen.completion = {}
for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/completion', params, 15000) or {}) do
  for _, item in ipairs(answer.result.items) do table.insert(seen.completion, item.label) end
end
vim.api.nvim_win_set_cursor(0, { 2, 7 })
vim.lsp.buf.rename('maths')
vim.wait(15000, function()
  return vim.api.nvim_buf_get_lines(0, 1, 2, false)[1]:find('maths') ~= nil
end, 20)
seen.text = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.fn.writefile({ vim.fn.json_encode(seen) }, vim.env.SEEN)
vim.cmd('qa!')
`;

interface Seen {
  readonly attached: boolean;
  readonly diagnostics: readonly { readonly code: string; readonly line: number }[];
  readonly hover: readonly string[];
  readonly completion: readonly string[];
  readonly text: readonly string[];
}

const neovim = getNeovim();
if (neovim === undefined) {
  console.error(`Neovim is not here and could not be fetched. As root on Debian: ${installLine}`);
}

describe.skipIf(neovim === undefined)(
  `Neovim's own client (where it is missing: ${installLine})`,
  () => {
    let folder: string;
    let seen: Seen;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'mergewright-neovim-'));
      for (const name of ['base', 'math']) writeSmallModel(folder, name);
      seen = driven(neovim!, folder);
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('starts the server by the documented lines', () => {
      expect(seen.attached).toBe(true);
    });

    it('shows what is wrong', () => {
      expect(seen.diagnostics).toMatchObject([{ code: 'MW3002', line: 2 }]);
    });

    it('shows a method’s page over its name', () => {
      expect(seen.hover.join('\n')).toContain('TIES-Merging');
    });

    it('completes the parameters of a call', () => {
      expect(seen.completion).toEqual(expect.arrayContaining(['density', 'weight', 'scale']));
    });

    it('renames a model in every use', () => {
      expect(seen.text.join('\n')).toBe(
        recipe.replaceAll('math', 'maths').replace('"./maths"', '"./math"').trimEnd(),
      );
    });
  },
);

function driven({ program, env, version }: Neovim, folder: string): Seen {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const command = join(root, 'client', 'bin', 'mergewright.mjs');
  writeFileSync(
    join(bin, 'mergewright'),
    `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`,
    { mode: 0o755 },
  );
  const files = {
    'init.lua': documentedLines(version),
    'drive.lua': drive,
    'a.merge': recipe,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const seenFile = join(folder, 'seen.json');
  execFileSync(
    program,
    ['--headless', '-n', '-i', 'NONE', '-u', 'init.lua', 'a.merge', '-c', 'luafile drive.lua'],
    {
      cwd: folder,
      timeout: 90_000,
      env: {
        ...process.env,
        ...env,
        PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
        SEEN: seenFile,
        XDG_STATE_HOME: join(folder, 'state'),
        XDG_DATA_HOME: join(folder, 'data'),
        XDG_CONFIG_HOME: join(folder, 'config'),
        XDG_CACHE_HOME: join(folder, 'cache'),
      },
    },
  );
  return JSON.parse(readFileSync(seenFile, 'utf8')) as Seen;
}
