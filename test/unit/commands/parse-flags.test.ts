import { describe, expect, it } from 'vitest';
import {
  parseAddress,
  parseChoice,
  parseChoices,
  parseCount,
  parseEnd,
  parseFactor,
  parseMode,
  parseNumber,
  parsePort,
  parseSeconds,
  parseSize,
  parseTime,
  parseWaitMs,
  parseWithin,
} from '../../../src/commands/parse-flags.js';

const WHEN = { zone: 'Asia/Shanghai', now: new Date('2026-11-22T04:00:00Z') };

function refusal(message: string): unknown {
  return expect.objectContaining({ code: 'flag-invalid', message });
}

describe('parse-flags', () => {
  it('counts', () => {
    expect(parseCount('--limit', '12')).toBe(12);
    expect(parseCount('--seed', '0', 0)).toBe(0);
    for (const text of ['0', '-1', '1.5', '1e3', 'many', '', '99999999999999999999', '0x10']) {
      expect(() => parseCount('--limit', text)).toThrow(
        refusal(`--limit ${text}: must be a whole number of at least 1`),
      );
    }
  });

  it('numbers within bounds', () => {
    expect(parseWithin('--count', '50', { most: 50 })).toBe(50);
    expect(parseWithin('--expect-status', '100', { least: 100, most: 599 })).toBe(100);
    for (const text of ['0', '51', '', 'x', '1.5', '-1'])
      expect(() => parseWithin('--count', text, { most: 50 })).toThrow(
        refusal(`--count ${text}: must be a whole number from 1 to 50`),
      );
  });

  it('sizes', () => {
    expect(['1048576', '1M', '1mb', '1.5 KiB', '2G'].map((text) => parseSize('--max-body', text))).toEqual([
      1_048_576, 1_048_576, 1_048_576, 1536, 2_147_483_648,
    ]);
    for (const text of ['', '0', 'M', '-1', '1T', '2M/s'])
      expect(() => parseSize('--max-body', text)).toThrow(
        refusal(`--max-body ${text}: must be a size in bytes such as 1048576, 800K or 2M`),
      );
  });

  it('lengths of time', () => {
    expect(parseSeconds('--talk', '1m05s')).toBe(65);
    expect(() => parseSeconds('--talk', 'long')).toThrow(
      refusal('--talk long: must be a length of time such as 90s, 65m or 2h'),
    );
  });

  it('waits', () => {
    expect(parseWaitMs('--forward-timeout', '1.5ms')).toBe(2);
    expect(parseWaitMs('--forward-timeout', '24h')).toBe(86_400_000);
    expect(parseWaitMs('--pause', '0', { orNone: true })).toBe(0);
    expect(() => parseWaitMs('--pause', '0')).toThrow(refusal('--pause 0: must not be 0'));
    expect(() => parseWaitMs('--pause', '25h')).toThrow(refusal('--pause 25h: must be at most 24h'));
    expect(() => parseWaitMs('--pause', '61s', { most: '60s' })).toThrow(refusal('--pause 61s: must be at most 60s'));
    expect(() => parseWaitMs('--pause', 'x')).toThrow(
      refusal('--pause x: must be a length of time such as 90s, 65m or 2h'),
    );
  });

  it('factors', () => {
    expect(['600x', '1', '0.01x'].map((text) => parseFactor('--time-scale', text))).toEqual([600, 1, 0.01]);
    for (const text of ['0', '0x', 'x', '', '-1', '1e3'])
      expect(() => parseFactor('--time-scale', text)).toThrow(
        refusal(`--time-scale ${text}: must be a factor such as 600x`),
      );
    expect(() => parseFactor('--time-scale', '0.001x')).toThrow(
      refusal('--time-scale 0.001x: must be a factor of at least 0.01x'),
    );
  });

  it('ports', () => {
    expect(parsePort('--port', '0')).toBe(0);
    expect(parsePort('--port', '65535')).toBe(65_535);
    for (const text of ['65536', '-1', '80.5', 'http', '', '0x50'])
      expect(() => parsePort('--port', text)).toThrow(refusal(`--port ${text}: must be a port from 0 to 65535`));
  });

  it('addresses', () => {
    expect(parseAddress('--to', 'http://127.0.0.1:8080/fee').href).toBe('http://127.0.0.1:8080/fee');
    for (const text of ['127.0.0.1:8080', 'ftp://example.com', 'file:///etc/passwd', '']) {
      expect(() => parseAddress('--to', text)).toThrow(expect.objectContaining({ code: 'flag-invalid' }));
    }
  });

  it('numbers', () => {
    expect(parseNumber('-a', '138 0000 0001')).toBe('+8613800000001');
    expect(() => parseNumber('-a', '12')).toThrow(expect.objectContaining({ code: 'flag-invalid' }));
  });

  it('words of a list, one or several, in any case', () => {
    const states = ['active', 'gone', 'in-doubt'] as const;
    expect(parseChoice('--state', ' Gone', states)).toBe('gone');
    expect(parseChoices('--state', 'active，IN-DOUBT', states)).toEqual(['active', 'in-doubt']);
    const message = (typed: string): string => `--state ${typed}: must be active, gone or in-doubt`;
    for (const typed of ['away', '', 'constructor']) {
      expect(() => parseChoice('--state', typed, states)).toThrow(refusal(message(typed)));
      expect(() => parseChoices('--state', `gone,${typed}`, states)).toThrow(refusal(message(typed)));
    }
  });

  it('modes', () => {
    expect(parseMode('--mode', 'AxYb')).toBe('axyb');
    expect(() => parseMode('--mode', 'abc')).toThrow(refusal('--mode abc: must be ax, axb, axe, axyb or x'));
  });

  it('times; as an end, a day counts whole', () => {
    expect(parseTime('--since', '2026-11-22', WHEN)).toEqual(new Date('2026-11-21T16:00:00Z'));
    expect(parseEnd('--until', '2026-11-22', WHEN)).toEqual(new Date('2026-11-22T16:00:00Z'));
    expect(parseTime('--since', '24h', WHEN)).toEqual(new Date('2026-11-21T04:00:00Z'));
    expect(() => parseTime('--since', '2026-02-30', WHEN)).toThrow(refusal('--since 2026-02-30: not a time'));
    expect(() => parseEnd('--until', 'soon', WHEN)).toThrow(refusal('--until soon: not a time'));
  });
});
