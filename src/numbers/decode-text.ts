import { AppError } from '../errors.js';

/** Text of a file and the encoding it was in. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
}

/** XLSX (a ZIP archive) and XLS. */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
] as const;
const AS_CSV = 'Export the list as CSV; workbooks are not read.';

/**
 * Decodes a text file as spreadsheets write them: UTF-8 or UTF-16 with or without a byte-order mark, else GB18030 (which
 * contains GBK and GB2312, the encoding of Chinese Windows).
 * @param name names the file in the error.
 * @throws AppError `input-invalid` for bytes that are none of these, or that hold a NUL character.
 */
export function decodeText(bytes: Uint8Array, name: string): DecodedText {
  if (WORKBOOKS.some((start) => start.every((byte, index) => bytes[index] === byte))) {
    throw new AppError('input-invalid', `${name}: a workbook, not a text file`, { hint: AS_CSV });
  }
  const encoding = utf16Of(bytes);
  const decoded = encoding === undefined ? decodeBytes(bytes) : decodeAs(bytes, encoding);
  if (decoded === undefined) {
    throw new AppError('input-invalid', `${name}: neither UTF-8, UTF-16 nor GB18030 text`, {
      hint: AS_CSV,
    });
  }
  const nul = decoded.text.indexOf('\0');
  if (nul >= 0) {
    const row = decoded.text.slice(0, nul).split('\n').length;
    throw new AppError('input-invalid', `${name}, row ${row}: holds a NUL character; this is not a text file`, {
      hint: AS_CSV,
    });
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

/** By the mark, else by the zero bytes that every second byte of ASCII text in UTF-16 is. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 1024);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 8;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : undefined;
}
