import { describe, expect, it } from 'vitest';
import { cellText, memberAt, plainData } from '../../../src/output/plain-data.js';

const OPEN = { zone: 'Asia/Shanghai', mask: false };
const MASKED = { zone: 'Asia/Shanghai', mask: true };

describe('plainData', () => {
  it('writes instants with the offset of the zone', () => {
    const at = new Date('2019-01-23T09:15:14Z');
    expect(plainData({ at }, OPEN)).toEqual({ at: '2019-01-23T17:15:14+08:00' });
    expect(plainData({ at }, { ...OPEN, zone: 'UTC' })).toEqual({ at: '2019-01-23T09:15:14Z' });
  });

  it('leaves undefined members out and keeps null', () => {
    expect(plainData({ a: undefined, expiresAt: null, n: 0, f: false, t: '' }, OPEN)).toEqual({
      expiresAt: null,
      n: 0,
      f: false,
      t: '',
    });
  });

  it('writes bytes as base64', () => {
    expect(plainData({ body: new Uint8Array([1, 2, 255]) }, OPEN)).toEqual({ body: 'AQL/' });
  });

  it('masks number fields and numbers in texts only where asked, at any depth', () => {
    const data = { x: '+8617000000201', raw: { note: 'call +8613800000001 back' }, list: [{ a: '+8613800000001' }] };
    expect(plainData(data, OPEN)).toEqual(data);
    expect(plainData(data, MASKED)).toEqual({
      x: '+86170****0201',
      raw: { note: 'call +86138****0001 back' },
      list: [{ a: '+86138****0001' }],
    });
  });

  it('keeps a member called __proto__ a member, and does not touch its input', () => {
    const input = JSON.parse('{"__proto__":{"polluted":true}}') as object;
    const output = plainData(input, OPEN) as object;
    expect(Object.keys(output)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(output)).toBe(Object.prototype);
  });
});

describe('memberAt', () => {
  const data = { cause: { code: '8014' }, items: [{ x: 1 }] };

  it.each([
    ['cause.code', '8014'],
    ['items.0.x', 1],
    ['cause.none', undefined],
    ['cause.code.length', undefined],
    ['constructor', undefined],
    ['cause.__proto__', undefined],
  ])('%s', (path, expected) => {
    expect(memberAt(data, path)).toBe(expected);
  });
});

describe('cellText', () => {
  it.each([
    [undefined, ''],
    [null, ''],
    ['text', 'text'],
    [65, '65'],
    [false, 'false'],
    [{ a: 1 }, '{"a":1}'],
    [['a'], '["a"]'],
  ])('%j', (value, expected) => {
    expect(cellText(value)).toBe(expected);
  });
});
