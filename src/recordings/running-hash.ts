import { createHash, type Hash } from 'node:crypto';
import { TextError } from '../domain/text-error.js';

/** A SHA-256 that is told of its bytes in order. */
export interface RunningHash {
  /**
   * Takes `bytes`, which begin a shared memory; they may change once `done` was called.
   * @returns to be waited for before more is told, where the hash is far behind. Rejects with {@link HashLost}.
   */
  update(bytes: Uint8Array, done: () => void): Promise<void> | undefined;
  /** Of what it was told of before this call, lower-case hex. Rejects with {@link HashLost}. */
  digest(): Promise<string>;
  /** Forgets it. */
  end(): void;
}

/** Thrown when the thread has ended by itself: what it knew of a file is gone, and further files do without. */
export class HashLost extends TextError {
  override readonly name = 'HashLost';
}

/** A hash of this thread, for what is small and where no other thread can be had. */
export function localHash(): RunningHash {
  let hash: Hash | undefined;
  const made = (): Hash => (hash ??= createHash('sha256'));
  return {
    update: (bytes, done) => {
      made().update(bytes);
      done();
      return undefined;
    },
    digest: () => Promise.resolve(made().copy().digest('hex')),
    end: () => undefined,
  };
}
