import type { ReadReason } from '../domain/read-reason.js';
import { streamHead } from './stream-head.js';

/** Bytes given to zlib at once: what a damaged file loses before its damage is no more than this. */
const SLICE_BYTES = 16 * 1024;

/**
 * Unpacks bytes that begin as gzip does (1f 8b), and hands others on as they are. Several members in a row are one text. Of a
 * truncated or damaged file comes what can be read, then `onDamage` is called once with the reason.
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  onDamage: (reason: ReadReason) => void,
): AsyncGenerator<Uint8Array> {
  const { head, all } = await streamHead(source, 2);
  if (isGzip(head)) yield* unpack(all, onDamage);
  else yield* all;
}

/** Whether bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function* unpack(
  source: AsyncIterable<Uint8Array>,
  onDamage: (reason: ReadReason) => void,
): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import('node:zlib');
  const stream = createGunzip();
  const unpacked: Uint8Array[] = [];
  const failures: NodeJS.ErrnoException[] = [];
  // A write that meets damage never calls back: only the stream's end tells.
  let wake = (): void => undefined;
  stream.on('data', (chunk: Uint8Array) => unpacked.push(chunk));
  stream.on('error', (error) => failures.push(error));
  stream.on('close', () => {
    wake();
  });
  const settled = (start: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      start(resolve);
    });
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length && failures.length === 0; at += SLICE_BYTES) {
        await settled((done) => {
          stream.write(chunk.subarray(at, at + SLICE_BYTES), done);
        });
        yield* unpacked.splice(0);
      }
      if (failures.length > 0) break;
    }
    if (failures.length === 0) {
      await settled(() => {
        stream.end();
      });
    }
    yield* unpacked;
    if (failures[0])
      onDamage(failures[0].code === 'Z_BUF_ERROR' ? 'the gzip file is cut short' : 'the gzip file is damaged');
  } finally {
    stream.destroy();
  }
}
