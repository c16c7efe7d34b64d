const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
/** An archive's comment has at most this length. */
const MOST_COMMENT = 65_535;

/**
 * Bytes that the files of a ZIP archive take unpacked, by its directory.
 * @returns `undefined` when it has no directory, or one that is not whole. An archive of more than 4 GiB has `0xffffffff` there: large enough to be refused.
 */
export function unpackedBytes(archive: Uint8Array): number | undefined {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const lowest = Math.max(0, bytes.length - END_LENGTH - MOST_COMMENT);
  for (let end = bytes.length - END_LENGTH; end >= lowest; end -= 1) {
    if (bytes.readUInt32LE(end) !== END_OF_DIRECTORY) continue;
    return sumOf(bytes, bytes.readUInt32LE(end + 16), bytes.readUInt16LE(end + 10));
  }
  return undefined;
}

function sumOf(bytes: Buffer, start: number, count: number): number | undefined {
  let sum = 0;
  let at = start;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + ENTRY_LENGTH > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) return undefined;
    sum += bytes.readUInt32LE(at + 24);
    const lengths = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    at += ENTRY_LENGTH + lengths.reduce((one, other) => one + other);
  }
  return sum;
}
