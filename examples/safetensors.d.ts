/**
 * The safetensors format, as far as the examples need it. They write and read their checkpoints
 * without the engine, so that a fault of the engine cannot hide behind a matching fault here.
 */
export type FloatType = 'F32' | 'F16' | 'BF16';
/** The place of one tensor in a file. The shape is [rows, columns, …], stored in C order. */
export interface TensorEntry {
    readonly name: string;
    readonly dtype: FloatType;
    readonly shape: readonly number[];
}
/** One tensor with its values widened to f32. */
export interface Tensor {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
}
export declare const bytesPerValue: {
    readonly F32: 4;
    readonly F16: 2;
    readonly BF16: 2;
};
export declare function valueCount(shape: readonly number[]): number;
/**
 * The first bytes of a file that holds these tensors one after the other in the order given: the
 * header's length, and the header padded with spaces so that the tensors begin at a multiple of 8.
 */
export declare function encodeHeader(tensors: readonly TensorEntry[]): Buffer;
/** A whole F32 file, its tensors in byte order of their names. */
export declare function encodeFile(tensors: readonly Tensor[]): Buffer;
/** All tensors of a folder in Hugging Face's layout: one `model.safetensors`, or shards and an index. */
export declare function readFolder(folder: string): Map<string, Tensor>;
