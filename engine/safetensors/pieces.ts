/** Tensors are hashed in pieces of this many bytes, counted from each tensor's start; the last may be shorter. */
export const pieceBytes = 1 << 20;

export function pieceCount(byteLength: number): number {
  return Math.ceil(byteLength / pieceBytes);
}
