import { availableParallelism, tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';
import { findSoftwareDevice } from './scripts/software-device.ts';

export default defineConfig({
  test: {
    include: ['{grammar,engine,server,client,webview,examples,test}/**/*.test.ts'],
    globalSetup: ['test/kit/build.ts'],
    pool: 'forks',
    // Where processors have keys for it, V8 loses track of the code pages that it protects while many threads with WebAssembly
    // come and go, and ends the process.
    execArgv:
      process.platform === 'linux' && process.arch === 'x64' ? ['--no-memory-protection-keys'] : [],
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
