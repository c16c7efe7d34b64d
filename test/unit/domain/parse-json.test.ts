import { describe, expect, it } from 'vitest';
import { parseJson, parseJsonBytes } from '../../../src/domain/parse-json.js';

describe('parseJson', () => {
  it('gives the value, and nothing for what is none', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
    expect(parseJson('null')).toBeNull();
    expect([parseJson(''), parseJson('{'), parseJson('\ufeff1')]).toEqual([undefined, undefined, undefined]);
  });

  it('reads bytes, of a part of a buffer too, with a byte-order mark or without', () => {
    const bytes = Buffer.from('xx"私"');
    expect(parseJsonBytes(bytes.subarray(2))).toBe('私');
    expect(parseJsonBytes(Buffer.from('\ufeff{}'))).toEqual({});
    expect(parseJsonBytes(new Uint8Array())).toBeUndefined();
  });
});
