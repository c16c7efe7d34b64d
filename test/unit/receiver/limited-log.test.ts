import { describe, expect, it } from 'vitest';
import { limitedLog } from '../../../src/receiver/limited-log.js';

describe('limitedLog', () => {
  it('writes one line of a kind a second, counts the rest, and lets other kinds through', () => {
    const lines: string[] = [];
    let ms = 1_000_000;
    const log = limitedLog(
      (line) => lines.push(line),
      () => new Date(ms),
    );
    for (let n = 0; n < 5; n += 1) log('unsigned', 'signature');
    log('no space left', 'refused 503');
    ms += 1000;
    log('unsigned', 'signature');
    ms -= 5000;
    log('unsigned', 'signature');
    expect(lines).toEqual(['unsigned', 'no space left', 'unsigned (and 4 more)', 'unsigned']);
  });
});
