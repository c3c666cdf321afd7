/** Gives the memory of counts back at once, to be used no more: the collector of garbage would let tens of megabytes pile up. */
export function giveBack(tables: Iterable<ArrayLike<number> | undefined>): void {
  for (const table of tables) {
    if (!ArrayBuffer.isView(table)) continue;
    const { buffer } = table;
    // Tables of one message may share a buffer, which is given back with the first.
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
  }
}
