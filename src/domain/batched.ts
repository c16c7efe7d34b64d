const BATCH = 256;

/**
 * Items that are made several at a time. It can be read one by one like any other async iterable; a reader that takes whole batches
 * is spared a turn of the event loop's queue for each item. A batch holds what was there without waiting, and is never empty.
 */
export class Batched<T> implements AsyncIterable<T> {
  readonly #batches: AsyncIterable<readonly T[]>;

  constructor(batches: AsyncIterable<readonly T[]>) {
    this.#batches = batches;
  }

  /** The items, a batch at a time. To be read once, like the items themselves. */
  batches(): AsyncIterable<readonly T[]> {
    return this.#batches;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for await (const batch of this.#batches) for (const item of batch) yield item;
  }
}

/** Items as batches: those of a {@link Batched}; anything else as batches of one item each, for each may have been waited for. */
export function batchesOf<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterable<readonly T[]> {
  return items instanceof Batched ? (items as Batched<T>).batches() : oneByOne(items);
}

/** What `map` makes of each item, batch by batch; items for which it gives `undefined` are left out. */
export function mapBatched<T, R>(items: AsyncIterable<T> | Iterable<T>, map: (item: T) => R | undefined): Batched<R> {
  return new Batched(mapEach(items, map));
}

/** The first `limit` items, batch by batch; nothing is read behind the last of them. */
export function firstOf<T>(items: AsyncIterable<T> | Iterable<T>, limit: number): Batched<T> {
  return new Batched(takeFirst(items, limit));
}

async function* takeFirst<T>(items: AsyncIterable<T> | Iterable<T>, limit: number): AsyncGenerator<readonly T[]> {
  let left = limit;
  for await (const batch of batchesOf(items)) {
    yield batch.slice(0, left);
    left -= batch.length;
    if (left <= 0) return;
  }
}

async function* mapEach<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  map: (item: T) => R | undefined,
): AsyncGenerator<readonly R[]> {
  for await (const batch of batchesOf(items)) {
    const mapped = batch.map(map).filter((one) => one !== undefined);
    if (mapped.length > 0) yield mapped;
  }
}

async function* oneByOne<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<readonly T[]> {
  for await (const item of items) yield [item];
}

/** Items that are there without waiting, in batches of 256; the last one is shorter. */
export function* inBatches<T>(items: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
