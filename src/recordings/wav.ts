/** What the head of a file says of the sound in it. `notes` name what is unusual but no reason to refuse the file. */
export type WavInspection =
  | { readonly ok: true; readonly durationSeconds: number; readonly notes: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** So much of a file is enough for {@link inspectWav}. */
export const WAV_HEAD_BYTES = 65_536;

const FORMATS: Readonly<Record<number, string>> = {
  1: 'PCM',
  3: 'float',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  85: 'MP3',
};
const EXTENSIBLE = 0xfffe;
/** Lengths that writers leave in the header when they do not know the length yet. */
const UNKNOWN_LENGTHS_FROM = 0x7fff_f000;

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
}

/**
 * Tells whether a file is a whole WAV. The platform records A-law, 8000 Hz, mono; other formats are noted, not refused.
 * A header without a length (0 or the highest value) is accepted with a note; a sound that is shorter than its header says
 * is not, but for the padding byte at the end.
 * @param head the first {@link WAV_HEAD_BYTES} of the file, or all of it.
 * @param sizeBytes length of the whole file.
 * @returns duration in seconds, with fractions.
 * Source: recording format, pn_faq_spec07 (read 2026-07).
 */
export function inspectWav(
  head: Uint8Array,
  sizeBytes: number,
  _expected?: { readonly talkSeconds?: number | undefined },
): WavInspection {
  if (sizeBytes === 0) return { ok: false, reason: 'the file is empty' };
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    return { ok: false, reason: `not a WAV file${kindOf(bytes)}: it starts with ${hexOf(bytes)}` };
  }
  let format: Format | undefined;
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const length = bytes.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (name === 'data') {
      if (format === undefined) return { ok: false, reason: 'the WAV header has no format before the sound' };
      return judge(format, { start, length, sizeBytes });
    }
    if (name === 'fmt ') {
      format = parseFormat(bytes.subarray(start, start + length));
      if (format === undefined) return { ok: false, reason: 'the WAV header is damaged: its format is too short' };
    }
    offset = start + length + (length % 2);
  }
  const why =
    offset >= sizeBytes || bytes.length >= sizeBytes ? 'cut off in the header' : 'no sound in the first 64 KiB';
  return { ok: false, reason: `the WAV is damaged: ${why}` };
}

function parseFormat(chunk: Buffer): Format | undefined {
  if (chunk.length < 16) return undefined;
  const code = chunk.readUInt16LE(0);
  return {
    // In the extensible form the code is the start of a GUID behind the plain fields.
    code: code === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : code,
    channels: chunk.readUInt16LE(2),
    sampleRate: chunk.readUInt32LE(4),
    bytesPerSecond: chunk.readUInt32LE(8),
  };
}

function judge(format: Format, sound: { start: number; length: number; sizeBytes: number }): WavInspection {
  const there = sound.sizeBytes - sound.start;
  if (there <= 0) return { ok: false, reason: 'the WAV holds a header and no sound' };
  if (format.bytesPerSecond === 0) return { ok: false, reason: 'the WAV header is damaged: no bytes per second' };
  const unknown = sound.length === 0 || sound.length >= UNKNOWN_LENGTHS_FROM;
  if (!unknown && sound.length > there) {
    return { ok: false, reason: `the WAV is cut off: ${there} of ${sound.length} bytes of sound` };
  }
  const notes = describe(format);
  if (unknown) notes.push('the header does not state the length of the sound; it cannot be checked');
  return { ok: true, durationSeconds: (unknown ? there : sound.length) / format.bytesPerSecond, notes };
}

function describe({ code, channels, sampleRate }: Format): string[] {
  const notes: string[] = [];
  if (code !== 6) notes.push(`format ${FORMATS[code] ?? code}, not A-law`);
  if (sampleRate !== 8000) notes.push(`${sampleRate} Hz, not 8000`);
  if (channels !== 1) notes.push(`${channels} channels, not mono`);
  return notes;
}

function kindOf(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, 64).replace(/^ï»¿/, '').trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return ' but an HTML page';
  if (text.startsWith('<')) return ' but XML';
  if (text.startsWith('{') || text.startsWith('[')) return ' but JSON';
  if (text.startsWith('id3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return ' but MP3';
  return '';
}

function hexOf(bytes: Buffer): string {
  return (bytes.toString('hex', 0, 16).match(/../g) ?? []).join(' ');
}
