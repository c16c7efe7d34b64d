import { type CallRecord, parseCallRecord } from '../../domain/call-record.js';
import { AppError } from '../../errors.js';
import { CALL_OUTCOMES, type CallOptions, type CallOutcomeName, findOutcome } from '../../sandbox/call-plan.js';
import { MOST_CALLS, MOST_RING_SECONDS, MOST_SECONDS } from '../../sandbox/control-calls.js';
import type { PlacedCall } from '../../sandbox/control-client.js';
import { CALL_COLUMNS, CALL_DETAIL_COLUMNS } from '../columns.js';
import { FIELD_LISTS } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { parseNumber, parseSeconds, parseWithin } from '../parse-flags.js';
import { addPushFlags, parsePushFlags, type PushFlags, describePushes, pushesColumn, setPushes } from './push-flags.js';

const MOST_TALK = { seconds: MOST_SECONDS, words: '24h' };
const MOST_RING = { seconds: MOST_RING_SECONDS, words: '10m' };

interface CallFlags extends PushFlags {
  readonly from?: string;
  readonly to?: string;
  readonly digits?: string;
  readonly outcome: CallOutcomeName;
  readonly talk?: string;
  readonly ring?: string;
  readonly record?: boolean;
  readonly running?: boolean;
  readonly count?: string;
}

export const command = defineCommand<CallFlags>({
  help: {
    purpose:
      'Make a call in the sandbox: somebody dials an X. Who is reached follows from the bindings; without one the call fails as it would at the platform. Gives the call events and the CDR of the mode, signed, to the push addresses; a recorded call has a WAV that "recordings download" fetches. The call is laid out to end now, so no time lies in the future.',
    examples: [
      {
        says: 'B calls A, they talk for 65 seconds',
        line: 'privacy-call sandbox call --from 13800000002 --to 17000000201 --talk 65s --record',
      },
      {
        says: 'nobody answers',
        line: 'privacy-call sandbox call --from 13800000002 --to 17000000201 --outcome no-answer',
      },
      {
        says: 'AXE: dial X, key in the extension',
        line: 'privacy-call sandbox call --from 13800000008 --to 17000000301 --digits 1234',
      },
    ],
    output: `${FIELD_LISTS.call}; pushes: kind, state (delivered, waiting, lost), attempts, lastAnswer`,
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target
      .option('--from <number>', 'who dials')
      .option('--to <number>', 'X (or Y) that is dialled')
      .option('--digits <digits>', 'extension keyed in, AXE')
      .option(
        '--outcome <outcome>',
        `${Object.entries(CALL_OUTCOMES)
          .map(([name, { help }]) => `${name}: ${help}`)
          .join('; ')}; or any documented hang-up cause: 7506`,
        'answered',
      )
      .option('--talk <time>', 'length of the talk')
      .option('--ring <time>', 'length of the ringing')
      .option('--record', 'record, whatever the binding says')
      .option('--no-record', 'do not record')
      .option('--running', 'the call starts now and goes on, for "hangup"')
      .option('--count <count>', 'so many such calls (at most 50), their CDRs in one push');
    addPushFlags(target);
  },
  async run(options, context) {
    const from = readNumber('--from', options.from);
    const to = readNumber('--to', options.to);
    const talkSeconds = options.talk === undefined ? undefined : readLength('--talk', options.talk, MOST_TALK);
    const ringSeconds = options.ring === undefined ? undefined : readLength('--ring', options.ring, MOST_RING);
    if (findOutcome(options.outcome) === undefined) {
      throw new AppError('flag-invalid', {
        zh: `--outcome ${options.outcome}：必须是通话挂机原因值，如 7506，或 ${Object.keys(CALL_OUTCOMES).join('、')}`,
        en: `--outcome ${options.outcome}: must be a hang-up cause such as 7506, or ${Object.keys(CALL_OUTCOMES).join(', ')}`,
      });
    }
    const digits = options.digits === undefined ? undefined : parseKeys('--digits', options.digits);
    const count = options.count === undefined ? undefined : parseWithin('--count', options.count, { most: MOST_CALLS });
    const pushSettings = parsePushFlags(options);
    const { control } = await context.sandbox();
    await setPushes(control, pushSettings);
    const plan: CallOptions = {
      from,
      to,
      digits,
      outcome: options.outcome,
      talkSeconds,
      ringSeconds,
      record: options.record,
      running: options.running,
    };
    if (count === undefined) {
      const { pushes, ...call } = await control.call(plan);
      return {
        view: 'item',
        kind: 'CallRecord',
        item: { ...recordOf(call), pushes },
        columns: [...CALL_DETAIL_COLUMNS, pushesColumn()],
      };
    }
    const { calls, pushes } = await control.calls(plan, count);
    return {
      view: 'list',
      kind: 'CallRecordList',
      items: calls.map(recordOf),
      columns: CALL_COLUMNS,
      footer: () => describePushes(pushes),
    };
  },
});

function recordOf({ fee, sessionId }: PlacedCall): CallRecord {
  return fee === undefined ? { kind: 'CallRecord', sessionId, outcome: 'unknown', raw: {} } : parseCallRecord(fee);
}

/** Whole seconds. @throws AppError `flag-invalid` naming the flag. */
function readLength(flag: string, text: string, { seconds, words }: typeof MOST_TALK): number {
  const length = Math.round(parseSeconds(flag, text));
  if (length <= seconds) return length;
  throw new AppError('flag-invalid', {
    zh: `${flag} ${text}：最多 ${words}`,
    en: `${flag} ${text}: must be at most ${words}`,
  });
}

/** What is keyed in on a telephone; nothing is possible too. @throws AppError `flag-invalid` naming the flag. */
function parseKeys(flag: string, text: string): string {
  if (/^[\d*#]*$/.test(text)) return text;
  throw new AppError('flag-invalid', {
    zh: `${flag} ${text}：必须是电话按键：0 到 9、* 和 #`,
    en: `${flag} ${text}: must be keys of a telephone: 0 to 9, * and #`,
  });
}

/** A number that a command of the sandbox needs. @throws AppError `flag-missing`, `flag-invalid`. */
export function readNumber(flag: string, text: string | undefined): string {
  if (text === undefined) throw new AppError('flag-missing', { zh: `缺少 ${flag}`, en: `${flag} is missing` });
  return parseNumber(flag, text);
}
