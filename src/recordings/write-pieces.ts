import { write, writev } from 'node:fs';
import { promisify } from 'node:util';

const writeTo = promisify(write);
const writeAllTo = promisify(writev);

/**
 * Writes pieces one behind the other from `position` on, in one call where the disk takes them in one.
 * @throws the error of the file system.
 */
export async function writePieces(fd: number, pieces: readonly Uint8Array[], position: number): Promise<void> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { bytesWritten } = await writeAllTo(fd, pieces as Uint8Array[], position);
  if (bytesWritten === length) return;
  // A disk that takes a part only: the next write goes on, or names the reason.
  const rest = Buffer.concat(pieces).subarray(bytesWritten);
  const start = position + bytesWritten;
  for (let written = 0; written < rest.length;) {
    written += (await writeTo(fd, rest, written, rest.length - written, start + written)).bytesWritten;
  }
}
