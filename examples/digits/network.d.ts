import type { Tensor } from '../safetensors.ts';
/**
 * A residual network with the skeleton and the names of a language model, so that recipes for it
 * read like recipes for one: where that has a token's embedding, this has a projection of the
 * pixels, and where that has the next token, this has the digit.
 *
 *     x = E p
 *     x = x + D relu(U norm(x))      in each layer
 *     logits = H norm(x)
 *
 * norm(x) = g x / sqrt(mean(x²) + ε), element by element. All arithmetic is + − × ÷ and sqrt on
 * f64, rounded to f32 where a vector is stored, so that every JavaScript engine gets the same values.
 */
export interface Network {
    /** E, [hidden, pixels]. */
    readonly embedIn: Float32Array;
    readonly layers: readonly Layer[];
    /** g of the last norm, [hidden]. */
    readonly norm: Float32Array;
    /** H, [digits, hidden]. */
    readonly head: Float32Array;
}
export interface Layer {
    /** g, [hidden]. */
    readonly norm: Float32Array;
    /** U, [inner, hidden]. */
    readonly up: Float32Array;
    /** D, [hidden, inner]. */
    readonly down: Float32Array;
}
/** What the forward pass leaves behind for the backward pass. */
export interface Trace {
    /** x before each layer, and after the last: one more than there are layers. */
    readonly residuals: Float32Array[];
    /** norm(x) of each layer, and of the last norm. */
    readonly normed: Float32Array[];
    /** 1 / sqrt(mean(x²) + ε), one for each of `normed`. */
    readonly inverseRms: number[];
    /** relu(U norm(x)) of each layer. */
    readonly activated: Float32Array[];
    readonly logits: Float32Array;
}
export declare const digitCount: number;
/** The digit that the network sees in these pixels; of equal logits, the lower digit. */
export declare function classify(network: Network, pixels: Float32Array): number;
export declare function forward(network: Network, pixels: Float32Array): Trace;
/** The network's tensors under the names that checkpoints use. */
export declare function tensorsOf(network: Network): Tensor[];
/** The network whose tensors these are, with as many layers as there are numbers from 0. */
export declare function networkOf(tensors: ReadonlyMap<string, Tensor>): Network;
