import type { Sink } from '../context.js';
import { batchesOf } from '../domain/batched.js';

/** Rows are joined to pieces of about this size: a write of its own for each takes longer than making it. */
const WRITE_CHARS = 64 * 1024;

/**
 * Writes rows in large pieces, but never keeps one back while the source makes us wait.
 * @returns how many rows there were.
 */
export async function writeRows<T>(
  items: Iterable<T> | AsyncIterable<T>,
  text: (item: T) => string,
  stdout: Sink,
): Promise<number> {
  let count = 0;
  for await (const batch of batchesOf(items)) {
    let rows = '';
    try {
      for (const item of batch) {
        rows += text(item);
        count += 1;
        if (rows.length < WRITE_CHARS) continue;
        const piece = rows;
        rows = '';
        await stdout.write(piece);
      }
    } finally {
      if (rows !== '') await stdout.write(rows);
    }
  }
  return count;
}
