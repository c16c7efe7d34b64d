import { describe, expect, it } from 'vitest';
import { tellIndexing } from '../../../src/commands/tell-indexing.js';
import { type Words, wordsIn } from '../../../src/domain/text-pair.js';

describe('tellIndexing', () => {
  it('shows one line for each index, taken away at its end', async () => {
    const seen: string[] = [];
    const tell = tellIndexing((text) => {
      seen.push(`start ${wordsIn(text, 'en')}`);
      const update = (line: Words): void => void seen.push(wordsIn(line, 'en'));
      return Promise.resolve({ update, stop: () => void seen.push('stop') });
    });
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
      seen.push(wordsIn(text, 'zh'));
      return Promise.resolve({ update: () => undefined, stop: () => undefined });
    });
    tell(0.456);
    expect(seen).toEqual(['正在为台账建立索引：45 %']);
  });
});
