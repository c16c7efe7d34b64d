/** No line is longer: what is larger was not written by this tool, and is skipped with constant memory. */
const MAX_LINE_BYTES = 128 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** A line of a file. */
export interface Line {
  /** Without its line feed; `undefined` when it is too long to be one of ours. */
  readonly bytes: Buffer | undefined;
  /** From 1. */
  readonly number: number;
  /** Whether a line feed ends it: the last line of a file that is being written, or was cut, has none. */
  readonly ended: boolean;
}

/** A line that was just cut. */
export interface CutLine extends Line {
  /** Without its line feed, also of a line that is too long. */
  readonly lengthBytes: number;
}

/** Cuts a stream of bytes into lines, holding one chunk and one line at a time. An empty last line is not given. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CutLine, void, undefined> {
  for await (const lines of splitChunks(chunks)) yield* lines;
}

/** The lines of {@link splitLines}, those that end in one chunk at a time: to wait for each takes longer than to cut it. None is empty. */
export async function* splitChunks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly CutLine[], void, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 1;
  const hold = (part: Buffer): void => {
    heldBytes += part.length;
    if (heldBytes > MAX_LINE_BYTES) held = [];
    else held.push(part);
  };
  const release = (): Buffer | undefined => {
    const [first] = held;
    const bytes = heldBytes > MAX_LINE_BYTES ? undefined : held.length === 1 && first ? first : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return bytes;
  };
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: CutLine[] = [];
    let start = 0;
    for (let end = buffer.indexOf(LINE_FEED); end !== -1; end = buffer.indexOf(LINE_FEED, start)) {
      hold(buffer.subarray(start, end));
      start = end + 1;
      const lengthBytes = heldBytes;
      lines.push({ bytes: release(), number: number++, lengthBytes, ended: true });
    }
    if (start < buffer.length) hold(buffer.subarray(start));
    if (lines.length > 0) yield lines;
  }
  const lengthBytes = heldBytes;
  if (lengthBytes > 0) yield [{ bytes: release(), number, lengthBytes, ended: false }];
}
