import { describe, expect, it } from 'vitest';
import { buildEncoder } from '../../../src/tables/build-encoder.js';

/** Private use, and the mark of what cannot be read: the engine's decoder gives none of them. */
const NEVER_DECODED =
  '\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ufffd';

describe('buildEncoder', () => {
  it.each([
    ['深圳', 'c9eedbda'],
    ['€', 'a2e3'],
    ['㐀', '8139ee39'],
    ['😀', '9439fc36'],
    ['a,1', '612c31'],
  ])('GB18030: %s is %s', (text, hex) => {
    expect(Buffer.from(buildEncoder('gb18030')(text)).toString('hex')).toBe(hex);
  });

  it('every character comes back from its bytes, but those that no file in GB18030 can hold', () => {
    const points = Array.from({ length: 0x10ffff }, (_, point) => point).filter(
      (point) => (point < 0xd800 || point > 0xdfff) && (point < 0x11000 || point % 97 === 0),
    );
    const text = String.fromCodePoint(0x41) + points.map((point) => String.fromCodePoint(point)).join('');
    for (const encoding of ['gb18030', 'utf-16be', 'utf-16le', 'utf-8'] as const) {
      const back = Array.from(new TextDecoder(encoding).decode(buildEncoder(encoding)(text)));
      const lost = Array.from(text).filter((character, index) => back[index] !== character);
      expect(lost.join(''), encoding).toBe(encoding === 'gb18030' ? NEVER_DECODED : '');
    }
  });
});
