import { read } from 'node:fs';
import { promisify } from 'node:util';

const readFrom = promisify(read);
const CHUNK_BYTES = 1024 * 1024;

/** A part of an open file, in bytes; `end` not included. */
export interface FilePart {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes of a part, each piece in memory of its own; fewer where the file ends before. Leaves the file open, whenever the reader stops: a stream over a
 * descriptor closes it then, also with `autoClose: false`.
 * @param chunkBytes how large a piece is, a megabyte unless given.
 * @throws the error of the file system.
 */
export async function* readChunks(
  { fd, start, end }: FilePart,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<Buffer, void, undefined> {
  for (let position = start; position < end;) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - position));
    const { bytesRead } = await readFrom(fd, chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
    position += bytesRead;
  }
}
