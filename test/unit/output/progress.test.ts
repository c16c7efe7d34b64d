import { describe, expect, it } from 'vitest';
import { startProgress } from '../../../src/output/progress.js';
import { collectingSink } from '../../helpers/world.js';

describe('startProgress', () => {
  it('writes a plain line into a pipe every ten seconds at most', async () => {
    const stderr = collectingSink();
    let milliseconds = 0;
    const progress = await startProgress('start', {
      stderr,
      silent: false,
      lang: 'zh',
      now: () => new Date(milliseconds),
    });
    for (const [at, text] of [
      [9_999, 'too soon'],
      [10_000, '5 of 9'],
      [12_000, 'too soon'],
      [20_000, '9 of\n9'],
      [30_000, { zh: '9/9 行', en: '9 of 9 rows' }],
    ] as const) {
      milliseconds = at;
      progress.update(text);
    }
    progress.stop();
    expect(stderr.writes).toEqual(['5 of 9\n', '9 of 9\n', '9/9 行\n']);
  });

  it('writes nothing where it is to be silent', async () => {
    const stderr = collectingSink();
    const progress = await startProgress('start', { stderr, silent: true, lang: 'zh', now: () => new Date(0) });
    progress.update('anything');
    progress.stop();
    expect(stderr.writes).toEqual([]);
  });

  it('does not fail when nobody reads', async () => {
    const stderr = collectingSink(false, undefined, 0);
    let milliseconds = 0;
    const progress = await startProgress('start', {
      stderr,
      silent: false,
      lang: 'zh',
      now: () => new Date(milliseconds),
    });
    milliseconds = 60_000;
    progress.update('lost');
    await Promise.resolve();
    expect(stderr.writes).toEqual([]);
  });
});
