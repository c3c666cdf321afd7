import type { FaultKind } from './fault.ts';

export const workFolderForeign = {
  code: 'MW6104',
  title: "Somebody's files stand where the work folder goes",
  severity: 'error',
  exit: 'input',
  what: [
    'A run works in `<output>.part` and sets a replaced output aside as `<output>.old`.',
    'Something without the mark of a run stands there, and is not touched.',
  ].join('\n'),
  wrong: './out/model.part of another program',
  right: 'move it, or give another folder with --out',
} as const satisfies FaultKind;
