import { withZone, joinPairs, type TextPair, Told } from '../../domain/text-pair.js';
import { counted, countedPair, NOUNS } from '../../domain/counted.js';
import { formatDuration } from '../../domain/duration.js';
import type { CallRecord } from '../../domain/call-record.js';
import { AppError } from '../../errors.js';
import type { CellPainter, Column } from '../../output/view.js';
import { missingText } from '../../recordings/missing-texts.js';
import type { RecordingItem, RecordingPlan } from '../../recordings/plan-recordings.js';
import type { RecordingNote } from '../../store/recording-note.js';
import { SESSION_KEEPS } from '../columns.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { parseCount, parseSeconds } from '../parse-flags.js';
import { addRecordFlags, type RecordOptions } from '../record-flags.js';
import { planFromFlags } from './plan-from-flags.js';

interface ListOptions extends RecordOptions {
  readonly expiring?: string;
  readonly failOnExpired?: boolean;
}

interface Row {
  readonly kind: 'Recording';
  readonly state: 'waiting' | 'expiring' | 'failed' | 'archived' | 'too-short' | 'expired' | 'no-location';
  readonly sessionId?: string | undefined;
  readonly x?: string | undefined;
  readonly startedAt?: Date | undefined;
  readonly talkSeconds?: number | undefined;
  readonly fileName?: string | undefined;
  readonly domain?: string | undefined;
  /** When the platform deletes it, at the latest. */
  readonly fetchBy?: Date | undefined;
  readonly hoursLeft?: number | undefined;
  readonly file?: string | undefined;
  /** Why the last run did not get it, or why it is fetched again. */
  readonly reason?: Told | undefined;
}

const STATES: Readonly<Record<Row['state'], { zh: string; en: string }>> = {
  waiting: { zh: '待下载', en: 'waiting' },
  expiring: { zh: '即将过期', en: 'expiring' },
  failed: { zh: '下载失败', en: 'failed' },
  archived: { zh: '已存档', en: 'archived' },
  'too-short': { zh: '不足3秒，无文件', en: 'under 3 s, no file' },
  expired: { zh: '已过期', en: 'expired' },
  'no-location': { zh: '话单无位置', en: 'no location in the CDR' },
};

function stateCell({ state }: Row, paint: CellPainter): string | undefined {
  const words = paint.words(STATES[state]);
  if (words === undefined) return undefined;
  if (state === 'archived') return paint.good(words);
  return state === 'expired' || state === 'expiring' || state === 'failed' ? paint.bad(words) : words;
}

/** States of what can still be fetched. */
const OPEN: readonly Row['state'][] = ['waiting', 'expiring', 'failed'];
/** Less than this left is `expiring`. */
const SOON_HOURS = 24;

const COLUMNS: readonly Column<Row>[] = [
  { field: 'startedAt', title: { zh: '开始', en: 'Started' } },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  {
    field: 'talkSeconds',
    title: { zh: '通话', en: 'Talk' },
    cell: ({ talkSeconds }, paint) => paint.seconds(talkSeconds),
    align: 'right',
  },
  { field: 'state', title: { zh: '状态', en: 'State' }, cell: stateCell },
  {
    field: 'hoursLeft',
    title: { zh: '剩余', en: 'Left' },
    cell: ({ hoursLeft }) => (hoursLeft === undefined ? undefined : formatDuration(hoursLeft * 3600)),
    align: 'right',
  },
  { field: 'reason', title: { zh: '原因', en: 'Why' }, cuts: true, drops: 3 },
  { field: 'fileName', title: { zh: '文件', en: 'File' }, cuts: true, keeps: SESSION_KEEPS, drops: 1 },
  { field: 'sessionId', title: { zh: '会话', en: 'Session' }, cuts: true, keeps: SESSION_KEEPS, drops: 2 },
];

export const command = defineCommand<ListOptions, [string[]]>({
  help: {
    purpose:
      'List the calls that the platform marked as recorded, and where each recording is: archived here, waiting, expiring (less than 24 hours left), failed in the last run and why, expired, or too short to have a file. The platform deletes a recording seven days after it pushed the CDR; where the arrival of the CDR is not known, the days are counted from the end of the call.',
    examples: [
      { says: 'what must be fetched within a day', line: 'privacy-call -p sandbox recordings list --expiring 24h' },
      {
        says: 'an alarm for cron: exit code 11 when something is lost',
        line: 'privacy-call -p sandbox recordings list --fail-on-expired --quiet -o ndjson',
      },
    ],
    output:
      'Recording: state (waiting, expiring, failed, archived, too-short, expired, no-location), sessionId, x, startedAt, talkSeconds, fileName, domain, fetchBy, hoursLeft, file, reason',
    exits: ['partial', 'empty', 'lost', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    addRecordFlags(target, true);
    target
      .option('--expiring <time>', 'only those that can still be fetched and expire within this time')
      .option('--fail-on-expired', 'exit 11 when a recording is past its seven days, or will be within --expiring');
  },
  async run(options, context, files) {
    const limit = options.limit === undefined ? undefined : parseCount('--limit', options.limit);
    const { plan, records } = await planFromFlags(context, files, options, { lean: true });
    const within = options.expiring === undefined ? undefined : parseSeconds('--expiring', options.expiring) / 3600;
    const rows = rowsOf(plan, context).filter(
      ({ state, hoursLeft }) => within === undefined || (OPEN.includes(state) && (hoursLeft ?? 0) <= within),
    );
    const lost = plan.expired.length;
    const soon = within === undefined ? 0 : rows.length;
    return {
      view: 'list',
      kind: 'RecordingList',
      items: rows.slice(0, limit),
      columns: COLUMNS,
      warnings: records.warnings,
      outcome: () =>
        options.failOnExpired === true && lost + soon > 0
          ? new AppError('recording-lost', lossOf(lost, soon), {
              hint:
                soon > 0
                  ? {
                      zh: 'privacy-call recordings download 下载剩余的录音。',
                      en: 'privacy-call recordings download fetches what is left.',
                    }
                  : undefined,
            })
          : records.outcome(),
      footer: (count) => withZone(countedPair(count, NOUNS.recording), context.zone),
    };
  },
});

function lossOf(lost: number, soon: number): TextPair {
  const gone = {
    zh: `${lost} 个录音已超过七天且未存档`,
    en: `${counted(lost, 'recording is', 'recordings are')} past the seven days and not archived`,
  };
  const next = {
    zh: `${soon} 个录音将在 --expiring 之内过期，尚未存档`,
    en: `${counted(soon, 'recording expires', 'recordings expire')} within --expiring, not archived`,
  };
  const told = [...(lost > 0 || soon === 0 ? [gone] : []), ...(soon > 0 ? [next] : [])];
  return joinPairs(told, { zh: '；', en: '; ' });
}

function openState({ note }: RecordingItem, hoursLeft: number | undefined): Row['state'] {
  if (note?.state === 'failed') return 'failed';
  return hoursLeft !== undefined && hoursLeft < SOON_HOURS ? 'expiring' : 'waiting';
}

/** What the last run has noted. */
function reasonOf(note: RecordingNote | undefined): Told | undefined {
  if (note?.missing !== undefined) return new Told(missingText(note.missing));
  if (note?.reason === undefined) return undefined;
  return new Told({ zh: note.reasonZh ?? note.reason, en: note.reason });
}

function rowsOf(plan: RecordingPlan, context: Pick<CommandContext, 'now'>): Row[] {
  const now = context.now();
  const row = (state: Row['state'], record: CallRecord, more: Partial<Row> = {}): Row => ({
    kind: 'Recording',
    state,
    sessionId: record.sessionId,
    x: record.x,
    startedAt: record.startedAt,
    talkSeconds: record.talkSeconds,
    fileName: record.recording?.fileName,
    domain: record.recording?.domain,
    ...more,
  });
  const left = (fetchBy: Date | undefined): number | undefined =>
    fetchBy === undefined ? undefined : Math.max(0, Math.round((fetchBy.getTime() - now.getTime()) / 360_000) / 10);
  return [
    ...plan.toFetch.map((item) => {
      const { record, fetchBy, note } = item;
      const hoursLeft = left(fetchBy);
      return row(openState(item, hoursLeft), record, { fetchBy, hoursLeft, reason: reasonOf(note) });
    }),
    ...plan.archived.map(({ record, entry }) => row('archived', record, { file: entry.file })),
    ...plan.expired.map(({ record, fetchBy }) => row('expired', record, { fetchBy })),
    ...plan.tooShort.map((record) => row('too-short', record)),
    ...plan.withoutLocation.map((record) => row('no-location', record)),
  ];
}
