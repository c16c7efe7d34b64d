import { describe, expect, it } from 'vitest';
import { readyText } from '../../src/ready-text.js';

describe('what lies ready', () => {
  it.each([
    [[], 'help'],
    [['help'], 'help'],
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['-V'], 'version'],
    [['bind'], undefined],
    [['--help', 'bind'], undefined],
    [['help', 'bind'], undefined],
    [['--version', '--help'], undefined],
    [['--help', '--password'], undefined],
    [[''], undefined],
  ])('for %j is %s', (argv, expected) => {
    expect(readyText(argv, undefined)).toBe(expected);
  });

  it('is help only where it breaks its lines as in a pipe', () => {
    expect([99, 100, 240].map((columns) => readyText(['--help'], columns))).toEqual([undefined, 'help', 'help']);
    expect(readyText(['--version'], 20)).toBe('version');
  });
});
