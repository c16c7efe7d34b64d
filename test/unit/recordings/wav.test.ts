import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectWav } from '../../../src/recordings/wav.js';
import { chunk, wav } from './wav-bytes.js';

/** With its texts in English. */
function look(...args: Parameters<typeof inspectWav>) {
  const found = inspectWav(...args);
  return found.ok ? { ...found, notes: found.notes.map(({ en }) => en) } : { ...found, reason: found.reason.en };
}

function inspect(bytes: Buffer): ReturnType<typeof look> {
  return look(bytes, bytes.length);
}

function extensible(): Buffer {
  const tail = Buffer.alloc(24);
  tail.writeUInt16LE(22, 0);
  tail.writeUInt16LE(6, 8);
  return wav(8000, { code: 0xfffe, formatTail: tail });
}

describe('inspectWav', () => {
  it('takes what the platform records', () => {
    expect(inspect(wav(16_000))).toEqual({ ok: true, durationSeconds: 2, notes: [] });
  });

  it.each([
    [
      'fact and LIST chunks before the sound',
      wav(8000, { before: [chunk('fact', Buffer.alloc(4)), chunk('LIST', Buffer.alloc(7))] }),
    ],
    ['a LIST chunk behind it', wav(8000, { after: [chunk('LIST', Buffer.alloc(26))] })],
    ['the extensible form', extensible()],
  ])('takes %s', (_, bytes) => {
    expect(inspect(bytes)).toEqual({ ok: true, durationSeconds: 1, notes: [] });
  });

  it('takes an odd length with and without its padding byte', () => {
    const bytes = wav(7999);
    expect(inspect(bytes)).toMatchObject({ ok: true, durationSeconds: 0.999875 });
    expect(inspect(bytes.subarray(0, -1))).toMatchObject({ ok: true, durationSeconds: 0.999875 });
    expect(inspect(bytes.subarray(0, -2))).toMatchObject({ ok: false });
  });

  it.each([0, 0xffff_ffff, 0x7fff_ffff])('takes a header that states the length %i, with a note', (stated) => {
    expect(inspect(wav(8000, { stated }))).toEqual({
      ok: true,
      durationSeconds: 1,
      notes: ['the header does not state the length of the sound; it cannot be checked'],
    });
  });

  it('notes another format', () => {
    expect(inspect(wav(32_000, { code: 1, rate: 16_000, channels: 2 }))).toEqual({
      ok: true,
      durationSeconds: 1,
      notes: ['format PCM, not A-law', '16000 Hz, not 8000', '2 channels, not mono'],
    });
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'the file is empty'],
    [
      'a page',
      Buffer.from('<!DOCTYPE html><html>'),
      'not a WAV file but an HTML page: it starts with 3c 21 44 4f 43 54 59 50 45 20 68 74 6d 6c 3e 3c',
    ],
    ['XML', Buffer.from('<?xml version="1.0"?>'), 'not a WAV file but XML: it starts with 3c 3f'],
    ['JSON', Buffer.from('{"resultcode":"1"}'), 'not a WAV file but JSON: it starts with 7b 22'],
    ['MP3', Buffer.from('4944330400000000', 'hex'), 'not a WAV file but MP3: it starts with 49 44 33 04'],
    ['other bytes', Buffer.from([1, 2]), 'not a WAV file: it starts with 01 02'],
    ['a header without sound', wav(0), 'the WAV holds a header and no sound'],
    ['a cut sound', wav(8000).subarray(0, -1), 'the WAV is cut off: 7999 of 8000 bytes of sound'],
    ['a cut header', wav(8000).subarray(0, 18), 'the WAV is damaged: cut off in the header'],
    [
      'a short format',
      Buffer.concat([wav(8).subarray(0, 12), chunk('fmt ', Buffer.alloc(4)), chunk('data', Buffer.alloc(8))]),
      'its format is too short',
    ],
    [
      'no format',
      Buffer.concat([wav(8).subarray(0, 12), chunk('data', Buffer.alloc(8))]),
      'no format before the sound',
    ],
  ])('refuses %s', (_, bytes, reason) => {
    const found = inspect(bytes);
    expect(found.ok).toBe(false);
    expect(found).toHaveProperty('reason', expect.stringContaining(reason));
  });

  it('judges by the head alone', () => {
    const bytes = wav(1_000_000);
    expect(inspectWav(bytes.subarray(0, 65_536), bytes.length)).toMatchObject({ ok: true, durationSeconds: 125 });
    expect(inspectWav(bytes.subarray(0, 65_536), bytes.length - 1)).toMatchObject({ ok: false });
  });

  it('refuses a WAV that is cut anywhere', () => {
    // A chunk of nothing but its head behind the sound could be cut off unseen: real ones hold something.
    const chunks = fc.array(
      fc.record({ name: fc.constantFrom('LIST', 'fact', 'bext'), size: fc.integer({ min: 4, max: 40 }) }),
      { maxLength: 2 },
    );
    const built = fc.record({ samples: fc.integer({ min: 1, max: 300 }), before: chunks, after: chunks });
    const toChunks = (list: readonly { name: string; size: number }[]): Buffer[] =>
      list.map(({ name, size }) => chunk(name, Buffer.alloc(size)));
    fc.assert(
      fc.property(built, fc.double({ min: 0, max: 1, noNaN: true }), ({ samples, before, after }, share) => {
        const bytes = wav(samples, { before: toChunks(before), after: toChunks(after) });
        expect(inspect(bytes).ok).toBe(true);
        // The padding byte at the very end is no part of the sound.
        const last = bytes.length - 1 - (after.length === 0 ? samples % 2 : 0);
        expect(inspect(bytes.subarray(0, Math.floor(share * last))).ok).toBe(false);
        expect(inspect(bytes.subarray(0, last)).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('takes a length of the file that counts its own head, or is missing', () => {
    const bytes = wav(8000);
    for (const stated of [bytes.length, 0, 0xffff_ffff]) {
      bytes.writeUInt32LE(stated, 4);
      expect(inspect(bytes)).toMatchObject({ ok: true, durationSeconds: 1, notes: [] });
      expect(inspect(bytes.subarray(0, -1)).ok).toBe(false);
    }
  });

  it('refuses a cut that only the length of the file can tell', () => {
    const bytes = wav(8000, { stated: 0 });
    expect(inspect(bytes.subarray(0, -9))).toEqual({
      ok: false,
      reason: `the WAV is cut off: ${bytes.length - 9} of ${bytes.length} bytes`,
    });
  });

  it('takes bytes behind the end, with a note where they are more than one', () => {
    const bytes = wav(8000);
    expect(inspect(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatchObject({ ok: true, notes: [] });
    expect(inspect(Buffer.concat([bytes, Buffer.alloc(9)]))).toMatchObject({
      ok: true,
      notes: ['8 bytes behind the stated end'],
    });
  });

  it('takes chunks before the sound that are longer than the head, with a note', () => {
    const bytes = wav(8000, { before: [chunk('LIST', Buffer.alloc(70_000))] });
    const found = look(bytes.subarray(0, 65_536), bytes.length);
    expect(found).toEqual({
      ok: true,
      durationSeconds: 1,
      notes: ['the header does not state the length of the sound; it cannot be checked'],
    });
    expect(inspectWav(bytes.subarray(0, 65_536), bytes.length - 20).ok).toBe(false);
  });

  it.each([
    [60, 55, undefined],
    [60, 54, 'suspect: 60 s of sound for 54 s of talk'],
    [60, 66, undefined],
    [60, 67, 'suspect: 60 s of sound for 67 s of talk'],
    [1, 3, undefined],
    [1, 7, 'suspect: 1 s of sound for 7 s of talk'],
  ])('%i s of sound for %i s of talk: %s', (sound, talkSeconds, note) => {
    const bytes = wav(sound * 8000);
    expect(look(bytes, bytes.length, { talkSeconds })).toEqual({
      ok: true,
      durationSeconds: sound,
      notes: note === undefined ? [] : [note],
    });
  });

  it('answers whatever the bytes are', () => {
    const bytes = fc.uint8Array({ maxLength: 100 }).map((tail) => Buffer.concat([Buffer.from('RIFFxxxxWAVE'), tail]));
    fc.assert(
      fc.property(bytes, (file) => {
        const found = inspect(file);
        expect(found.ok ? found.durationSeconds : found.reason.length).toBeGreaterThan(0);
      }),
    );
  });
});
