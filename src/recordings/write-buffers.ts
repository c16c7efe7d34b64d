/** So much is gathered for one write. */
export const WRITE_BYTES = 512 * 1024;

/** Buffers of {@link WRITE_BYTES} in shared memory that go from file to file: new ones for each would be garbage outside the heap, which costs a full collection every few files. */
export class WriteBuffers {
  readonly #free: Buffer[] = [];

  /** Its content is whatever was in it before. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.from(new SharedArrayBuffer(WRITE_BYTES));
  }

  /** Takes back what nobody reads or writes any more. */
  give(buffer: Buffer): void {
    this.#free.push(buffer);
  }
}
