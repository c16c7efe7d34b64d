import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addParameterFlags, readParameterValues } from '../../../src/commands/parameter-flags.js';
import { axBind } from '../../../src/platform/declarations/ax.js';
import { axbBind } from '../../../src/platform/declarations/axb.js';
import { axeBind } from '../../../src/platform/declarations/axe.js';
import { axybBind, axybBindY } from '../../../src/platform/declarations/axyb.js';

const ALL = [axBind, axbBind, axeBind, axybBind, axybBindY];

function commandWithFlags(): Command {
  const command = new Command('bind').exitOverride().configureOutput({ writeErr: () => undefined });
  addParameterFlags(command, ALL);
  return command;
}

function typed(...argv: readonly string[]): Record<string, unknown> {
  return commandWithFlags().parse(argv, { from: 'user' }).opts();
}

describe('addParameterFlags', () => {
  it('has one flag for each parameter, whatever mode has it', () => {
    const flags = commandWithFlags().options.map(({ flags: text }) => text);
    expect(flags).toEqual([...new Set(flags)]);
    expect(flags).toEqual(
      expect.arrayContaining(['-a <number>', '-b <number>', '-x <number>', '--ext <digits>', '--ttl <time>']),
    );
  });

  it('says which modes know a flag that not all know', () => {
    const help = commandWithFlags().helpInformation().replace(/\s+/g, ' ');
    expect(help).toContain('-b <number> B number (AXB, AXYB)');
    expect(help).toMatch(/--ext <digits> .*\(AXE\)/);
  });

  it('shows of a switch the word that changes something', () => {
    const help = commandWithFlags().helpInformation();
    expect(help).toMatch(/^ {2}--record /m);
    expect(help).not.toMatch(/^ {2}--no-record /m);
    expect(help).toMatch(/^ {2}--no-sms /m);
  });
});

describe('readParameterValues', () => {
  it('reads numbers, times, switches and choices', () => {
    const options = typed('-a', '13800000001', '-b', '138-0000-0002', '--ttl', '2h', '--max-call', '60m', '--record');
    expect(readParameterValues(axbBind, ALL, options)).toEqual({
      a: '+8613800000001',
      b: '+8613800000002',
      ttl: 7200,
      maxCall: 60,
      record: true,
    });
    expect(readParameterValues(axbBind, ALL, typed('--direction', 'a-to-b', '--no-sms'))).toEqual({
      direction: 'a-to-b',
      sms: false,
    });
  });

  it('leaves out what was not typed', () => {
    expect(readParameterValues(axBind, ALL, typed())).toEqual({});
  });

  it('refuses a flag that the interface does not have, and names the mode', () => {
    expect(() => readParameterValues(axBind, ALL, typed('-b', '13800000002'))).toThrow(
      expect.objectContaining({
        code: 'flag-conflict',
        message: '-b is not possible in AX: the platform does not offer it there',
      }),
    );
    expect(() => readParameterValues(axeBind, ALL, typed('--no-sms'))).toThrow(
      expect.objectContaining({ code: 'flag-conflict' }),
    );
  });

  it('names the flag of a bad value', () => {
    expect(() => readParameterValues(axbBind, ALL, typed('-a', '12'))).toThrow(
      expect.objectContaining({ code: 'flag-invalid', message: expect.stringMatching(/^-a 12: /) as string }),
    );
  });
});
