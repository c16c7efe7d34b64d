import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { HashThread } from '../../../src/recordings/hash-thread.js';
import { HashLost, localHash, type RunningHash } from '../../../src/recordings/running-hash.js';

function threadOf(): HashThread {
  const thread = new HashThread();
  onTestFinished(() => thread.close());
  return thread;
}

function begun(thread: HashThread): RunningHash {
  const hash = thread.begin();
  if (hash === undefined) throw new Error('no thread');
  return hash;
}

function shared(bytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(bytes));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('hashes several files at once, from memory that is used again once it was read', async () => {
  const thread = threadOf();
  const files = Array.from({ length: 3 }, (_, seed) => ({
    seed,
    hash: begun(thread),
    free: Array.from({ length: 3 }, () => shared(1000)),
    told: [] as Buffer[],
  }));
  for (let piece = 0; piece < 50; piece += 1) {
    for (const { seed, hash, free, told } of files) {
      const length = 1 + ((piece * 37 + seed) % 1000);
      const memory = free.pop() ?? shared(1000);
      memory.fill((piece * 7 + seed) & 0xff, 0, length);
      told.push(Buffer.from(memory.subarray(0, length)));
      await hash.update(memory.subarray(0, length), () => free.push(memory));
      if (piece % 20 === 0) expect(await hash.digest()).toBe(sha256(Buffer.concat(told)));
    }
  }
  for (const { hash, told } of files) {
    expect(await hash.digest()).toBe(sha256(Buffer.concat(told)));
    hash.end();
  }
});

it('lets no more than 16 pieces wait, and tells of each when it was read', async () => {
  const hash = begun(threadOf());
  let done = 0;
  let waited = 0;
  for (let piece = 0; piece < 100; piece += 1) {
    const behind = hash.update(shared(100_000), () => (done += 1));
    if (behind === undefined) continue;
    waited += 1;
    await behind;
    expect(done).toBe(piece + 1);
  }
  expect(waited).toBeGreaterThan(0);
  expect(await hash.digest()).toBe(sha256(Buffer.alloc(10_000_000)));
});

it('rejects what runs when the thread ends, frees its memory, and begins no more', async () => {
  const thread = new HashThread();
  const hash = begun(thread);
  let freed = 0;
  void hash.update(shared(10), () => (freed += 1));
  const digest = hash.digest();
  await Promise.all([expect(digest.then(() => thread.close())).resolves.toBeUndefined()]);
  await expect(hash.digest()).rejects.toBeInstanceOf(HashLost);
  expect(freed).toBe(1);
  expect(thread.begin()).toBeUndefined();
});

it('hashes nothing as nothing, in the thread and without it', async () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(await begun(threadOf()).digest()).toBe(empty);
  expect(await localHash().digest()).toBe(empty);
});
