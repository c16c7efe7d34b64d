import { Batched, batchesOf } from '../domain/batched.js';
import type { KeyedLog } from '../store/keyed-log.js';

/** After so many items the process looks for Ctrl-C: a file that lies in memory is read without a pause. */
const ITEMS_A_TURN = 256;

/** The same items until `signal` aborts. Reading them then throws its reason. */
export function stoppable<T>(items: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): Batched<T> {
  const batches = async function* (): AsyncGenerator<readonly T[]> {
    let count = 0;
    for await (const batch of batchesOf(items)) {
      yield batch;
      // A batch may be a part with the rows of a megabyte.
      count += items instanceof Batched ? ITEMS_A_TURN : batch.length;
      if (count < ITEMS_A_TURN) continue;
      count = 0;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  };
  return new Batched(batches());
}

/** A log whose reading stops with `signal`; for commands that only look. */
export function stoppableLog<T extends { readonly key: string }>(
  log: KeyedLog<T>,
  signal: AbortSignal,
): Pick<KeyedLog<T>, 'entries' | 'find'> {
  return {
    entries: () => stoppable(log.entries(), signal),
    find: (texts, span) => stoppable(log.find?.(texts, span) ?? log.entries(), signal),
  };
}
