import { describe, expect, it } from 'vitest';
import { asWarning, joinPairs, sameText, wordsIn, withZone } from '../../../src/domain/text-pair.js';

describe('words', () => {
  it('are in the chosen language where they have it', () => {
    const words = { zh: '空文件', en: 'empty' };
    expect([wordsIn(words, 'zh'), wordsIn(words, 'en'), wordsIn('seed 7', 'zh')]).toEqual([
      '空文件',
      'empty',
      'seed 7',
    ]);
  });

  it('are joined as each language has it', () => {
    const parts = [{ zh: '2 个推送', en: '2 pushes' }, sameText('p95 7 ms')];
    expect(joinPairs(parts)).toEqual({ zh: '2 个推送，p95 7 ms', en: '2 pushes, p95 7 ms' });
    expect(withZone(joinPairs(parts), 'UTC').en).toBe('2 pushes, p95 7 ms · UTC');
  });

  it('become a warning', () => {
    expect(asWarning({ zh: '空文件', en: 'empty' })).toEqual({ zh: '警告：空文件', en: 'warning: empty' });
    expect(asWarning('seed 7')).toEqual({ zh: '警告：seed 7', en: 'warning: seed 7' });
  });
});
