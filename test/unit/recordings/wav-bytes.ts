/** Chunks of a WAV that a test wants otherwise than the platform writes them. */
export interface WavShape {
  readonly code?: number;
  readonly rate?: number;
  readonly channels?: number;
  /** Length that the header states. */
  readonly stated?: number;
  readonly before?: readonly Buffer[];
  readonly after?: readonly Buffer[];
  /** Bytes of the format beyond the plain 16. */
  readonly formatTail?: Buffer;
}

/** One chunk, padded to an even length. */
export function chunk(name: string, content: Buffer, stated = content.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(stated, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** A WAV as the platform records: A-law, 8000 Hz, mono, one byte a sample, all samples silent. */
export function wav(samples: number, shape: WavShape = {}): Buffer {
  const { code = 6, rate = 8000, channels = 1, formatTail = Buffer.alloc(2) } = shape;
  const format = Buffer.alloc(16);
  format.writeUInt16LE(code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * channels, 8);
  format.writeUInt16LE(channels, 12);
  format.writeUInt16LE(8, 14);
  const chunks = Buffer.concat([
    chunk('fmt ', Buffer.concat([format, formatTail])),
    ...(shape.before ?? []),
    chunk('data', Buffer.alloc(samples, 0xd5), shape.stated ?? samples),
    ...(shape.after ?? []),
  ]);
  const head = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1');
  head.writeUInt32LE(chunks.length + 4, 4);
  return Buffer.concat([head, chunks]);
}
