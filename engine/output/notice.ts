/** What a run found of an earlier one, or what befell it, and what it did about it. It is said to the user and is not an error. */
export interface Notice {
  readonly kind:
    | 'lock-taken-over'
    | 'leftovers-cleared'
    | 'resumed'
    | 'nothing-to-resume'
    | 'swap-finished'
    | 'swap-undone'
    | 'old-removed'
    | 'old-kept'
    | 'up-to-date'
    | 'gpu-reopened'
    | 'gpu-given-up'
    | 'process-restarted';
  /** One sentence. */
  readonly message: string;
}
