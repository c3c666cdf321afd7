import type { FaultKind } from './fault.ts';

export const pathLeavesFolder = {
  code: 'MW4534',
  title: "A path leaves the model's folder",
  severity: 'error',
  exit: 'input',
  what: [
    "A model's files are in its own folder.",
    'An index entry with `..` or an absolute path, or a link that leads out, would make a downloaded folder read other files of this machine.',
    'Links of a Hugging Face snapshot into its own blobs are followed.',
  ].join('\n'),
  wrong: '"a": "../../secrets.safetensors"',
  right: '"a": "model-00001-of-00002.safetensors"',
} as const satisfies FaultKind;
