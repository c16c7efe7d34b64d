import { Option } from 'commander';
import { timeoutMsOf } from '../config/resolve-settings.js';
import { formatDuration } from '../domain/duration.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import { maskPhoneNumber, maskText } from '../domain/phone-number.js';
import { EVENT_ORDER } from '../domain/timeline-step.js';
import { asWarning, type TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { RECORD_COLUMNS } from './columns.js';
import { FIELD_LISTS } from './field-lists.js';
import { defineCommand } from './command.js';
import type { CommandContext } from './command-context.js';
import { FOLLOWED_KINDS, followRecords } from './follow-records.js';
import { parseCount, parseTime, parseWantedNumber } from './parse-flags.js';

interface WaitOptions {
  readonly for?: keyof typeof WAITED;
  readonly event?: string;
  readonly session?: string;
  readonly x?: string;
  readonly count: string;
  readonly since?: string;
}

const WAITED = {
  cdr: FOLLOWED_KINDS.cdr,
  event: FOLLOWED_KINDS.event,
  sms: FOLLOWED_KINDS.sms,
  'number-status': FOLLOWED_KINDS['number-status'],
} as const;

/** `--timeout` of the other commands is the wait for one answer; a call takes longer. */
const TIMEOUT_MS = 60_000;

export const command = defineCommand<WaitOptions>({
  help: {
    purpose:
      'Wait until the journal of the profile holds what a script needs, print it, and go on: a CDR, a call event, an SMS notice, a number state. Ends with exit code 0 once --count of them are there, with 10 when the time is over (--timeout, 60s unless given here). With --session everything in the journal counts; without it only what comes from now on, unless --since says from when. The pushes are kept by a "listen" on this machine.',
    examples: [
      {
        says: 'the CDR of a call, then its recording',
        line: 'privacy-call -p sandbox wait --for cdr --session "$SESSION" --timeout 60s',
      },
      {
        says: 'that A and B were put through',
        line: 'privacy-call -p sandbox wait --for event --event answer --session "$SESSION" --timeout 30s --query "items[0].at"',
      },
      {
        says: 'five events since yesterday',
        line: 'privacy-call -p sandbox wait --for event --count 5 --since 24h --timeout 30s -o ndjson --fields type,at',
      },
    ],
    output: [FIELD_LISTS.call, FIELD_LISTS.event, FIELD_LISTS.sms, FIELD_LISTS.status].join('\n'),
    exits: ['assertion', 'storage'],
  },
  define: (target) => {
    target
      .addOption(new Option('--for <kind>', 'what to wait for').choices(Object.keys(WAITED)))
      .option('--event <type>', `with --for event: ${EVENT_ORDER.join(', ')}`)
      .option('--session <id>', 'sessionId')
      .option('-x, --x <number>', 'X number, whole or its last digits')
      .option('--count <count>', 'so many of them', '1')
      .option('--since <time>', 'what arrived from this time on counts too');
  },
  async run(options, context) {
    const waited = checkFlags(options);
    const count = parseCount('--count', options.count);
    const from = startOf(options, context);
    const timeoutMs = context.settings.timeout.layer === 'flag' ? timeoutMsOf(context.settings) : TIMEOUT_MS;
    const { journal } = await context.store();
    const signal = signalFor(context, timeoutMs);
    const { session, event } = options;
    const x = options.x === undefined ? undefined : parseWantedNumber('-x', options.x);
    if (event !== undefined && !isDocumented(event)) await context.note(asWarning(undocumented(event)));
    const records = followRecords(context, journal, { kind: WAITED[waited], from, criteria: { session, x } }, signal);
    let found = 0;
    const items = async function* (): AsyncGenerator<NotificationRecord> {
      for await (const { record } of records) {
        if (event !== undefined && !(record.kind === 'CallEvent' && record.type === event)) continue;
        found += 1;
        yield record;
        if (found >= count) return;
      }
    };
    return {
      view: 'list',
      kind: 'RecordList',
      items: items(),
      columns: RECORD_COLUMNS,
      outcome: () => {
        if (found >= count) return undefined;
        const after = formatDuration(timeoutMs / 1000);
        const what = describe(waited, options);
        const words = {
          zh: `${after} 后收到 ${found}/${count} 个 ${what.zh}`,
          en: `${found} of ${count} ${what.en} after ${after}`,
        };
        return new AppError('expectation-failed', words, {
          hint: {
            zh: '是否有 listen 以该 profile 和存储运行？--since 可包括此前收到的推送。',
            en: 'Is a listen running with this profile and store? --since takes in what came before.',
          },
        });
      },
    };
  },
});

/** Aborts when the time is over or the command is to stop. A timer of its own: joined signals of Node 20 can be collected before they fire. */
function signalFor(context: CommandContext, timeoutMs: number): AbortSignal {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  const timer = setTimeout(end, timeoutMs);
  context.signal.addEventListener('abort', end);
  context.defer(() => {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', end);
    return Promise.resolve();
  });
  if (context.signal.aborted) end();
  return over.signal;
}

/** @throws AppError `flag-missing`, `flag-conflict`. */
function checkFlags({ for: waited, event, session }: WaitOptions): keyof typeof WAITED {
  if (waited === undefined) {
    throw new AppError('flag-missing', {
      zh: `缺少 --for：${Object.keys(WAITED).join('、')}`,
      en: `--for is missing: ${Object.keys(WAITED).join(', ')}`,
    });
  }
  if (event !== undefined && waited !== 'event') {
    throw new AppError('flag-conflict', {
      zh: '--event 只能与 --for event 一起使用',
      en: '--event goes with --for event only',
    });
  }
  if (session !== undefined && (waited === 'sms' || waited === 'number-status')) {
    throw new AppError('flag-conflict', {
      zh: `--session 不能与 --for ${waited} 一起使用：这类推送没有会话`,
      en: `--session does not go with --for ${waited}: these pushes carry no session`,
    });
  }
  return waited;
}

/** What a later platform sends may be none of these. */
function isDocumented(event: string): boolean {
  return EVENT_ORDER.some((one) => one === event);
}

/** A session is of one call, so nothing in the journal can be too old for it. */
function startOf(options: WaitOptions, context: CommandContext): Date | undefined {
  if (options.since !== undefined) {
    return parseTime('--since', options.since, { zone: context.zone, now: context.now() });
  }
  return options.session === undefined ? undefined : new Date(0);
}

function describe(waited: keyof typeof WAITED, { event, session, x }: WaitOptions): TextPair {
  const what = event === undefined ? waited : `${waited} ${event}`;
  const of = session === undefined ? '' : ` of session ${maskText(session)}`;
  const on = x === undefined ? '' : ` on ${maskPhoneNumber(x)}`;
  const which = [
    ...(session === undefined ? [] : [`会话 ${maskText(session)}`]),
    ...(x === undefined ? [] : [`X 号码 ${maskPhoneNumber(x)}`]),
  ];
  return { zh: `${what}${which.length === 0 ? '' : `（${which.join('，')}）`}`, en: `${what}${of}${on}` };
}

function undocumented(event: string): TextPair {
  const known = EVENT_ORDER.join(', ');
  return {
    zh: `--event ${event} 不是文档中的事件：${known}`,
    en: `--event ${event} is none of the documented ones: ${known}`,
  };
}
