import { describe, expect, it } from 'vitest';
import { renderHelpTail } from '../../../src/commands/help-text.js';

describe('renderHelpTail', () => {
  it('has examples, output and exit codes in their order, sorted, with those of every command', () => {
    const text = renderHelpTail(
      {
        purpose: 'not here',
        examples: [{ says: 'first', line: 'privacy-call cdr list' }],
        output: 'CallRecord: sessionId',
        exits: ['storage', 'notFound'],
      },
      80,
    );
    expect(text).toBe(
      [
        '',
        'Examples:',
        '  # first',
        '  $ privacy-call cdr list',
        '',
        'Output:',
        '  CallRecord: sessionId',
        '',
        'Exit codes:',
        '    0  done; an empty list is done; so is a reader that closed the pipe',
        '    1  unexpected: a defect of privacy-call',
        '    2  flags, values, input files, CSV header',
        '    5  binding, number, recording, session, profile or code does not exist',
        '   14  the local disk or the store refuses: full, read-only, no permission',
        '',
        'Flags of every command: privacy-call --help',
        '',
      ].join('\n'),
    );
  });

  it('breaks output and exit codes at the width, with the words of a code below each other', () => {
    const help = {
      purpose: '',
      examples: [],
      output: 'Thing: one, two, three, four, five, six',
      exits: ['lockedOut'],
    } as const;
    const text = renderHelpTail(help, 40);
    expect(text).toContain('Output:\n  Thing: one, two, three, four, five,\n  six\n');
    expect(text).toContain(
      '   12  the platform blocked this\n       address: no signed request for 30\n       minutes unless --force\n',
    );
    expect(renderHelpTail(help, 0)).toBe(text);
  });
});
