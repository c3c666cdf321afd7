import type { Answer, Job } from './job.ts';

/** Workers that take jobs. Answers never reject: what goes wrong is a fault among them. */
export interface Pool {
  readonly size: number;
  /** The next free worker does it. */
  one(job: Job): Promise<Answer>;
  /** Every worker does its part of it. */
  all(job: Job): Promise<readonly Answer[]>;
  close(): Promise<void>;
}
