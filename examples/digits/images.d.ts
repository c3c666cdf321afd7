/** One handwritten digit: 28 × 28 grey values in 0..1, row by row, and what it shows. */
export interface Image {
    readonly digit: number;
    /** Its place among the package's images of this digit. */
    readonly index: number;
    readonly pixels: Float32Array;
}
/**
 * Who may see an image, decided by its index among the images of its digit. `base` trains the base
 * alone, `expert` is what the experts learn from; `tuning` is for choosing a recipe's numbers, and
 * `heldOut` for the accuracies that are reported: no training reads these two. An index lies in
 * exactly one part.
 */
export type Part = 'base' | 'expert' | 'tuning' | 'heldOut';
export declare const pixelCount: number;
export declare const allDigits: readonly number[];
export declare function partOf(index: number): Part;
/** The images of these digits that belong to one part, in the package's order. */
export declare function imagesOf(part: Part, digits?: readonly number[]): Image[];
