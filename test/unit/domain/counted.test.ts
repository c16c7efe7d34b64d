import { describe, expect, it } from 'vitest';
import { counted, countedPair, countFooter, NOUNS } from '../../../src/domain/counted.js';

describe('counted', () => {
  it.each([
    [0, '0 rows'],
    [1, '1 row'],
    [2, '2 rows'],
  ])('%i', (count, text) => {
    expect(counted(count, 'row')).toBe(text);
  });

  it('takes a noun that does not end in s, and a verb with it', () => {
    expect([1, 2].map((count) => counted(count, 'push', 'pushes'))).toEqual(['1 push', '2 pushes']);
    expect([1, 2].map((count) => counted(count, 'row is', 'rows are'))).toEqual(['1 row is', '2 rows are']);
  });
});

describe('countedPair', () => {
  it('has the Chinese measure word beside the English noun', () => {
    expect(countedPair(1, NOUNS.number)).toEqual({ zh: '1 个号码', en: '1 number' });
    expect(countedPair(2, { zh: '个推送', en: 'push', many: 'pushes' })).toEqual({ zh: '2 个推送', en: '2 pushes' });
  });
});

describe('countFooter', () => {
  it('counts the rows that it is told of', () => {
    const footer = countFooter(NOUNS.job);
    expect(footer(1)).toEqual({ zh: '1 个批量任务', en: '1 job' });
    expect(footer(2).en).toBe('2 jobs');
  });
});
