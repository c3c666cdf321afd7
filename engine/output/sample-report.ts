import type { ReportBody } from './report.ts';

/** The report of a small merge, for tests. */
export function sampleReport(planHash: string = '1'.repeat(64)): ReportBody {
  return {
    engineVersion: '0.1.0',
    planHash,
    recipe: { text: 'model base = "./base"\n', path: '/recipes/small.merge' },
    step: 'base',
    weightsDigest: '2'.repeat(64),
    inputs: [
      {
        name: 'base',
        folder: '/models/base',
        files: [{ name: 'model.safetensors', size: 96, mtimeNs: '1', headerHash: '3'.repeat(64) }],
      },
    ],
    checks: [{ title: 'finite values', outcome: 'holds' }],
    backends: [{ backend: 'wasm', slices: 4 }],
    times: [{ phase: 'map', seconds: 0.25 }],
    finishedAt: '2026-01-01T00:00:00.000Z',
  };
}
