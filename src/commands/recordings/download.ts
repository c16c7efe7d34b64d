import { resolve } from 'node:path';
import { counted } from '../../domain/counted.js';
import { timeoutMsOf } from '../../config/resolve-settings.js';
import { type Words, joinPairs, toldOf } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { View } from '../../output/view.js';
import { buildPause } from '../../recordings/build-pause.js';
import { buildThrottle } from '../../recordings/build-throttle.js';
import { downloadRecordings, type RecordingResult, type RunOptions } from '../../recordings/download-recordings.js';
import { buildFollow } from '../../recordings/follow-file.js';
import { HashThread } from '../../recordings/hash-thread.js';
import { doubtExpired, type RecordingItem, type RecordingPlan } from '../../recordings/plan-recordings.js';
import { DEFAULT_NAME, parseNameTemplate } from '../../recordings/recording-name.js';
import { WriteBuffers } from '../../recordings/write-buffers.js';
import { sleep } from '../../sleep.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import type { OpenRecords } from '../open-records.js';
import { parseExec } from '../exec-flag.js';
import { parseCount, parseSeconds } from '../parse-flags.js';
import { addRecordFlags, type RecordOptions } from '../record-flags.js';
import { DOWNLOAD_COLUMNS, summarise, type DownloadCounts, type DownloadRow } from './download-columns.js';
import { buildDownloadProgress, type DownloadProgress } from './download-progress.js';
import { parseMaxErrors, parseRate, parseWindow } from './parse-run-flags.js';
import { planFromFlags } from './plan-from-flags.js';
import { buildPlatformOf } from './platform-of.js';
import { buildRunWindow } from './run-window.js';

interface DownloadFlags extends RecordOptions {
  readonly dir: string;
  readonly name: string;
  readonly concurrency: string;
  readonly retries: string;
  readonly expiring?: string;
  readonly bwlimit?: string;
  readonly window?: string;
  readonly maxErrors?: string;
  readonly sidecar?: boolean;
  readonly exec?: string;
  readonly showNumbers?: boolean;
  readonly failOnExpired?: boolean;
}

/** What was typed, as what is meant. */
interface Meant extends Pick<
  RunOptions,
  'root' | 'template' | 'concurrency' | 'retries' | 'throttle' | 'window' | 'follow' | 'commandDue'
> {
  readonly expiringMs: number | undefined;
}

const milliseconds = (): number => performance.now();

export const command = defineCommand<DownloadFlags, [string[]]>({
  help: {
    purpose:
      'Download the recordings of the calls in files or the journal, soonest to expire first, and enter each in the archive. A file gets its final name only when it is whole: length and WAV header are checked, and it is synced to disk. What is in the archive is not fetched again, so the command can be repeated at any time; "recordings verify" finds what was deleted or altered since, and asks for it once more.\n' +
      'Numbers in file names are masked unless --show-numbers is given. Recordings are personal data; a sidecar holds the numbers in full.\n' +
      '--exec runs a command for each saved file, without a shell: blanks separate words, quotes and backslash keep them together, nothing is expanded. It finds PRIVACY_CALL_FILE, _SIDECAR, _KEY, _SHA256, _BYTES, _SECONDS, _SESSION and _STARTED_AT in its environment, and no credentials. A command that fails counts as a failure. It runs at least once for each file: where it failed, or where the program or the machine stopped before it had ended, the next run with --exec runs it again.',
    examples: [
      { says: 'everything that is new', line: 'privacy-call -p sandbox recordings download --dir recordings' },
      {
        says: 'every night from cron, with an alarm',
        line: 'privacy-call -p sandbox recordings download --dir recordings --fail-on-expired --quiet -o ndjson',
      },
      {
        says: 'gently, with the CDR beside each file, and a command for each',
        line: `privacy-call -p sandbox recordings download --dir recordings --bwlimit 2M --sidecar --exec 'sh -c "ls -l \\"$PRIVACY_CALL_FILE\\""'`,
      },
    ],
    output:
      'Recording: state (saved, already, too-short, expired, failed, waiting), key, file, sizeBytes, sha256, durationSeconds, reason, hint, missing (arrears, wrong-name, expired, too-short), fetchBy, followUp {sidecar, commandError}, record {CallRecord}',
    exits: ['partial', 'auth', 'busy', 'network', 'empty', 'lost', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    addRecordFlags(target, true);
    target
      .option('--dir <folder>', 'folder below which all files stay', '.')
      .option('--name <template>', 'name below the folder', DEFAULT_NAME)
      .option('--show-numbers', 'phone numbers in full in file names')
      .option('--expiring <time>', 'only those that expire within this time')
      .option('--concurrency <count>', 'downloads at once', '8')
      .option('--retries <count>', 'further tries for faults of network and storage', '4')
      .option('--bwlimit <rate>', 'bytes per second of all downloads together: 800K, 2M')
      .option('--window <time>', 'start downloads only in this part of the day, Beijing time: 01:00-06:00')
      .option('--max-errors <count>', 'start nothing new after so many failures, or such a share: 20, 5%')
      .option('--sidecar', 'write the CDR as JSON beside each file: call.wav.json')
      .option('--exec <command>', 'run this for each saved file, without a shell')
      .option('--fail-on-expired', 'exit 11 when a recording is past its seven days, or will be within --expiring');
  },
  async run(options, context, files) {
    const meant = readFlags(options, context);
    const limit = options.limit === undefined ? undefined : parseCount('--limit', options.limit);
    if (options.maxErrors !== undefined) parseMaxErrors(options.maxErrors, 1);
    const { plan: whole, records } = await planFromFlags(context, files, options);
    const plan = chosen(doubtExpired(whole, context.now()), { ...meant, limit, now: context.now() });
    if (context.global.dryRun) return preview(plan, records);
    const maxErrors =
      options.maxErrors === undefined ? undefined : parseMaxErrors(options.maxErrors, plan.toFetch.length);
    const counts: DownloadCounts = {
      saved: 0,
      already: 0,
      'too-short': 0,
      expired: 0,
      failed: 0,
      waiting: 0,
      commandFailed: 0,
    };
    let atRisk = 0;
    const tally = ({ state, fetchBy, followUp }: RecordingResult): void => {
      counts[state] += 1;
      if (followUp?.commandError !== undefined) counts.commandFailed += 1;
      const left = fetchBy === undefined ? Infinity : fetchBy.getTime() - context.platformNow().getTime();
      if ((state === 'failed' || state === 'waiting') && left <= (meant.expiringMs ?? -Infinity)) atRisk += 1;
    };
    return {
      view: 'list',
      kind: 'RecordingList',
      items: download(context, plan, {
        tally,
        run: {
          ...meant,
          naming: { zone: context.zone, showNumbers: options.showNumbers },
          maxErrors,
          timeoutMs: timeoutMsOf(context.settings),
          signal: context.signal,
        },
        summary: () => summarise(counts),
      }),
      columns: DOWNLOAD_COLUMNS,
      warnings: records.warnings,
      outcome: () => failureOf(counts, { atRisk, alarm: options.failOnExpired === true }) ?? records.outcome(),
      footer: () => summarise(counts),
    };
  },
});

function readFlags(options: DownloadFlags, context: CommandContext): Meant {
  const rate = options.bwlimit === undefined ? undefined : parseRate(options.bwlimit);
  return {
    root: resolve(context.cwd, options.dir),
    template: parseNameTemplate(options.name),
    concurrency: parseCount('--concurrency', options.concurrency),
    retries: parseCount('--retries', options.retries, 0),
    expiringMs: options.expiring === undefined ? undefined : parseSeconds('--expiring', options.expiring) * 1000,
    throttle: rate === undefined ? undefined : buildThrottle({ bytesPerSecond: rate, milliseconds, sleep }),
    window:
      options.window === undefined ? undefined : buildRunWindow(parseWindow(options.window), options.window, context),
    follow: buildFollow({
      sidecar: options.sidecar === true,
      command: options.exec === undefined ? undefined : parseExec(options.exec, context),
      cwd: context.cwd,
      env: context.env,
      commandDone: async ({ commandDue: _, ...entry }) => (await context.store()).archive.append([entry]),
    }),
    commandDue: options.exec !== undefined,
  };
}

/** The part of the plan that `--expiring` and `--limit` leave. */
function chosen(
  plan: RecordingPlan,
  by: { readonly expiringMs: number | undefined; readonly limit: number | undefined; readonly now: Date },
): RecordingPlan {
  const isSoon = ({ fetchBy }: RecordingItem): boolean =>
    by.expiringMs === undefined || fetchBy === undefined || fetchBy.getTime() - by.now.getTime() <= by.expiringMs;
  return { ...plan, toFetch: plan.toFetch.filter(isSoon).slice(0, by.limit) };
}

function preview(plan: RecordingPlan, records: OpenRecords): View {
  return {
    view: 'list',
    kind: 'RecordingList',
    items: plan.toFetch.map(({ key, record, fetchBy }) => ({
      kind: 'Recording',
      state: 'waiting',
      key,
      fetchBy,
      record,
    })),
    columns: [
      { field: 'fetchBy', title: { zh: '最迟', en: 'Fetch by' } },
      { field: 'record.sessionId', title: { zh: '会话', en: 'Session' } },
      { field: 'record.recording.fileName', title: { zh: '文件', en: 'File' } },
    ],
    warnings: [...records.warnings, { zh: '没有下载（--dry-run）', en: 'nothing was downloaded (--dry-run)' }],
  };
}

/** Runs the plan, counts, and keeps the line of progress. */
async function* download(
  context: CommandContext,
  plan: RecordingPlan,
  how: {
    readonly run: Omit<RunOptions, 'progress' | 'pause'>;
    readonly tally: (result: RecordingResult) => void;
    readonly summary: () => Words;
  },
): AsyncGenerator<DownloadRow> {
  const seen = buildDownloadProgress(plan.toFetch, { milliseconds, columns: () => context.stderr.columns });
  const spinner = await context.progress(seen.line(true) ?? '');
  context.defer(() => {
    spinner.stop();
    return Promise.resolve();
  });
  const redraw = (): void => {
    const line = seen.line();
    if (line !== undefined) spinner.update(line);
  };
  const { archive, recordingNotes } = await context.store();
  const hashes = new HashThread();
  context.defer(() => hashes.close());
  const platformOf = buildPlatformOf(context);
  const needed = {
    platformOf,
    transport: await context.transport(),
    archive,
    recordingNotes,
    sleep,
    random: Math.random,
    platformNow: () => context.platformNow(),
    pid: context.pid,
    sweptFolders: new Set<string>(),
    buffers: new WriteBuffers(),
    hashes,
  };
  const run = downloadRecordings({ ...needed, now: () => context.now() }, plan, {
    ...how.run,
    pause: buildPause(milliseconds, sleep),
    progress: (step) => {
      seen.step(step);
      redraw();
    },
  });
  const fetched = new Set(plan.toFetch.map(({ key }) => key));
  for await (const result of run) {
    how.tally(result);
    tell(seen, fetched, result);
    redraw();
    const { error: _, reason, hint, followUp, ...row } = result;
    yield {
      ...row,
      reason: toldOf(reason),
      hint: toldOf(hint),
      followUp: followUp && { ...followUp, commandError: toldOf(followUp.commandError) },
    };
  }
  spinner.stop();
  // A terminal has the footer under the table.
  if (!context.stdout.isTerminal && plan.toFetch.length > 0) await context.note(how.summary());
}

function tell(seen: DownloadProgress, fetched: ReadonlySet<string>, { key, state }: RecordingResult): void {
  if (key !== undefined && fetched.has(key) && state !== 'waiting') seen.done(key);
}

/** What is lost for good goes before what the next run can still fetch. */
function failureOf(
  counts: DownloadCounts,
  { atRisk, alarm }: { readonly atRisk: number; readonly alarm: boolean },
): AppError | undefined {
  const [zh, en] =
    counts.failed === 0
      ? ['', '']
      : [`；另有 ${counts.failed} 个未能下载`, `; ${counts.failed} more could not be downloaded`];
  if (alarm && counts.expired > 0) {
    return new AppError('recording-lost', {
      zh: `${counts.expired} 个录音已超过七天${zh}`,
      en: `${counted(counts.expired, 'recording is', 'recordings are')} past the seven days${en}`,
    });
  }
  if (alarm && atRisk > 0) {
    return new AppError(
      'recording-lost',
      {
        zh: `${atRisk} 个录音没有下载，即将被删除`,
        en: `${counted(atRisk, 'recording was', 'recordings were')} not downloaded and will soon be deleted`,
      },
      {
        hint: {
          zh: '请再次执行同一命令：从中断处继续。',
          en: 'Run the same command again: it goes on where it ended.',
        },
      },
    );
  }
  const complaints = [
    [counts.failed, '个录音未能下载', `${counted(counts.failed, 'recording')} could not be downloaded`],
    [counts.waiting, '个未尝试', `${counts.waiting} were not tried`],
    [
      counts.commandFailed,
      '个文件的 --exec 命令失败',
      `the command of --exec failed on ${counted(counts.commandFailed, 'file')}`,
    ],
  ] as const;
  const told = complaints.filter(([count]) => count > 0).map(([count, zh, en]) => ({ zh: `${count} ${zh}`, en }));
  if (told.length === 0) return undefined;
  return new AppError('some-failed', joinPairs(told, { zh: '；', en: '; ' }), {
    hint: { zh: '请再次执行同一命令：从中断处继续。', en: 'Run the same command again: it goes on where it ended.' },
  });
}
