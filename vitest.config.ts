import { availableParallelism, tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';
import { findSoftwareDevice } from './scripts/software-device.ts';

export default defineConfig({
  test: {
    include: ['{grammar,engine,server,client,webview,examples,test}/**/*.test.ts'],
    globalSetup: ['test/kit/build.ts'],
    pool: 'forks',
    // Threads that load TypeScript call out of Node's WebAssembly often enough for V8 to compile these calls, and V8 may end a
    // process whose threads do so at once. They are left uncompiled.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    // Tests wait for disks and processes about as long as they compute.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The GPU's code is tested on a software device; its loader wants a session's folder.
    env: {
      ...findSoftwareDevice()?.env,
      MERGEWRIGHT_SOFTWARE_GPU: '1',
      XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
    },
  },
});
