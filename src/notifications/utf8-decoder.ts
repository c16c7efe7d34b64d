import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Text that was decoded. */
export interface TextPiece {
  readonly text: string;
  /** Bytes of it are no UTF-8: they are U+FFFD in the text, which then holds no more than one line. */
  readonly garbled?: true;
}

const LINE_FEED = 0x0a;

/**
 * Decodes a stream of UTF-8, as `TextDecoder` does; a byte-order mark stays. Pieces of plain ASCII, the usual case, take a tenth of the time.
 */
export class Utf8Decoder {
  /** The start of a character whose rest has not come. */
  #open: Uint8Array = new Uint8Array();

  /** @param chunk bytes; of memory that several threads share, too. @returns their text, with what was left of the bytes before. */
  decode(chunk: Uint8Array): readonly TextPiece[] {
    const bytes = this.#open.length === 0 ? chunk : Buffer.concat([this.#open, chunk]);
    const end = bytes.length - openLength(bytes);
    this.#open = new Uint8Array(bytes.subarray(end));
    return decodeUtf8(bytes.subarray(0, end));
  }

  /** The text of what is left; nothing more may be decoded. */
  end(): readonly TextPiece[] {
    return decodeUtf8(this.#open);
  }
}

/** The text of bytes in UTF-8: one piece, or a piece for each line where a line is garbled. */
export function decodeUtf8(bytes: Uint8Array): readonly TextPiece[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isAscii(buffer)) return [{ text: buffer.toString('latin1') }];
  if (isUtf8(buffer)) return [{ text: buffer.toString('utf8') }];
  return [...byLine(buffer)].map(({ line }) => (isUtf8(line) ? { text: line.toString('utf8') } : garbledText(line)));
}

/** @param from number of the first line. @returns the numbers of the lines that are no UTF-8. */
export function garbledLines(bytes: Uint8Array, from: number): readonly number[] {
  if (isUtf8(bytes)) return [];
  const lines = [...byLine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))];
  return lines.flatMap(({ line, index }) => (isUtf8(line) ? [] : [from + index]));
}

function* byLine(bytes: Buffer): Generator<{ readonly line: Buffer; readonly index: number }> {
  let from = 0;
  for (let index = 0; from < bytes.length; index++) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const end = feed < 0 ? bytes.length : feed + 1;
    yield { line: bytes.subarray(from, end), index };
    from = end;
  }
}

function garbledText(line: Buffer): TextPiece {
  // A decoder refuses shared memory.
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(line)), garbled: true };
}

/** How many of the last bytes are the start of a character that is longer. */
function openLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}
