/** Carries a cancel to the rim of a run. It is no error: the rim turns it into an outcome. */
export class RunCancelled extends Error {}
