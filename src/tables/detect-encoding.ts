import { utf16Of } from '../domain/text-encoding.js';
import { findMixedRows } from './mixed-rows.js';
import { notText, nulError, refuseWorkbook, type TextEncoding } from './text-encoding.js';

/** Bytes that can be read again from their start, as often as asked. */
export type ByteSource = () => AsyncIterable<Uint8Array>;

const LINE_FEED = 0x0a;

/**
 * The encoding of a text that may be too large for memory: reads all of it, up to three times where it is not UTF-8.
 * @param name names the file in the error.
 * @throws AppError `input-invalid` for bytes in none of the encodings, lines of several encodings, a workbook, or a NUL character.
 */
export async function detectEncoding(source: ByteSource, name: string): Promise<TextEncoding> {
  const head = await readHead(source);
  refuseWorkbook(head, name);
  const marked = utf16Of(head);
  if (marked !== undefined) {
    if (!(await isIn(source, marked, name))) throw notText(name);
    return marked;
  }
  if (await isIn(source, 'utf-8', name)) return 'utf-8';
  const mixed = await findMixedRows(source());
  if (mixed === undefined && (await isIn(source, 'gb18030', name))) return 'gb18030';
  throw notText(name, mixed);
}

async function readHead(source: ByteSource): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of source()) {
    parts.push(part);
    length += part.length;
    if (length >= 1024) break;
  }
  return Buffer.concat(parts);
}

async function isIn(source: ByteSource, encoding: TextEncoding, name: string): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const wide = encoding.startsWith('utf-16');
  let lines = 1;
  try {
    for await (const bytes of source()) {
      const text = decoder.decode(bytes, { stream: true });
      const nul = wide ? text.indexOf('\0') : bytes.indexOf(0);
      if (nul >= 0)
        throw nulError(name, lines + (wide ? linesIn(Buffer.from(text.slice(0, nul))) : linesIn(bytes, nul)));
      lines += wide ? text.split('\n').length - 1 : linesIn(bytes);
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function linesIn(bytes: Uint8Array, end = bytes.length): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at < end; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
