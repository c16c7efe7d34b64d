import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAlaw, sliceWav, wavSizeBytes } from '../../../src/sandbox/wav.js';
import { wholeWav } from '../../helpers/whole-wav.js';

describe('a recording', () => {
  it('writes the header of A-law, 8000 Hz, mono, 64 kbit/s', () => {
    const wav = Buffer.from(wholeWav(2, 1));
    expect(wav.subarray(0, 58).toString('hex')).toBe(
      // RIFF, 16050; WAVEfmt, 18; format 6, 1 channel; 8000 Hz; 8000 bytes/s; block 1, 8 bits, no extra; fact, 4, 16000; data, 16000
      '52494646b23e000057415645666d742012000000060001' +
        '00401f0000401f0000010008000000666163740400' +
        '0000803e000064617461803e0000',
    );
    expect(wav.length).toBe(16_058);
    expect(wavSizeBytes(65)).toBe(520_058);
  });

  it('sounds: the samples are a tone, and another seed is another tone', () => {
    const wav = wholeWav(1, 3);
    expect(new Set(wav.subarray(58)).size).toBeGreaterThan(8);
    expect(Buffer.compare(wav, wholeWav(1, 4))).not.toBe(0);
    expect(Buffer.compare(wav, wholeWav(1, 3))).toBe(0);
  });

  it('gives every slice as it stands in the whole', () => {
    const whole = Buffer.from(wholeWav(20, 5));
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const slice = Buffer.concat([...sliceWav({ seconds: 20, seed: 5 }, from, to)]);
        expect(slice.equals(whole.subarray(from, to))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('encodeAlaw', () => {
  it.each([
    [0, 0xd5],
    [-1, 0x55],
    [8, 0xd5],
    [16, 0xd4],
    [1000, 0xfa],
    [-1000, 0x7a],
    [32_767, 0xaa],
    [-32_768, 0x2a],
  ])('gives %i as %i', (sample, byte) => {
    expect(encodeAlaw(sample)).toBe(byte);
  });

  it('is monotonous in size', () => {
    const decode = (byte: number): number => {
      const bits = byte ^ 0x55;
      const segment = (bits >> 4) & 7;
      const step = bits & 15;
      const size = segment === 0 ? step * 2 + 1 : (step * 2 + 33) << (segment - 1);
      return (bits & 0x80) === 0 ? -size : size;
    };
    let last = Number.NEGATIVE_INFINITY;
    for (let sample = -32_768; sample <= 32_767; sample += 16) {
      const value = decode(encodeAlaw(sample));
      expect(value).toBeGreaterThanOrEqual(last);
      expect(Math.abs(value * 8 - sample)).toBeLessThanOrEqual(Math.max(Math.abs(sample) / 16, 16));
      last = value;
    }
  });
});
