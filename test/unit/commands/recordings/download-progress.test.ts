import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { buildDownloadProgress, formatBytes } from '../../../../src/commands/recordings/download-progress.js';
import type { RecordingItem } from '../../../../src/recordings/plan-recordings.js';

function item(key: string, talkSeconds: number): RecordingItem {
  return {
    key,
    record: { kind: 'CallRecord', outcome: 'answered', talkSeconds, raw: {} },
    fetchBy: undefined,
    basis: 'unknown',
  };
}

describe('buildDownloadProgress', () => {
  const still = { milliseconds: () => 0, columns: () => undefined };

  it('tells files, bytes, rate, time left and the slowest', () => {
    let now = 0;
    const clock = { milliseconds: () => now, columns: () => undefined };
    const seen = buildDownloadProgress([item('d/+8613800000001_a.wav', 10), item('d/b.wav', 10)], clock);
    expect(seen.line(true)?.en).toBe('[----------] 0 of 2 · 0 B · 0 B/s');
    seen.step({ key: 'd/+8613800000001_a.wav', receivedBytes: 40_000, totalBytes: 80_000 });
    now = 1000;
    seen.step({ key: 'd/b.wav', receivedBytes: 40_000 });
    // 160,000 bytes are expected, 80,000 came in a second.
    expect(seen.line()?.en).toBe(
      '[----------] 0 of 2 · 80.0 kB · 80.0 kB/s · 1s left · slowest +86138****0001_a 50% after 1s',
    );
    expect(seen.line()).toBeUndefined();
    now = 2000;
    seen.done('d/+8613800000001_a.wav');
    expect(seen.line()?.en).toContain('[#####-----] 1 of 2');
    expect(seen.line(true)?.en).toContain('slowest b 40.0 kB after 1s');
  });

  it('stays within the terminal', () => {
    const name = 'd/1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com.wav';
    let columns = 80;
    const seen = buildDownloadProgress([item(name, 60)], { milliseconds: () => 0, columns: () => columns });
    seen.step({ key: name, receivedBytes: 1000, totalBytes: 480_058 });
    for (columns = 40; columns < 200; columns += 1) {
      const { zh = '', en = '' } = seen.line(true) ?? {};
      expect(en.length).toBeLessThanOrEqual(columns - 3);
      expect(en.includes('slowest')).toBe(columns >= 70);
      expect(stringWidth(zh)).toBeLessThanOrEqual(columns - 3);
      expect(zh.includes('最慢')).toBe(columns >= 63);
    }
    expect(seen.line(true)?.en).toMatch(/slowest ….{23} 0% after 0s$/);
  });

  it('counts what came in vain before a restart', () => {
    const seen = buildDownloadProgress([item('d/a', 10)], still);
    seen.step({ key: 'd/a', receivedBytes: 1000 });
    seen.step({ key: 'd/a', receivedBytes: 500 });
    seen.step({ key: 'd/a', receivedBytes: 900 });
    expect(seen.line(true)?.en).toContain('1.4 kB');
  });

  it('has nothing to divide by where nothing is to be done', () => {
    expect(buildDownloadProgress([], still).line(true)?.en).toBe('[##########] 0 of 0 · 0 B · 0 B/s');
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [118_100_000, '118.1 MB'],
    [5e15, '5000.0 TB'],
  ])('%i: %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
