import { crc32 } from 'node:zlib';

const CRC_FIELD = ',"crc":"';
const SEAL = /^,"crc":"([0-9a-f]{8})"\}$/;
const SEAL_LENGTH = CRC_FIELD.length + 8 + 2;

/** Why a line of a kept file cannot be trusted, in words for a person. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/**
 * Closes a line of the journal or of a keyed log: `parts` hold a JSON object without its closing brace; the line gets the CRC-32 of
 * all of it as the last field, `,"crc":"9a3f01bc"}`, and a line feed.
 */
export function sealLine(parts: readonly (string | Uint8Array)[]): Buffer {
  let length = 0;
  for (const part of parts) length += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  const line = Buffer.allocUnsafe(length + SEAL_LENGTH + 1);
  let end = 0;
  for (const part of parts) {
    if (typeof part === 'string') end += line.write(part, end);
    else {
      line.set(part, end);
      end += part.length;
    }
  }
  line.write(`${CRC_FIELD}${formatCrc(line.subarray(0, end))}"}\n`, end, 'latin1');
  return line;
}

/**
 * Undoes {@link sealLine}.
 * @param line without its line feed.
 * @returns everything before `,"crc"`: the JSON object without its closing brace.
 * @throws {LineError} when the line was cut or changed.
 */
export function openSealedLine(line: Buffer): Buffer {
  const open = line.subarray(0, Math.max(0, line.length - SEAL_LENGTH));
  const seal = SEAL.exec(line.toString('latin1', open.length));
  if (seal === null) throw new LineError('the line is incomplete');
  // Compared as numbers: millions of lines are read at once.
  if (Number.parseInt(seal[1] ?? '', 16) !== crc32(open))
    throw new LineError('the checksum of the line does not match');
  return open;
}

function formatCrc(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
