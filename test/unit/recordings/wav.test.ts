import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectWav } from '../../../src/recordings/wav.js';
import { chunk, wav } from './wav-bytes.js';

function inspect(bytes: Buffer): ReturnType<typeof inspectWav> {
  return inspectWav(bytes, bytes.length);
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
    const bytes = wav(400, { before: [chunk('fact', Buffer.alloc(4))] });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(inspect(bytes.subarray(0, length)).ok).toBe(false);
      }),
    );
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
