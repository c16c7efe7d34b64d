import { crc32 } from 'node:zlib';
import type { ReadReason } from '../../domain/read-reason.js';

const CRC_FIELD = ',"crc":"';
const SEAL = /^,"crc":"([0-9a-f]{8})"\}$/;
const SEAL_LENGTH = CRC_FIELD.length + 8 + 2;
const FIRST_ROOM = 64 * 1024;
const MOST_ROOM = 1024 * 1024;

/** A JSON object without its closing brace, in pieces. */
export type LineParts = readonly (string | Uint8Array)[];

/** Why a line of a kept file cannot be trusted, in words for a person. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly reason: ReadReason;

  constructor(reason: ReadReason) {
    super(reason);
    this.reason = reason;
  }
}

/** The instant that a field of a line names. @throws {LineError} for what is none. */
export function instantOf(value: unknown): Date {
  const at = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new LineError('the line has no valid instant');
  return at;
}

/**
 * Closes a line of the journal or of a keyed log: the line gets the CRC-32 of all of it as the last field, `,"crc":"9a3f01bc"}`, and a line feed.
 */
export function sealLine(parts: LineParts): Buffer {
  let length = SEAL_LENGTH + 1;
  for (const part of parts) length += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  const line = Buffer.allocUnsafe(length);
  writeSealed(line, 0, parts);
  return line;
}

/** {@link sealLine} of an object's fields. */
export function sealFields(fields: Readonly<Record<string, unknown>>): Buffer {
  return sealLine([JSON.stringify(fields).slice(0, -1)]);
}

/** Lines sealed one behind the other into memory that is used again: a buffer for each and one for all of them cost as much as their content. */
export class SealedLines {
  #room = Buffer.alloc(0);
  #end = 0;
  #count = 0;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** All of them, until the next {@link clear}. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#end);
  }

  /** Adds the line of {@link sealLine}. */
  add(parts: LineParts): void {
    const most = mostBytes(parts);
    if (this.#end + most > this.#room.length) {
      const more = Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM, 2 * (this.#end + most)));
      this.bytes.copy(more);
      this.#room = more;
    }
    this.#end = writeSealed(this.#room, this.#end, parts);
    this.#count += 1;
  }

  /** Forgets the lines; room that was needed once for very many is given back. */
  clear(): void {
    if (this.#room.length > MOST_ROOM) this.#room = Buffer.alloc(0);
    this.#end = 0;
    this.#count = 0;
  }
}

/** Room that surely is enough: to count the bytes of a text takes as long as to write them. */
function mostBytes(parts: LineParts): number {
  let length = SEAL_LENGTH + 1;
  for (const part of parts) length += typeof part === 'string' ? 3 * part.length : part.length;
  return length;
}

function writeSealed(target: Buffer, start: number, parts: LineParts): number {
  let end = start;
  for (const part of parts) {
    if (typeof part === 'string') end += target.write(part, end);
    else {
      target.set(part, end);
      end += part.length;
    }
  }
  return end + target.write(`${CRC_FIELD}${formatCrc(target.subarray(start, end))}"}\n`, end, 'latin1');
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
