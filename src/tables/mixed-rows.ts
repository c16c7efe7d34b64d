import { isAscii, isUtf8 } from 'node:buffer';

/** Rows of a text that cannot be of one encoding; each from 1. */
export interface MixedRows {
  /** The first line that is UTF-8 and nothing else. */
  readonly utf8: number;
  /** The first line that is not UTF-8. */
  readonly other: number;
}

const LINE_FEED = 0x0a;
/** Lines are looked at up to this length; a text without line feeds has nothing to tell. */
const MOST_LINE_BYTES = 1024 * 1024;

/**
 * Looks for lines in UTF-8 in a text that is not UTF-8 as a whole, such as one that was put together from two exports. As GB18030 they can be read too, as
 * other characters: 北京 as 鍖椾含.
 * @returns `undefined` for a text in one encoding. Reads no further than it must.
 */
export async function findMixedRows(source: AsyncIterable<Uint8Array>): Promise<MixedRows | undefined> {
  let utf8: number | undefined;
  let other: number | undefined;
  let row = 0;
  for await (const line of linesOf(source)) {
    row += 1;
    if (isAscii(line)) continue;
    if (!isUtf8(line)) other ??= row;
    else if (utf8 === undefined && isSurelyUtf8(line)) utf8 = row;
    if (utf8 !== undefined && other !== undefined) return { utf8, other };
  }
  return undefined;
}

async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  for await (const bytes of source) {
    const all = held.length === 0 ? Buffer.from(bytes) : Buffer.concat([held, bytes]);
    let start = 0;
    for (let end = all.indexOf(LINE_FEED); end >= 0; end = all.indexOf(LINE_FEED, start)) {
      yield all.subarray(start, end);
      start = end + 1;
    }
    held = all.subarray(start);
    if (held.length > MOST_LINE_BYTES) return;
  }
  yield held;
}

/**
 * Whether a line of valid UTF-8 is no line of GB18030 by chance: it says at least two Chinese characters, and read as GB18030 it has characters that GB2312,
 * the part that people write, does not have.
 */
function isSurelyUtf8(line: Uint8Array): boolean {
  const characters =
    Buffer.from(line.buffer, line.byteOffset, line.length)
      .toString('utf8')
      .match(/\P{ASCII}/gu) ?? [];
  return (
    characters.length >= 2 &&
    characters.every((character) => /[\u2000-\u206F\u3000-\u9FFF\uFEFF\uFF00-\uFFEF]/.test(character)) &&
    !isGb2312(line)
  );
}

function isGb2312(line: Uint8Array): boolean {
  for (let at = 0; at < line.length; at += 1) {
    if ((line[at] ?? 0) < 0x80) continue;
    if ((line[at] ?? 0) < 0xa1 || (line[at + 1] ?? 0) < 0xa1) return false;
    at += 1;
  }
  return true;
}
