import type { FaultKind } from './fault.ts';
import { adapterEmpty } from './adapter-empty.ts';
import { adapterNotModel } from './adapter-not-model.ts';
import { adapterUnmatched } from './adapter-unmatched.ts';
import { ambiguousSource } from './ambiguous-source.ts';
import { cannotResume } from './cannot-resume.ts';
import { diskFull } from './disk-full.ts';
import { diskTooSmall } from './disk-too-small.ts';
import { duplicateTensor } from './duplicate-tensor.ts';
import { emptyFile } from './empty-file.ts';
import { foreignFiles } from './foreign-files.ts';
import { foreignPickle } from './foreign-pickle.ts';
import { headerTooLarge } from './header-too-large.ts';
import { indexDisagrees } from './index-disagrees.ts';
import { lfsPointer } from './lfs-pointer.ts';
import { malformedAdapter } from './malformed-adapter.ts';
import { malformedConfig } from './malformed-config.ts';
import { malformedHeader } from './malformed-header.ts';
import { malformedIndex } from './malformed-index.ts';
import { malformedReport } from './malformed-report.ts';
import { malformedTorchFile } from './malformed-torch-file.ts';
import { missingShard } from './missing-shard.ts';
import { needsOverwrite } from './needs-overwrite.ts';
import { noWeights } from './no-weights.ts';
import { notARegularFile } from './not-a-regular-file.ts';
import { notAStateDict } from './not-a-state-dict.ts';
import { offsetsLie } from './offsets-lie.ts';
import { outputBusy } from './output-busy.ts';
import { outputIsInput } from './output-is-input.ts';
import { outputNotFolder } from './output-not-folder.ts';
import { pathLeavesFolder } from './path-leaves-folder.ts';
import { quantisedCheckpoint } from './quantised-checkpoint.ts';
import { readFailed } from './read-failed.ts';
import { rankTooLarge } from './rank-too-large.ts';
import { severalWeights } from './several-weights.ts';
import { sourceNotFound } from './source-not-found.ts';
import { sourceUnreadable } from './source-unreadable.ts';
import { stridedTensor } from './strided-tensor.ts';
import { tensorInTwoShards } from './tensor-in-two-shards.ts';
import { trainingState } from './training-state.ts';
import { truncatedFile } from './truncated-file.ts';
import { unknownDtype } from './unknown-dtype.ts';
import { unreadAdapter } from './unread-adapter.ts';
import { unreadFormat } from './unread-format.ts';
import { unreadTorchFile } from './unread-torch-file.ts';
import { unwritableHeader } from './unwritable-header.ts';
import { workFolderForeign } from './work-folder-foreign.ts';
import { writeFailed } from './write-failed.ts';
import { writeRefused } from './write-refused.ts';

/** All faults of files and folders, by code: documentation and tests loop over them. */
export const fileFaults: readonly FaultKind[] = [
  sourceNotFound,
  sourceUnreadable,
  notARegularFile,
  emptyFile,
  lfsPointer,
  truncatedFile,
  headerTooLarge,
  malformedHeader,
  unknownDtype,
  offsetsLie,
  duplicateTensor,
  noWeights,
  severalWeights,
  unreadFormat,
  adapterNotModel,
  unreadAdapter,
  malformedAdapter,
  adapterUnmatched,
  adapterEmpty,
  rankTooLarge,
  malformedIndex,
  missingShard,
  indexDisagrees,
  tensorInTwoShards,
  pathLeavesFolder,
  malformedConfig,
  quantisedCheckpoint,
  foreignPickle,
  malformedTorchFile,
  unreadTorchFile,
  stridedTensor,
  notAStateDict,
  trainingState,
  ambiguousSource,
  unwritableHeader,
  diskFull,
  diskTooSmall,
  writeRefused,
  writeFailed,
  readFailed,
  outputBusy,
  foreignFiles,
  needsOverwrite,
  workFolderForeign,
  outputIsInput,
  outputNotFolder,
  malformedReport,
  cannotResume,
];
