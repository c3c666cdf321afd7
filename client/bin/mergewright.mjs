#!/usr/bin/env node
// Starts the built command line on a Node that can run it: this one, or the one that came with the installation.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = new URL('../../dist/mergewright.mjs', import.meta.url);
const neededMajor = 22;

function installedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]
    .map((pack) =>
      fileURLToPath(new URL(`../../node_modules/${pack}/bin/${name}`, import.meta.url)),
    )
    .find((path) => existsSync(path));
}

if (!existsSync(program)) {
  console.error('mergewright is not built yet: run "npm run build" in its folder.');
  process.exit(3);
}
if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  const { main, rememberCompiled } = await import(program.href);
  rememberCompiled();
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = installedNode();
  if (node === undefined) {
    console.error(
      `mergewright needs Node ${neededMajor} or newer; this is ${process.versions.node}.`,
    );
    process.exit(3);
  }
  // The child has the terminal, so that an interrupt reaches it as it reaches this process.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  const { status, signal } = spawnSync(node, [fileURLToPath(program), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 3));
}
