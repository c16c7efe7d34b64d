import { counted } from '../domain/counted.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { Column, View } from '../output/view.js';
import type { ReplayRun } from '../replay/run-folder.js';
import { defineCommand } from './command.js';
import { addReplayFlags, type ReplayFlags } from './replay-flags.js';
import { runCheck } from './replay-check.js';
import { runReplay } from './replay-run.js';
import { flagOf, refuseAllBut } from './flag-partners.js';
import { NOTHING_REMOVED } from './dry-run-words.js';
import { parseSeconds } from './parse-flags.js';
import { runFolderOf } from './replay-source.js';
import type { CommandContext } from './command-context.js';

export const command = defineCommand<ReplayFlags, [string[]]>({
  help: {
    purpose:
      "Send saved pushes to a server again, in their order, byte for byte, and say what it answered. From files, or without any from the journal of the profile, chosen by the filters of the lists; a push of several CDRs is sent whole when one of them fits. Pushes of one call keep their order whatever --concurrency. By default any 2xx answer is right, and one to a push that waits for an instruction (Block) must have the documented form. Headers go as they were saved, signature included; --resign signs anew with the profile's key. Every run is kept: --failed-of sends its failures again, --resume goes on where it was stopped. --check needs no saved pushes: it tries a server with made-up ones of every kind and says what it does wrong.",
    examples: [
      {
        says: 'the journal of today to a test server',
        line: 'privacy-call -p sandbox replay --since today --to "$SERVER"',
      },
      {
        says: 'a check in CI: every CDR is answered 200 within five seconds',
        line: 'privacy-call replay calls/ --to "$SERVER" --expect-status 200 --max-latency 5s --report junit --report-file replay.xml',
      },
      {
        says: 'what your server does wrong with the pushes of an X-mode application',
        line: 'privacy-call replay --check "$SERVER" --mode x',
      },
    ],
    output: [
      'ReplayVerdict: label, status, latencyMs, ok, reason, attempts',
      'ServerCheck: check, title, verdict, found, meaning, remedy, latencyMs',
      'ReplayRun: run, startedAt, to, files, state, sent, failed, latencyMs, of',
    ].join('\n'),
    exits: ['partial', 'auth', 'empty', 'assertion', 'storage'],
  },
  define: addReplayFlags,
  async run(options, context, files) {
    if (options.listRuns === true) {
      refuseTheRest('listRuns', options, files);
      return listRuns(context);
    }
    if (options.pruneRuns !== undefined) {
      refuseTheRest('pruneRuns', options, files);
      return pruneRuns(context, options.pruneRuns);
    }
    if (options.check !== undefined) return runCheck(context, options, files);
    return runReplay(context, options, files);
  },
});

/** The runs that are kept are looked at by themselves. */
function refuseTheRest(name: 'listRuns' | 'pruneRuns', flags: ReplayFlags, files: readonly string[]): void {
  const flag = flagOf(name);
  refuseAllBut(flags, [name], flag);
  if (files.length > 0) throw new AppError('flag-conflict', { zh: `${flag} 不接受文件`, en: `${flag} takes no files` });
}

const RUN_STATES = {
  ended: { zh: '已结束', en: 'ended' },
  open: { zh: '未结束', en: 'open' },
} as const satisfies Record<ReplayRun['state'], TextPair>;

const RUN_COLUMNS: readonly Column<ReplayRun>[] = [
  { field: 'run', title: { zh: '批次', en: 'Run' } },
  {
    field: 'startedAt',
    title: { zh: '开始', en: 'Started' },
    cell: ({ startedAt }, paint) => paint.instant(startedAt),
  },
  { field: 'state', title: { zh: '状态', en: 'State' }, cell: ({ state }, paint) => paint.words(RUN_STATES[state]) },
  { field: 'sent', title: { zh: '已发', en: 'Sent' }, align: 'right' },
  { field: 'failed', title: { zh: '失败', en: 'Failed' }, align: 'right' },
  { field: 'latencyMs.p99', title: { zh: 'P99 毫秒', en: 'p99 ms' }, align: 'right', drops: 1 },
  // By its name a phone number, which an address is not.
  { field: 'to', title: { zh: '目标', en: 'To' }, cell: ({ to }, paint) => paint.text(to), cuts: true },
];

async function listRuns(context: CommandContext): Promise<View> {
  return { view: 'list', kind: 'ReplayRunList', items: await runFolderOf(context).list(), columns: RUN_COLUMNS };
}

async function pruneRuns(context: CommandContext, age: string): Promise<View> {
  const before = context.now().getTime() - parseSeconds('--prune-runs', age) * 1000;
  const folder = runFolderOf(context);
  const old = (await folder.list()).filter(({ state, startedAt }) => state === 'ended' && startedAt.getTime() < before);
  const { dryRun } = context.global;
  if (old.length > 0 && !dryRun) {
    await context.confirm({
      zh: `将删除 ${old.length} 个批次及其中失败的推送`,
      en: `this removes ${counted(old.length, 'run')} with the pushes that failed`,
    });
  }
  if (!dryRun) for (const { run } of old) await folder.remove(run);
  const warnings = dryRun ? [NOTHING_REMOVED] : [];
  return { view: 'list', kind: 'ReplayRunList', items: old, columns: RUN_COLUMNS, warnings };
}
