import { batchesOf } from '../domain/batched.js';
import type { FoundPart } from './quick/found-part.js';
import { type KeptPush, PushBatch } from './quick/push-batch.js';
import type { ParsePush, PushScanner } from './quick/scan-pushes.js';
import { QUICK_FROM_BYTES, type Reader } from './read-notifications.js';

/**
 * Reads the records of pushes in their order, with calls as the scanner left them where it could read them: they stand only until the next batch is asked for.
 * Repeated records come as often as they are met.
 * @throws whatever reading the pushes throws.
 */
export async function* readPushes<P extends KeptPush>(
  pushes: AsyncIterable<P>,
  { reader = 'auto', parse }: { readonly reader?: Reader | undefined; readonly parse: ParsePush<P> },
): AsyncGenerator<readonly FoundPart[]> {
  let scanner: PushScanner<P> | undefined;
  const read = async function* (batch: PushBatch<P>): AsyncGenerator<readonly FoundPart[]> {
    if (reader === 'full' || (reader === 'auto' && scanner === undefined && batch.bytes < QUICK_FROM_BYTES)) {
      const items = batch.pushes.flatMap(parse);
      if (items.length > 0) yield items;
      return;
    }
    const { PushScanner } = await import('./quick/scan-pushes.js');
    scanner ??= new PushScanner(parse);
    yield* scanner.read(batch);
  };
  let batch = new PushBatch<P>();
  for await (const some of batchesOf(pushes)) {
    for (const push of some) {
      batch.add(push);
      if (!batch.isFull) continue;
      yield* read(batch);
      batch = new PushBatch();
    }
  }
  yield* read(batch);
}
