/**
 * Where a merge that runs in the panel itself plugs in.
 * The extension sends a plan and slices of files; the panel computes on its GPU, else in WebAssembly,
 * and sends back what is to be written. The messages themselves are the merge host's own affair.
 */

export interface MergeHost {
  /** A message of the extension's `panel-run`. */
  readonly receive: (message: unknown) => void;
}

export type MergeHostFactory = (post: (message: unknown) => void) => MergeHost;
