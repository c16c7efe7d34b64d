import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { signingOf, timeoutMsOf } from '../config/resolve-settings.js';
import { tryNamedFile, writeNamedFile } from '../disk/write-named-file.js';
import { counted } from '../domain/counted.js';
import { asWarning, joinPairs, sameText, type TextPair, type Words } from '../domain/text-pair.js';
import { AppError, isAppError, storageError } from '../errors.js';
import type { Column, View } from '../output/view.js';
import { buildJudge } from '../replay/judge-answer.js';
import { describeLatency, LatencyHistogram } from '../replay/latency-histogram.js';
import { numberItems } from '../replay/number-items.js';
import { replayPushes } from '../replay/replay-pushes.js';
import { DRY_RUN, type ReplayVerdict } from '../replay/replay-verdict.js';
import { renderReport, type ReportCase } from '../replay/report.js';
import { RunLog } from '../replay/run-log.js';
import { buildSender, type Resigning } from '../replay/send-push.js';
import type { CommandContext } from './command-context.js';
import { networkOf } from './network-of.js';
import { ReadComplaints, nothingRead } from './read-complaints.js';
import { readReportFormat, type ReplayFlags } from './replay-flags.js';
import { openReplaySource, type ReplaySource, runFolderOf } from './replay-source.js';
import { secretsOf } from './secrets-of.js';

const COLUMNS: readonly Column<ReplayVerdict>[] = [
  { field: 'label', title: { zh: '推送', en: 'Push' }, cuts: 'front' },
  { field: 'status', title: { zh: '应答', en: 'Answer' }, align: 'right' },
  {
    field: 'latencyMs',
    title: { zh: '毫秒', en: 'ms' },
    cell: ({ latencyMs }) => latencyMs?.toFixed(1),
    align: 'right',
  },
  {
    field: 'ok',
    title: { zh: '结果', en: 'Verdict' },
    cell: ({ ok }, paint) =>
      ok ? paint.good(paint.lang === 'zh' ? '通过' : 'ok') : paint.bad(paint.lang === 'zh' ? '失败' : 'failed'),
  },
  { field: 'attempts', title: { zh: '次数', en: 'Tries' }, align: 'right', drops: 1 },
  { field: 'reason', title: { zh: '说明', en: 'Why' }, cuts: true },
];

/** Sends saved pushes: a list of verdicts, or a report of them. @throws AppError `flag-…`, `input-…`, `storage-…`. */
export async function runReplay(context: CommandContext, flags: ReplayFlags, files: readonly string[]): Promise<View> {
  const format = readReportFormat(flags);
  const complaints = new ReadComplaints();
  const source = await openReplaySource(context, { flags, files }, (problem) => {
    complaints.addProblem(problem);
  });
  await tryReport(context, flags.reportFile);
  const run = new Run(context, source, { flags, complaints });
  if (format === undefined || flags.reportFile !== undefined) {
    return {
      view: 'list',
      kind: 'ReplayVerdictList',
      items: run.verdicts(async (cases) => {
        if (format !== undefined && flags.reportFile !== undefined)
          await writeReport(context, flags.reportFile, renderReport(run.report(cases), format));
      }),
      columns: COLUMNS,
      get warnings() {
        return run.warnings();
      },
      outcome: () => run.outcome(),
      footer: (count) => run.footer(count),
    };
  }
  let text = '';
  const verdicts = run.verdicts((cases) => {
    text = renderReport(run.report(cases), format);
    return Promise.resolve();
  });
  let seen = await verdicts.next();
  while (seen.done !== true) seen = await verdicts.next();
  for (const warning of run.warnings()) await context.note(asWarning(warning));
  return { view: 'text', text, outcome: () => run.outcome() };
}

/** One replay with its figures and its file. */
class Run {
  readonly #context: CommandContext;
  readonly #source: ReplaySource;
  readonly #flags: ReplayFlags;
  readonly #complaints: ReadComplaints;
  readonly #latency = new LatencyHistogram();
  /** Of this run, and before it was stopped. */
  #sent: number;
  #failed: number;

  constructor(
    context: CommandContext,
    source: ReplaySource,
    how: { readonly flags: ReplayFlags; readonly complaints: ReadComplaints },
  ) {
    this.#context = context;
    this.#source = source;
    this.#flags = how.flags;
    this.#complaints = how.complaints;
    this.#sent = source.resumed?.sent ?? 0;
    this.#failed = source.resumed?.failed ?? 0;
  }

  /** Sends, and gives the verdicts. @param done is told of all cases at the end, where a report is asked for. */
  async *verdicts(done: (cases: readonly ReportCase[]) => Promise<void>): AsyncGenerator<ReplayVerdict> {
    const { plan, items, resumed } = this.#source;
    const cases: ReportCase[] = [];
    const keepCases = this.#flags.report !== undefined || this.#flags.reportFile !== undefined;
    const { sender, log } = await this.#open();
    try {
      const verdicts = replayPushes({
        ...plan,
        items: numberItems(items, resumed?.settled),
        sender,
        judge: buildJudge(plan.expectations),
        lang: this.#context.lang,
        onVerdict: (item, verdict) => log?.note(item, verdict),
        dryRun: this.#context.global.dryRun,
        signal: this.#context.signal,
      });
      for await (const verdict of verdicts) {
        this.#count(verdict);
        if (keepCases) cases.push(caseOf(verdict, this.#context.lang));
        yield verdict;
      }
      const end = { end: true, sent: this.#sent, failed: this.#failed, latencyMs: this.#latency.figures() } as const;
      await log?.close(end);
      await done(cases);
    } finally {
      await log?.close();
    }
  }

  report(cases: readonly ReportCase[]): Parameters<typeof renderReport>[0] {
    const { head } = this.#source;
    return {
      name: 'privacy-call replay',
      run: this.#context.global.dryRun ? undefined : head.run,
      startedAt: new Date(head.at),
      target: head.to,
      cases,
      latency: this.#latency.figures(),
    };
  }

  outcome(): AppError | undefined {
    const { head } = this.#source;
    if (this.#failed === 0) return unreadable(this.#complaints, this.#sent);
    const failed = `${this.#failed} of ${counted(this.#sent, 'push', 'pushes')}`;
    const words = {
      zh: `${this.#sent} 个推送中有 ${this.#failed} 个的应答不符合期望`,
      en: `${failed} ${this.#failed === 1 ? 'was' : 'were'} not answered as expected`,
    };
    return new AppError('expectation-failed', words, {
      hint: {
        zh: `privacy-call replay --failed-of ${head.run} 只重发这些推送。`,
        en: `privacy-call replay --failed-of ${head.run} sends just those again.`,
      },
    });
  }

  /** What could not be read, and what was empty; that nothing was sent must not pass for a success either. */
  warnings(): readonly Words[] {
    const { warnings, problemCount } = this.#complaints;
    if (this.#sent > 0 || problemCount > 0) return warnings;
    return [...warnings, { zh: '没有发送：没有符合条件的推送', en: 'nothing was sent: no saved push fits' }];
  }

  footer(count: number): TextPair {
    const { run } = this.#source.head;
    const latency = describeLatency(this.#latency.figures());
    const { zh, en } = joinPairs([
      { zh: `${count} 个推送`, en: counted(count, 'push', 'pushes') },
      { zh: `${this.#failed} 个失败`, en: `${this.#failed} failed` },
      ...(latency === undefined ? [] : [sameText(latency)]),
    ]);
    if (this.#context.global.dryRun) return { zh: `${zh}（演练：没有发送）`, en: `${en} (dry run: nothing was sent)` };
    return { zh: `${zh}；批次 ${run}`, en: `${en}; run ${run}` };
  }

  #count({ ok, latencyMs }: ReplayVerdict): void {
    this.#sent += 1;
    if (!ok) this.#failed += 1;
    if (latencyMs !== undefined) this.#latency.add(latencyMs);
  }

  async #open() {
    const { plan } = this.#source;
    const context = this.#context;
    const sender = buildSender({
      to: plan.to,
      timeoutMs: timeoutMsOf(context.settings),
      concurrency: plan.concurrency,
      network: await networkOf(context),
      resign:
        this.#flags.resign === true || this.#source.head.flags.resign === true ? await resigning(context) : undefined,
    });
    context.defer(() => {
      sender.close();
      return Promise.resolve();
    });
    return { sender, log: context.global.dryRun ? undefined : await this.#openLog() };
  }

  async #openLog(): Promise<RunLog | undefined> {
    const { head, resumed } = this.#source;
    const runs = runFolderOf(this.#context);
    if (resumed !== undefined) return RunLog.reopen(runs.pathOf(head.run));
    let log: RunLog | undefined;
    try {
      log = await RunLog.create(runs.pathOf(head.run), head);
      await runs.prune();
    } catch (error) {
      if (!isAppError(error)) throw error;
      // The pushes can be sent all the same.
      const lost =
        log === undefined
          ? { zh: '--failed-of 和 --resume 将找不到这个批次', en: '--failed-of and --resume will not know this run' }
          : { zh: '较早的批次仍保留', en: 'older runs are kept' };
      await this.#context.note(asWarning(joinPairs([error.words, lost], { zh: '；', en: '; ' })));
    }
    return log;
  }
}

function caseOf({ label, ok, reason, latencyMs, dryRun }: ReplayVerdict, lang: 'zh' | 'en'): ReportCase {
  if (dryRun === true) return { name: label, verdict: 'skipped', reason: DRY_RUN[lang] };
  return { name: label, verdict: ok ? 'passed' : 'failed', reason, latencyMs };
}

/** A check that sent only a part, or nothing, must not look like one that passed. */
function unreadable({ firstProblem, problemCount }: ReadComplaints, sent: number): AppError | undefined {
  if (firstProblem === undefined) return undefined;
  if (sent === 0) return nothingRead(firstProblem);
  return new AppError('some-failed', {
    zh: `有 ${problemCount} 个推送无法读取；其余的已发送`,
    en: `${counted(problemCount, 'push', 'pushes')} could not be read; the rest was sent`,
  });
}

/** Before anything is sent: whether the report, where a file is named for it, can be written. @throws AppError `storage-…`, `disk-full`. */
export async function tryReport(context: CommandContext, file: string | undefined): Promise<void> {
  if (file !== undefined) await withReport(context, file, tryNamedFile);
}

/** Replaces the file. @throws AppError `storage-…`, `disk-full`. */
export async function writeReport(context: CommandContext, file: string, text: string): Promise<void> {
  await withReport(context, file, (path) => writeNamedFile(path, text));
}

async function withReport(context: CommandContext, file: string, work: (path: string) => Promise<void>): Promise<void> {
  const path = resolve(context.cwd, file);
  try {
    await work(path);
  } catch (error) {
    throw storageError(error, { zh: `无法写入报告 ${path}`, en: `cannot write the report ${path}` });
  }
}

/** The key of the profile, to sign pushes as the platform does. @throws AppError `credentials-missing`. */
export async function resigning(context: CommandContext): Promise<Resigning> {
  const [first] = await secretsOf(context);
  if (first === undefined)
    throw new AppError(
      'credentials-missing',
      { zh: '--resign 需要有凭证的 profile', en: '--resign needs a profile with credentials' },
      {
        hint: 'privacy-call login',
      },
    );
  const [appKey, appSecret] = first;
  const signing = signingOf(context.settings);
  return { appKey, appSecret, signing, now: () => context.now(), nonce: () => randomUUID().replaceAll('-', '') };
}
