/** The value of a JSON text; `undefined` for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same for bytes in UTF-8, with or without a byte-order mark. */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const { buffer, byteOffset, length } = hasMark ? bytes.subarray(3) : bytes;
  return parseJson(Buffer.from(buffer, byteOffset, length).toString('utf8'));
}
