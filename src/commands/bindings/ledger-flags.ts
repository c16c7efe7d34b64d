import type { Command } from 'commander';
import type { LedgerCriteria, MeantNumber } from '../../bindings/find-bindings.js';
import { LEDGER_STATES, type LedgerState } from '../../bindings/ledger-state.js';
import { parsePhoneNumber, PhoneNumberError } from '../../domain/phone-number.js';
import { AppError } from '../../errors.js';
import { matchNumber, readWantedNumber } from '../../notifications/match-number.js';
import type { CommandContext } from '../command-context.js';
import { parseChoice, parseMode, parseNumber, parseSpan, parseWantedNumber } from '../parse-flags.js';

/** Flags that choose bindings of the ledger. */
export interface LedgerFlags {
  readonly id?: string;
  readonly mode?: string;
  readonly a?: string;
  readonly b?: string;
  readonly x?: string;
  readonly y?: string;
  readonly ext?: string;
  readonly userData?: string;
  readonly since?: string;
  readonly until?: string;
  readonly state?: string;
}

/** Adds them; everything given must fit. */
export function addLedgerFlags(target: Command): void {
  target
    .option('--id <id>', 'binding ID')
    .option('--mode <mode>', 'bindings of this mode')
    .option('-a, --a <number>', 'A number, whole or its last digits')
    .option('-b, --b <number>', 'B number, whole or its last digits')
    .option('-x, --x <number>', 'X number, whole or its last digits')
    .option('--y <number>', 'Y number, whole or its last digits')
    .option('--ext <digits>', 'extension')
    .option('--user-data <text>', 'user data')
    .option('--since <time>', 'bound since then; where that is not known, entered since then')
    .option('--until <time>', 'bound until then')
    .option('--state <state>', `${LEDGER_STATES.join(', ')} or all (default: active)`);
}

/** @throws AppError `flag-invalid`, `flag-conflict`. */
export function readLedgerFlags(flags: LedgerFlags, context: Pick<CommandContext, 'now' | 'zone'>): LedgerCriteria {
  const when = { now: context.now(), zone: context.zone };
  const number = (flag: string, text: string | undefined): MeantNumber | undefined =>
    text === undefined ? undefined : readNumber(flag, text);
  return {
    id: flags.id,
    mode: flags.mode === undefined ? undefined : parseMode('--mode', flags.mode),
    a: number('-a', flags.a),
    b: number('-b', flags.b),
    x: number('-x', flags.x),
    y: number('--y', flags.y),
    extension: flags.ext,
    userData: flags.userData,
    ...parseSpan(flags, when),
    states: readStates(flags.state),
  };
}

/** A number as the lists of records take it. The ledger holds whole numbers only: what can be none of them, nor the end of one, is refused. */
function readNumber(flag: string, text: string): MeantNumber {
  const typed = parseWantedNumber(flag, text);
  if (typed.includes('*'))
    throw new AppError(
      'flag-invalid',
      {
        zh: `${flag}：台账中是完整号码，没有带星号的`,
        en: `${flag}: the ledger has whole numbers, none with asterisks`,
      },
      {
        hint: {
          zh: '请给出星号之后的数字：0001 可找到所有以它结尾的号码。',
          en: 'Give the digits behind the asterisks: 0001 finds every number that ends so.',
        },
      },
    );
  if (readWantedNumber(typed).isWhole) return parseNumber(flag, typed);
  try {
    return parsePhoneNumber(typed);
  } catch (error) {
    if (error instanceof PhoneNumberError) return matchNumber(typed);
    throw error;
  }
}

function readStates(text: string | undefined): readonly LedgerState[] | undefined {
  if (text === undefined) return undefined;
  const state = parseChoice('--state', text, [...LEDGER_STATES, 'all']);
  return state === 'all' ? LEDGER_STATES : [state];
}
