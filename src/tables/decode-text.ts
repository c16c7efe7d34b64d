import { notText, nulError, refuseWorkbook, type TextEncoding, utf16Of } from './text-encoding.js';

/** Text of a file and the encoding it was in. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/**
 * Decodes a text file as spreadsheets write them: UTF-8 or UTF-16 with or without a byte-order mark, else GB18030 (which
 * contains GBK and GB2312, the encoding of Chinese Windows).
 * @param name names the file in the error.
 * @throws AppError `input-invalid` for bytes that are none of these, or that hold a NUL character.
 */
export function decodeText(bytes: Uint8Array, name: string): DecodedText {
  refuseWorkbook(bytes, name);
  const encoding = utf16Of(bytes);
  const decoded = encoding === undefined ? decodeBytes(bytes) : decodeAs(bytes, encoding);
  if (decoded === undefined) throw notText(name);
  const nul = decoded.text.indexOf('\0');
  if (nul >= 0) {
    throw nulError(name, decoded.text.slice(0, nul).split('\n').length);
  }
  return decoded;
}

function decodeBytes(bytes: Uint8Array): DecodedText | undefined {
  return decodeAs(bytes, 'utf-8') ?? decodeAs(bytes, 'gb18030');
}

/** `undefined` when the bytes are not in `encoding`. A byte-order mark is left out. */
function decodeAs(bytes: Uint8Array, encoding: DecodedText['encoding']): DecodedText | undefined {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    return undefined;
  }
}
