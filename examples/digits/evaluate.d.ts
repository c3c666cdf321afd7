import type { Part } from './images.ts';
/** How many images a network saw rightly, out of how many it was shown. */
export interface Score {
    readonly correct: number;
    readonly total: number;
    /** `correct / total`, 0..1. */
    readonly accuracy: number;
}
export interface Evaluation {
    /** One score for each digit, 0 first. */
    readonly perDigit: readonly Score[];
    /** Over the images of all digits. */
    readonly overall: Score;
}
/**
 * The accuracy of the checkpoint in this folder (F32, F16 or BF16, in one file or in shards) on the
 * held-out images, or on another part of them. A tensor that is missing or misshapen throws.
 */
export declare function evaluate(folder: string, part?: Part): Evaluation;
/** The evaluations as a table: a row for each, accuracies in percent, the best of a column in bold. */
export declare function tableOf(evaluations: ReadonlyMap<string, Evaluation>, { bold }?: {
    readonly bold?: boolean;
}): string;
