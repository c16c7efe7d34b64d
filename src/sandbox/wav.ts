const SAMPLES_PER_SECOND = 8000;
const HEADER_BYTES = 58;
const CHUNK_BYTES = 64_000;

/** Sound of one recording. */
export interface WavOptions {
  /** Whole seconds. */
  readonly seconds: number;
  /** Chooses pitch and loudness. */
  readonly seed: number;
}

/** Size of the file, header included: 8000 bytes a second and 58. */
export function wavSizeBytes(seconds: number): number {
  return HEADER_BYTES + seconds * SAMPLES_PER_SECOND;
}

/**
 * One sample in G.711 A-law.
 * @param sample signed 16-bit value.
 * @returns the byte; silence (0) is 0xD5.
 * Source: ITU-T G.711 (1988), table 1a, even bits inverted.
 */
export function encodeAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_767) >> 3;
  let segment = 0;
  for (let rest = magnitude >> 5; rest > 0; rest >>= 1) segment += 1;
  const step = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}

/**
 * Head of a WAV file as the platform records: A-law (format 6), 8000 Hz, mono, 64 kbit/s, with the `fact` chunk that formats other
 * than PCM need. 58 bytes.
 * Source: pn_faq_spec07 (read 2026-07); RIFF: "Multimedia Data Standards Update", 1994, `WAVEFORMATEX` and `fact`.
 */
function wavHeader(seconds: number): Uint8Array {
  const dataBytes = seconds * SAMPLES_PER_SECOND;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(6, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  header.writeUInt32LE(SAMPLES_PER_SECOND, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.writeUInt16LE(0, 36);
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(dataBytes, 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(dataBytes, 54);
  return header;
}

/** One period of the tone: 200-500 Hz, so that recordings of calls of one length differ. */
function period(seed: number): Uint8Array {
  const samples = 16 + (Math.abs(seed) % 25);
  const amplitude = 8000 + (Math.abs(seed) % 4001);
  return Uint8Array.from({ length: samples }, (_, index) =>
    encodeAlaw(Math.round(amplitude * Math.sin((2 * Math.PI * index) / samples))),
  );
}

/** The bytes of a recording from `from` up to, not including, `to`, in pieces of at most 64 kB. Reads and writes nothing. */
export function* sliceWav(options: WavOptions, from: number, to: number): Generator<Uint8Array> {
  const header = wavHeader(options.seconds);
  if (from < HEADER_BYTES) yield header.subarray(from, Math.min(to, HEADER_BYTES));
  const tone = period(options.seed);
  for (let at = Math.max(from, HEADER_BYTES); at < to; at += CHUNK_BYTES) {
    const piece = new Uint8Array(Math.min(CHUNK_BYTES, to - at));
    const offset = at - HEADER_BYTES;
    for (let index = 0; index < piece.length; index += 1) piece[index] = tone[(offset + index) % tone.length] ?? 0;
    yield piece;
  }
}
