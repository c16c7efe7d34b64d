import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { timeoutMsOf } from '../../config/resolve-settings.js';
import { AppError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import { downloadRecordings, type RecordingResult } from '../../recordings/download-recordings.js';
import { DEFAULT_NAME, parseNameTemplate } from '../../recordings/recording-name.js';
import { defineCommand } from '../command.js';
import { parseCount } from '../parse-flags.js';
import { addRecordFlags, type RecordOptions } from '../record-flags.js';
import { platformOf } from './platform-of.js';
import { planFromFlags } from './plan-from-flags.js';

interface DownloadFlags extends RecordOptions {
  readonly dir: string;
  readonly name: string;
  readonly concurrency: string;
  readonly retries: string;
  readonly showNumbers?: boolean;
  readonly failOnExpired?: boolean;
}

const STATES: Readonly<Record<RecordingResult['state'], { zh: string; en: string }>> = {
  saved: { zh: '已保存', en: 'saved' },
  already: { zh: '已在存档', en: 'already there' },
  'too-short': { zh: '不足3秒，无文件', en: 'under 3 s, no file' },
  expired: { zh: '已过期', en: 'expired' },
  failed: { zh: '失败', en: 'failed' },
};

const COLUMNS: readonly Column<RecordingResult>[] = [
  {
    field: 'state',
    title: { zh: '状态', en: 'State' },
    cell: ({ state }, paint) => {
      const words = paint.words(STATES[state]) ?? state;
      return state === 'saved'
        ? paint.good(words)
        : state === 'failed' || state === 'expired'
          ? paint.bad(words)
          : words;
    },
  },
  { field: 'file', title: { zh: '文件', en: 'File' }, cuts: true },
  {
    field: 'durationSeconds',
    title: { zh: '时长', en: 'Length' },
    cell: ({ durationSeconds }, paint) => paint.seconds(durationSeconds),
    align: 'right',
  },
  { field: 'sizeBytes', title: { zh: '字节', en: 'Bytes' }, align: 'right' },
  { field: 'reason', title: { zh: '说明', en: 'Why' }, cuts: true },
];

export const command = defineCommand<DownloadFlags, [string[]]>({
  help: {
    purpose:
      'Download the recordings of the calls in files or the journal, soonest to expire first, and enter each in the archive. A file gets its final name only when it is whole: length and WAV header are checked, and it is synced to disk. What is in the archive is not fetched again, so the command can be repeated at any time.\n' +
      'Numbers in file names are masked unless --show-numbers is given. Recordings are personal data.',
    examples: [
      { says: 'everything that is new', line: 'privacy-call -p sandbox recordings download --dir recordings' },
      {
        says: 'every night from cron, with an alarm',
        line: 'privacy-call -p sandbox recordings download --dir recordings --fail-on-expired --quiet -o ndjson',
      },
    ],
    output:
      'Recording: state (saved, already, too-short, expired, failed), file, sizeBytes, durationSeconds, reason, record {CallRecord}',
    exits: ['partial', 'auth', 'busy', 'network', 'empty', 'lost', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    addRecordFlags(target, true);
    target
      .option('--dir <folder>', 'folder below which all files stay', '.')
      .option('--name <template>', 'name below the folder', DEFAULT_NAME)
      .option('--show-numbers', 'phone numbers in full in file names')
      .option('--concurrency <count>', 'downloads at once', '8')
      .option('--retries <count>', 'further tries for faults of network and storage', '4')
      .option('--fail-on-expired', 'exit 11 when a recording is past its seven days');
  },
  async run(options, context, files) {
    const template = parseNameTemplate(options.name);
    const concurrency = parseCount('--concurrency', options.concurrency);
    const retries = parseCount('--retries', options.retries, 0);
    const { plan, records } = await planFromFlags(context, files, options);
    const limited =
      options.limit === undefined
        ? plan
        : { ...plan, toFetch: plan.toFetch.slice(0, parseCount('--limit', options.limit)) };
    const { archive } = await context.store();
    if (context.global.dryRun) {
      return {
        view: 'list',
        kind: 'RecordingList',
        items: limited.toFetch.map(({ record, fetchBy }) => ({ kind: 'Recording', state: 'waiting', fetchBy, record })),
        columns: [
          { field: 'fetchBy', title: { zh: '最迟', en: 'Fetch by' } },
          { field: 'record.sessionId', title: { zh: '会话', en: 'Session' } },
          { field: 'record.recording.fileName', title: { zh: '文件', en: 'File' } },
        ],
        warnings: [...records.warnings, 'nothing was downloaded (--dry-run)'],
      };
    }
    const counts = { saved: 0, already: 0, 'too-short': 0, expired: 0, failed: 0 };
    const progress = await context.progress(`0 of ${limited.toFetch.length} recordings`);
    context.defer(() => {
      progress.stop();
      return Promise.resolve();
    });
    const results = async function* () {
      const [first] = limited.toFetch;
      if (
        first === undefined &&
        plan.archived.length + plan.tooShort.length + plan.expired.length + plan.withoutLocation.length === 0
      )
        return;
      const platform = await platformOf(context, first?.record ?? {});
      const parts = {
        platform,
        transport: await context.transport(),
        archive,
        now: () => context.now(),
        sleep: (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal }),
        random: Math.random,
        pid: context.pid,
        sweptFolders: new Set<string>(),
      };
      const run = downloadRecordings(parts, limited, {
        root: resolve(context.cwd, options.dir),
        template,
        naming: { zone: context.zone, showNumbers: options.showNumbers },
        concurrency,
        retries,
        timeoutMs: timeoutMsOf(context.settings),
        signal: context.signal,
      });
      for await (const result of run) {
        counts[result.state] += 1;
        progress.update(`${counts.saved + counts.failed} of ${limited.toFetch.length} recordings`);
        yield { ...result, error: undefined };
      }
      progress.stop();
    };
    return {
      view: 'list',
      kind: 'RecordingList',
      items: results(),
      columns: COLUMNS,
      warnings: records.warnings,
      outcome: () => {
        // What is lost for good goes before what the next run can still fetch.
        if (options.failOnExpired === true && counts.expired > 0) {
          const failed = counts.failed === 0 ? '' : `; ${counts.failed} more could not be downloaded`;
          return new AppError('recording-lost', `${counts.expired} recordings are past their seven days${failed}`);
        }
        if (counts.failed > 0) {
          return new AppError('some-failed', `${counts.failed} recordings could not be downloaded`, {
            hint: 'Run the same command again: it goes on where it ended.',
          });
        }
        return records.outcome();
      },
      footer: () =>
        `${counts.saved} saved, ${counts.already} already there, ${counts['too-short']} too short, ${counts.expired} expired, ${counts.failed} failed`,
    };
  },
});
