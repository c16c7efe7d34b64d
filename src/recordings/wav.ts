import type { TextPair } from '../domain/text-pair.js';
/** What the head of a file says of the sound in it. `notes` name what is unusual but no reason to refuse the file. */
export type WavInspection =
  | { readonly ok: true; readonly durationSeconds: number; readonly notes: readonly TextPair[] }
  | { readonly ok: false; readonly reason: TextPair };

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
 * How far the length of the sound may be from the talk of the CDR before it is noted: 5 s, or a tenth of the talk where that is more. How
 * exact the platform's seconds are is not documented, so a difference alone never refuses a file.
 */
const TALK_TOLERANCE_SECONDS = 5;
const TALK_TOLERANCE_SHARE = 0.1;

/** Some writers count the eight bytes of the file's own head into its length; and the padding byte is often left out. */
const SPARE_BYTES = 8;

/** What a file is expected to hold. */
export interface WavExpectation {
  /** Length of the talk in the CDR. */
  readonly talkSeconds?: number | undefined;
}

/**
 * Tells whether a file is a whole WAV. The platform records A-law, 8000 Hz, mono; other formats are noted, not refused.
 * A header without a length (0 or the highest value, for the sound or for the file) is accepted with a note, and so are further
 * chunks and bytes behind the sound; a file that is shorter than its header says is not, but for a padding byte.
 * @param head the first {@link WAV_HEAD_BYTES} of the file, or all of it.
 * @param sizeBytes length of the whole file.
 * @param expected a sound that is much shorter or longer gets a note that begins with `suspect`.
 * @returns duration in seconds, with fractions.
 * Source: recording format, pn_faq_spec07 (read 2026-07).
 */
export function inspectWav(head: Uint8Array, sizeBytes: number, expected: WavExpectation = {}): WavInspection {
  if (sizeBytes === 0) return { ok: false, reason: { zh: '空文件', en: 'the file is empty' } };
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    const [kind, hex] = [kindOf(bytes), hexOf(bytes)];
    const [zh, en] =
      kind === undefined ? ['', ''] : [`，而是 ${kind}`, ` but ${kind === 'HTML' ? 'an HTML page' : kind}`];
    const reason = { zh: `不是 WAV 文件${zh}：开头是 ${hex}`, en: `not a WAV file${en}: it starts with ${hex}` };
    return { ok: false, reason };
  }
  const found = findSound(bytes, sizeBytes);
  if ('en' in found) return { ok: false, reason: found };
  const judged = judge(found, { bytes, sizeBytes });
  if ('en' in judged) return { ok: false, reason: judged };
  const notes = [...describe(found.format), ...judged.notes];
  const strange = compareTalk(judged.durationSeconds, expected.talkSeconds);
  if (strange !== undefined) notes.push(strange);
  return { ok: true, durationSeconds: judged.durationSeconds, notes };
}

interface Sound {
  readonly format: Format;
  /** Where it begins. */
  readonly start: number;
  /** As the header says; `undefined` when it does not, or says it behind the bytes at hand. */
  readonly length: number | undefined;
}

const NO_FORMAT: TextPair = {
  zh: 'WAV 文件头中声音之前没有格式',
  en: 'the WAV header has no format before the sound',
};
const SHORT_FORMAT: TextPair = {
  zh: 'WAV 文件头已损坏：格式过短',
  en: 'the WAV header is damaged: its format is too short',
};

/** @returns why there is none, as text. */
function findSound(bytes: Buffer, sizeBytes: number): Sound | TextPair {
  let format: Format | undefined;
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const length = bytes.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (name === 'data') {
      if (format === undefined) return NO_FORMAT;
      return { format, start, length: isUnknown(length) ? undefined : length };
    }
    if (name === 'fmt ') {
      format = parseFormat(bytes.subarray(start, start + length));
      if (format === undefined) return SHORT_FORMAT;
    }
    offset = start + length + (length % 2);
  }
  if (format !== undefined && bytes.length < sizeBytes && offset + 8 < sizeBytes) {
    return { format, start: offset + 8, length: undefined };
  }
  const isCut = offset >= sizeBytes || bytes.length >= sizeBytes;
  return isCut
    ? { zh: 'WAV 已损坏：文件头不完整', en: 'the WAV is damaged: cut off in the header' }
    : { zh: 'WAV 已损坏：前 64 KiB 中没有格式', en: 'the WAV is damaged: no format in the first 64 KiB' };
}

function isUnknown(length: number): boolean {
  return length === 0 || length >= UNKNOWN_LENGTHS_FROM;
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

/** @returns why the file is refused, as text. */
function judge(
  { format, start, length }: Sound,
  file: { readonly bytes: Buffer; readonly sizeBytes: number },
): { readonly durationSeconds: number; readonly notes: readonly TextPair[] } | TextPair {
  const there = file.sizeBytes - start;
  if (there <= 0) return { zh: 'WAV 只有文件头，没有声音', en: 'the WAV holds a header and no sound' };
  if (format.bytesPerSecond === 0)
    return { zh: 'WAV 文件头已损坏：没有每秒字节数', en: 'the WAV header is damaged: no bytes per second' };
  if (length !== undefined && length > there)
    return {
      zh: `WAV 不完整：声音 ${length} 字节中只有 ${there} 字节`,
      en: `the WAV is cut off: ${there} of ${length} bytes of sound`,
    };
  const stated = file.bytes.readUInt32LE(4);
  const end = isUnknown(stated) ? undefined : stated + 8;
  const endsWithSound = length !== undefined && there - length <= 1;
  // Where a chunk behind the sound has begun, even one byte less is a cut.
  const spare = endsWithSound || length === undefined ? SPARE_BYTES : 0;
  if (end !== undefined && end - file.sizeBytes > spare) {
    return {
      zh: `WAV 不完整：${end} 字节中只有 ${file.sizeBytes} 字节`,
      en: `the WAV is cut off: ${file.sizeBytes} of ${end} bytes`,
    };
  }
  const notes: TextPair[] = [];
  if (length === undefined) notes.push(NO_LENGTH);
  const beyond = file.sizeBytes - Math.max(end ?? 0, start + (length ?? there) + 1);
  if (end !== undefined && beyond > 0 && length !== undefined)
    notes.push({ zh: `文件头声明的结尾之后还有 ${beyond} 字节`, en: `${beyond} bytes behind the stated end` });
  return { durationSeconds: (length ?? there) / format.bytesPerSecond, notes };
}

const NO_LENGTH: TextPair = {
  zh: '文件头没有给出声音长度；无法检查',
  en: 'the header does not state the length of the sound; it cannot be checked',
};

function compareTalk(durationSeconds: number, talkSeconds: number | undefined): TextPair | undefined {
  if (talkSeconds === undefined) return undefined;
  const tolerance = Math.max(TALK_TOLERANCE_SECONDS, talkSeconds * TALK_TOLERANCE_SHARE);
  if (Math.abs(durationSeconds - talkSeconds) <= tolerance) return undefined;
  const seconds = Math.round(durationSeconds);
  return {
    zh: `suspect：通话 ${talkSeconds} 秒，声音 ${seconds} 秒`,
    en: `suspect: ${seconds} s of sound for ${talkSeconds} s of talk`,
  };
}

function describe({ code, channels, sampleRate }: Format): TextPair[] {
  const notes: TextPair[] = [];
  const format = FORMATS[code] ?? code;
  if (code !== 6) notes.push({ zh: `格式为 ${format}，不是 A-law`, en: `format ${format}, not A-law` });
  if (sampleRate !== 8000) notes.push({ zh: `${sampleRate} Hz，不是 8000`, en: `${sampleRate} Hz, not 8000` });
  if (channels !== 1) notes.push({ zh: `${channels} 个声道，不是单声道`, en: `${channels} channels, not mono` });
  return notes;
}

function kindOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, 64).replace(/^ï»¿/, '').trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return 'HTML';
  if (text.startsWith('<')) return 'XML';
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON';
  if (text.startsWith('id3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'MP3';
  return undefined;
}

function hexOf(bytes: Buffer): string {
  return (bytes.toString('hex', 0, 16).match(/../g) ?? []).join(' ');
}
