import { FaultError, type Fault } from '../../engine/faults/fault.ts';
import { messageBytes, messagesAhead, type FromCompute } from '../../engine/protocol/compute.ts';
import { unpack, type Packed } from '../../engine/protocol/packed.ts';
import { slotQueue } from '../../engine/backends/gpu/slot-queue.ts';
import type { SliceFiles } from '../../engine/run/file-request.ts';
import type { Destination, PieceHash } from '../../engine/run/job.ts';

export type Post = (message: FromCompute, transfer?: readonly ArrayBuffer[]) => void;

interface Waiting {
  readonly come: (reply: ArrayBuffer | Packed) => void;
  readonly fail: (error: Error) => void;
}

/** The files of a run as they are reached from a page: in messages of bounded size, so many of them under way. */
export class MessageFiles implements SliceFiles {
  readonly #post: Post;
  readonly #waiting = new Map<number, Waiting>();
  readonly #credit = slotQueue(Array.from({ length: messagesAhead }, (_, index) => index));
  #last = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  async read(file: number, into: Uint8Array, position: number): Promise<void> {
    await Promise.all(
      stretches(into.length).map(async ({ at, length }) => {
        const bytes = (await this.#ask((id) => ({
          message: { kind: 'read', id, file, position: position + at, length },
        }))) as ArrayBuffer;
        into.set(new Uint8Array(bytes), at);
      }),
    );
  }

  async write(to: Destination, at: number, bytes: Uint8Array): Promise<readonly PieceHash[]> {
    // Copied before anything is waited for: the memory they lie in is used again.
    const copies = stretches(bytes.length).map((stretch) => ({
      at: at + stretch.at,
      bytes: bytes.slice(stretch.at, stretch.at + stretch.length).buffer as ArrayBuffer,
    }));
    const hashes = await Promise.all(
      copies.map(async (copy) => {
        const written = await this.#ask((id) => ({
          message: { kind: 'write', id, ...to, ...copy },
          transfer: [copy.bytes],
        }));
        return unpack<readonly PieceHash[]>(written as Packed);
      }),
    );
    return hashes.flat();
  }

  /** What came for a read or a write. */
  come(id: number, reply: ArrayBuffer | Packed): void {
    this.#take(id)?.come(reply);
  }

  refuse(id: number, fault: Packed): void {
    this.#take(id)?.fail(new FaultError(unpack<Fault>(fault)));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  async #ask(
    make: (id: number) => {
      readonly message: FromCompute;
      readonly transfer?: readonly ArrayBuffer[];
    },
  ): Promise<ArrayBuffer | Packed> {
    const credit = await this.#credit.take();
    try {
      return await new Promise<ArrayBuffer | Packed>((come, fail) => {
        const id = ++this.#last;
        const { message, transfer } = make(id);
        this.#waiting.set(id, { come, fail });
        this.#post(message, transfer);
      });
    } finally {
      this.#credit.give(credit);
    }
  }
}

function stretches(length: number): readonly { readonly at: number; readonly length: number }[] {
  return Array.from({ length: Math.ceil(length / messageBytes) }, (_, index) => {
    const at = index * messageBytes;
    return { at, length: Math.min(messageBytes, length - at) };
  });
}
