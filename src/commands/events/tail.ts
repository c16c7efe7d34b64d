import { Option } from 'commander';
import type { NotificationRecord } from '../../domain/notification-record.js';
import { AppError } from '../../errors.js';
import { buildRecordFilter, type RecordCriteria } from '../../notifications/filter-records.js';
import type { Journal } from '../../store/journal.js';
import { RECORD_COLUMNS } from '../columns.js';
import { FIELD_LISTS } from '../field-lists.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { FOLLOWED_KINDS, type FollowedKind, type FollowedRecords, followRecords, readPush } from '../follow-records.js';
import { parseCount, parseTime, parseWantedNumber } from '../parse-flags.js';

interface TailOptions {
  readonly kind?: FollowedKind;
  readonly session?: string;
  readonly x?: string;
  readonly since?: string;
  readonly last?: string;
}

/** Between its arrival and its line in the journal a push takes less. */
const WRITING_MS = 60_000;

export const command = defineCommand<TailOptions>({
  help: {
    purpose:
      'Follow the journal of the profile: shows each push as a "listen" on this machine keeps it, events, CDRs, SMS and number states alike, until it is stopped (exit code 0). What is in the journal already comes first with --since or --last. Several receivers, a new day and a journal that begins later are followed too.',
    examples: [
      {
        says: 'the last two and whatever comes, as JSON lines',
        line: 'privacy-call -p sandbox events tail --last 2 -o ndjson > tail.ndjson &',
      },
      {
        says: 'one call from its start',
        line: 'privacy-call -p sandbox events tail --since 24h --session "$SESSION" > call.tsv &',
      },
    ],
    output: [FIELD_LISTS.event, FIELD_LISTS.call, FIELD_LISTS.sms, FIELD_LISTS.status].join('\n'),
    exits: ['storage'],
  },
  define: (target) => {
    target
      .addOption(new Option('--kind <kind>', 'only pushes of this kind').choices(Object.keys(FOLLOWED_KINDS)))
      .option('--session <id>', 'sessionId')
      .option('-x, --x <number>', 'X number, whole or its last digits')
      .option('--since <time>', 'first those that arrived from this time on')
      .option('--last <count>', 'first the last so many');
  },
  async run(options, context) {
    const from =
      options.since === undefined
        ? undefined
        : parseTime('--since', options.since, { zone: context.zone, now: context.now() });
    const last = options.last === undefined ? 0 : parseCount('--last', options.last, 0);
    if (from !== undefined && last > 0)
      throw new AppError('flag-conflict', {
        zh: '--since 和 --last 不能同时给出',
        en: '--since and --last exclude each other',
      });
    const { journal } = await context.store();
    const kind = options.kind === undefined ? undefined : FOLLOWED_KINDS[options.kind];
    const x = options.x === undefined ? undefined : parseWantedNumber('-x', options.x);
    const wanted: FollowedRecords = { kind, from, criteria: { session: options.session, x } };
    return {
      view: 'list',
      kind: 'RecordList',
      items: last > 0 ? withLast(context, { journal, wanted, last }) : follow(context, journal, wanted),
      columns: RECORD_COLUMNS,
      layout: 'lines',
      live: true,
    };
  },
});

async function* follow(
  context: CommandContext,
  journal: Journal,
  wanted: FollowedRecords,
): AsyncGenerator<NotificationRecord> {
  for await (const { record } of followRecords(context, journal, wanted, context.signal)) yield record;
}

/** The last ones are read first; what came meanwhile is followed from a little earlier, without those that were read. */
async function* withLast(
  context: CommandContext,
  { journal, wanted, last }: { readonly journal: Journal; readonly wanted: FollowedRecords; readonly last: number },
): AsyncGenerator<NotificationRecord> {
  const from = new Date(context.now().getTime() - WRITING_MS);
  const known = new Set<string>();
  const found = await lastRecords(journal, { ...wanted, last, from, known });
  yield* found;
  yield* follow(context, journal, { ...wanted, from, known });
}

async function lastRecords(
  journal: Pick<Journal, 'read'>,
  how: {
    readonly kind: FollowedRecords['kind'];
    readonly criteria: RecordCriteria;
    readonly last: number;
    readonly from: Date;
    readonly known: Set<string>;
  },
): Promise<NotificationRecord[]> {
  const fits = buildRecordFilter(how.criteria);
  const found: NotificationRecord[] = [];
  for await (const push of journal.read({ kind: how.kind })) {
    if (push.at >= how.from) how.known.add(push.id);
    for (const { record, receivedAt } of readPush(push) ?? []) {
      if (fits(record, receivedAt)) found.push(record);
      if (found.length > how.last) found.shift();
    }
  }
  return found;
}
