/** What is looked at to tell an encoding. */
const HEAD_BYTES = 1024;

/**
 * UTF-16 by its mark, else by the zero bytes that every second byte of ASCII text in UTF-16 is: PowerShell's `>` writes it.
 * @param head the first 1024 bytes, or all of a shorter file; of JSON, which begins in ASCII, two will do.
 * @returns `undefined` for every other encoding.
 */
export function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const start = head.subarray(0, HEAD_BYTES);
  if (!start.includes(0)) return undefined;
  const zeros = [0, 0];
  start.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = start.length / 8;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : undefined;
}

/** A small text file that a person wrote, as text: UTF-8 or UTF-16, the byte-order mark left out. Bytes that are no text become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(utf16Of(bytes) ?? 'utf-8').decode(bytes);
}
