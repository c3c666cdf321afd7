/** How far a run has come. Cheap to make, merged to a few a second. */
export interface Progress {
  readonly phase: 'statistics' | 'merging' | 'judging' | 'finishing';
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** What the plan says will be written in all. */
  readonly bytesToWrite: number;
  readonly tensorsDone: number;
  readonly tensors: number;
  /** Since the run began. */
  readonly seconds: number;
}
