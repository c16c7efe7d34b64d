import { describe, expect, it } from 'vitest';
import { limitedLog } from '../../../src/receiver/limited-log.js';

const UNSIGNED = { zh: '没有签名', en: 'unsigned' };

describe('limitedLog', () => {
  it('writes one line of a kind a second, counts the rest, and lets other kinds through', () => {
    const lines: string[] = [];
    let ms = 1_000_000;
    const log = limitedLog(
      (line) => lines.push(line.en, line.zh),
      () => new Date(ms),
    );
    for (let n = 0; n < 5; n += 1) log(UNSIGNED, 'signature');
    log({ zh: '磁盘空间不足', en: 'no space left' }, 'refused 503');
    ms += 1000;
    log(UNSIGNED, 'signature');
    ms -= 5000;
    log(UNSIGNED, 'signature');
    expect(lines.filter((_, index) => index % 2 === 0)).toEqual([
      'unsigned',
      'no space left',
      'unsigned (and 4 more)',
      'unsigned',
    ]);
    expect(lines[5]).toBe('没有签名（另有 4 次）');
  });
});
