import { randomBytes } from 'node:crypto';
import { counted } from '../domain/counted.js';
import { timeoutMsOf } from '../config/resolve-settings.js';
import type { Mode } from '../domain/mode.js';
import { AppError } from '../errors.js';
import type { Column, View } from '../output/view.js';
import { checkServer, type ServerCheckResult } from '../replay/check-server.js';
import { LatencyHistogram } from '../replay/latency-histogram.js';
import { renderReport, type ReportCase } from '../replay/report.js';
import type { Resigning } from '../replay/send-push.js';
import type { CommandContext } from './command-context.js';
import { refuseAllBut } from './flag-partners.js';
import { parseAddress, parseMode } from './parse-flags.js';
import { networkOf } from './network-of.js';
import { readMaxLatencyMs, readReportFormat, type ReplayFlags } from './replay-flags.js';
import { resigning, tryReport, writeReport } from './replay-run.js';
import { secretsOf } from './secrets-of.js';

/** A person who calls waits no longer for a decision; a notice should take a fraction of it. */
const MAX_LATENCY_MS = 5000;

/** The longest name of a check. */
const CHECK_WIDTH = 15;
const CHINESE: Readonly<Record<ServerCheckResult['verdict'], string>> = {
  passed: '通过',
  warned: '警告',
  failed: '失败',
  skipped: '跳过',
};

/** Flags that have a meaning for made-up pushes. */
const TAKEN = ['check', 'mode', 'maxLatency', 'report', 'reportFile'] as const satisfies (keyof ReplayFlags)[];

const COLUMNS: readonly Column<ServerCheckResult>[] = [
  { field: 'check', title: { zh: '检查', en: 'Check' }, cell: ({ check }) => check.padEnd(CHECK_WIDTH) },
  {
    field: 'verdict',
    title: { zh: '结论', en: 'Verdict' },
    cell: ({ verdict }, paint) => {
      const word = (paint.lang === 'zh' ? CHINESE[verdict] : verdict).padEnd(paint.lang === 'zh' ? 0 : 7);
      return verdict === 'failed' ? paint.bad(word) : verdict === 'passed' ? paint.good(word) : word;
    },
  },
  {
    field: 'title',
    title: { zh: '内容', en: 'What' },
    cell: ({ title }, paint) => paint.words(title),
    value: ({ title }, lang) => title[lang],
  },
  { field: 'found', title: { zh: '服务器的表现', en: 'What the server did' }, below: true },
  {
    field: 'meaning',
    title: { zh: '后果', en: 'What it means' },
    cell: ({ meaning }, paint) => paint.words(meaning),
    value: ({ meaning }, lang) => meaning?.[lang],
    below: true,
  },
  {
    field: 'remedy',
    title: { zh: '怎样改', en: 'What to mend' },
    cell: ({ remedy }, paint) => paint.words(remedy),
    value: ({ remedy }, lang) => remedy?.[lang],
    below: true,
  },
];

/** Tries a server with made-up pushes. @throws AppError `flag-…`. */
export async function runCheck(context: CommandContext, flags: ReplayFlags, files: readonly string[]): Promise<View> {
  if (files.length > 0)
    throw new AppError('flag-conflict', {
      zh: '--check 使用编造的推送：不接受文件',
      en: '--check makes up its own pushes: it takes no files',
    });
  refuseAllBut(flags, TAKEN, {
    zh: '--check 使用编造的推送，',
    en: '--check makes up its own pushes and',
  });
  const to = parseAddress('--check', flags.check ?? '');
  const format = readReportFormat(flags);
  const signing = await signingOf(context);
  await tryReport(context, flags.reportFile);
  const startedAt = context.now();
  const results = checkServer({
    to,
    mode: modeOf(context, flags),
    run: randomBytes(4).toString('hex'),
    now: startedAt,
    timeoutMs: timeoutMsOf(context.settings),
    network: await networkOf(context),
    maxLatencyMs: readMaxLatencyMs(flags) ?? MAX_LATENCY_MS,
    signing,
    lang: context.lang,
    dryRun: context.global.dryRun,
    signal: context.signal,
  });
  const warnings =
    signing === undefined
      ? [
          {
            zh: '推送不签名：没有使用带凭证的 profile',
            en: 'the pushes go unsigned: no profile with credentials is in use',
          },
        ]
      : [];
  const seen: ServerCheckResult[] = [];
  const report = (): string =>
    format === undefined
      ? ''
      : renderReport(
          { name: 'privacy-call replay --check', startedAt, target: to.origin, ...figuresOf(seen, context.lang) },
          format,
        );
  const outcome = (): AppError | undefined => outcomeOf(seen, to);
  if (format !== undefined && flags.reportFile === undefined) {
    for await (const result of results) seen.push(result);
    return { view: 'text', text: report(), outcome };
  }
  const items = async function* () {
    for await (const result of results) {
      seen.push(result);
      yield result;
    }
    if (flags.reportFile !== undefined) await writeReport(context, flags.reportFile, report());
  };
  return {
    view: 'list',
    kind: 'ServerCheckList',
    items: items(),
    columns: COLUMNS,
    layout: 'lines',
    warnings,
    outcome,
  };
}

function outcomeOf(seen: readonly ServerCheckResult[], to: URL): AppError | undefined {
  const failed = seen.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);
  if (failed.length === 0) return undefined;
  return new AppError('expectation-failed', {
    zh: `${to.host}：${seen.length} 项检查中 ${failed.length} 项失败：${failed.join('、')}`,
    en: `${to.host}: ${failed.length} of ${counted(seen.length, 'check')} failed: ${failed.join(', ')}`,
  });
}

function figuresOf(
  seen: readonly ServerCheckResult[],
  lang: 'zh' | 'en',
): { readonly cases: readonly ReportCase[]; readonly latency: ReturnType<LatencyHistogram['figures']> } {
  const latency = new LatencyHistogram();
  const cases = seen.map(({ check, verdict, found, meaning, remedy, latencyMs }) => {
    if (latencyMs !== undefined) latency.add(latencyMs);
    const told = [found, meaning?.[lang], remedy?.[lang]].filter((text) => text !== undefined);
    return { name: check, verdict, reason: told.length === 0 ? undefined : told.join('; '), latencyMs };
  });
  return { cases, latency: latency.figures() };
}

async function signingOf(context: CommandContext): Promise<Resigning | undefined> {
  const [first] = await secretsOf(context);
  return first === undefined ? undefined : resigning(context);
}

function modeOf(context: CommandContext, { mode }: ReplayFlags): Mode {
  const chosen = mode === undefined ? context.mode : parseMode('--mode', mode);
  if (chosen !== undefined) return chosen;
  throw new AppError(
    'flag-missing',
    {
      zh: '缺少 --mode：应用收到哪些推送取决于其模式',
      en: '--mode is missing: which pushes an application gets depends on its mode',
    },
    {
      hint: {
        zh: '请给出 --mode ax、axb、axe、axyb 或 x，或用 -p 选择 profile。',
        en: 'Give --mode ax, axb, axe, axyb or x, or choose a profile with -p.',
      },
    },
  );
}
