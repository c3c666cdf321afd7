/** What a run found of an earlier one and did about it. It is said to the user and is not an error. */
export interface Notice {
  readonly kind:
    | 'lock-taken-over'
    | 'leftovers-cleared'
    | 'swap-finished'
    | 'swap-undone'
    | 'old-removed'
    | 'old-kept'
    | 'up-to-date';
  /** One sentence. */
  readonly message: string;
}
