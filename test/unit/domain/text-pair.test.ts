import { describe, expect, it } from 'vitest';
import { asWarning, wordsIn } from '../../../src/domain/text-pair.js';

describe('words', () => {
  it('are in the chosen language where they have it', () => {
    const words = { zh: '空文件', en: 'empty' };
    expect([wordsIn(words, 'zh'), wordsIn(words, 'en'), wordsIn('seed 7', 'zh')]).toEqual([
      '空文件',
      'empty',
      'seed 7',
    ]);
  });

  it('become a warning', () => {
    expect(asWarning({ zh: '空文件', en: 'empty' })).toEqual({ zh: '警告：空文件', en: 'warning: empty' });
    expect(asWarning('seed 7')).toEqual({ zh: '警告：seed 7', en: 'warning: seed 7' });
  });
});
