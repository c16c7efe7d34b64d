import type { TextEncoding } from './text-encoding.js';

/** Code points of planes above the first have this distance from their four bytes. Source: GB 18030-2005, the linear part of the mapping. */
const LINEAR_START = 189_000;
/** Four-byte sequences of the first plane: 0x81308130 to 0x8431A439. */
const FOUR_BYTES = 39_420;

/**
 * Builds what turns text into the bytes of an encoding. GB18030 is turned round from the engine's own decoder,
 * when the first character that is no ASCII comes: some 30 ms, and two megabytes as long as the encoder is held.
 * What that decoder never gives (19 characters for private use, U+FFFD) becomes a question mark.
 */
export function buildEncoder(encoding: TextEncoding): (text: string) => Uint8Array {
  if (encoding === 'utf-8') return (text) => Buffer.from(text);
  if (encoding === 'utf-16le') return (text) => Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16();
  let short: ReadonlyMap<string, Buffer> | undefined;
  let long: ReadonlyMap<string, Buffer> | undefined;
  return (text) => {
    if (/^[\0-\x7f]*$/.test(text)) return Buffer.from(text, 'latin1');
    const parts = Array.from(text, (character) => {
      const point = character.codePointAt(0) ?? 0;
      if (point < 0x80) return Buffer.of(point);
      if (point > 0xffff) return fourBytes(point - 0x10000 + LINEAR_START);
      short ??= invert(pairs());
      const known = short.get(character);
      if (known !== undefined) return known;
      long ??= invert(Array.from({ length: FOUR_BYTES }, (_, pointer) => fourBytes(pointer)));
      return long.get(character) ?? Buffer.of(0x3f);
    });
    return Buffer.concat(parts);
  };
}

function invert(sequences: Iterable<Buffer>): ReadonlyMap<string, Buffer> {
  const decoder = new TextDecoder('gb18030');
  const found = new Map<string, Buffer>();
  for (const bytes of sequences) {
    const text = decoder.decode(bytes);
    if (text.length === 1 && text !== '\ufffd' && !found.has(text)) found.set(text, bytes);
  }
  return found;
}

function* pairs(): Generator<Buffer> {
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) yield Buffer.of(lead, trail);
  }
}

function fourBytes(pointer: number): Buffer {
  const third = Math.floor(pointer / 10);
  const second = Math.floor(third / 126);
  return Buffer.of(0x81 + Math.floor(second / 10), 0x30 + (second % 10), 0x81 + (third % 126), 0x30 + (pointer % 10));
}
