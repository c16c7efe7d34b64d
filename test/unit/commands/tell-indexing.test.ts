import { describe, expect, it } from 'vitest';
import { tellIndexing } from '../../../src/commands/tell-indexing.js';

describe('tellIndexing', () => {
  it('shows one line for each index, taken away at its end', async () => {
    const seen: string[] = [];
    const tell = tellIndexing((text) => {
      seen.push(`start ${text}`);
      return Promise.resolve({ update: (line) => void seen.push(line), stop: () => void seen.push('stop') });
    }, 'en');
    for (const part of [0, 0.456, 1, 0.9, 1, 1]) tell(part);
    await new Promise(setImmediate);
    expect(seen.filter((line) => line.startsWith('start'))).toEqual([
      'start indexing the ledger: 0 %',
      'start indexing the ledger: 90 %',
    ]);
    expect(seen.filter((line) => line === 'stop')).toHaveLength(2);
    expect(seen).toContain('indexing the ledger: 45 %');
    expect(seen.at(-1)).toBe('stop');
  });

  it('speaks Chinese', () => {
    const seen: string[] = [];
    const tell = tellIndexing((text) => {
      seen.push(text);
      return Promise.resolve({ update: () => undefined, stop: () => undefined });
    }, 'zh');
    tell(0.456);
    expect(seen).toEqual(['正在为台账建立索引：45 %']);
  });
});
