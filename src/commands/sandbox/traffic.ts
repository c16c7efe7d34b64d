import { randomInt } from 'node:crypto';
import { counted } from '../../domain/counted.js';
import type { Mode } from '../../domain/mode.js';
import type { TextPair } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { Column, View } from '../../output/view.js';
import { describeLatency, LatencyHistogram, type LatencyFigures } from '../../replay/latency-histogram.js';
import type { StateView } from '../../sandbox/control-client.js';
import { openKeptDeliver } from '../../sandbox/deliver.js';
import { sandboxCredentials } from '../../sandbox/initial-state.js';
import type { SandboxApplication } from '../../sandbox/state.js';
import { runTraffic, type TrafficResult } from '../../sandbox/traffic/run-traffic.js';
import type { TrafficFigures } from '../../sandbox/traffic/traffic-figures.js';
import type { CommandContext } from '../command-context.js';
import { defineCommand } from '../command.js';
import { parseCount, parseMode, parsePerSecond, parseSeconds, parseWaitMs } from '../parse-flags.js';
import { parseSeed } from './parse-seed.js';
import { addPushFlags, parsePushFlags, type PushFlags, setPushes } from './push-flags.js';

interface TrafficFlags extends PushFlags {
  readonly mode?: string;
  readonly rate: string;
  readonly for: string;
  readonly drain: string;
  readonly concurrency: string;
  readonly seed?: string;
}

interface TrafficSummary extends TrafficFigures {
  readonly mode: Mode;
  readonly seed: number;
  /** Calls a second that were asked for. */
  readonly rateAsked: number;
  readonly rateReached: number;
  readonly seconds: number;
  /** Length of the answers, of whatever status. */
  readonly latencyMs: LatencyFigures;
}

/** Below this share of the rate asked for the command says that it was not reached. */
const REACHED = 0.98;

export const command = defineCommand<TrafficFlags>({
  help: {
    purpose:
      "Load for a receiver: plausible calls of one mode at a steady rate. Each gives its events one after the other and a CDR, up to 50 CDRs a push; about a third of the bindings is recorded, one call in ten comes with a text (AX, AXB, X), 38 in 100 fail in the documented ways; X mode and AX texts ask their questions (Block). Everything is signed and goes to the push addresses; what is not answered 200 is sent again by the platform's timetable (--time-scale makes it short). Every second call uses a binding of the sandbox, if there is one, the others made-up ones; the sandbox itself keeps nothing of them, but hands out their recordings. Ctrl-C ends it with the summary.",
    examples: [
      {
        says: 'two seconds of ten calls a second, the same calls each time',
        line: 'privacy-call sandbox traffic --mode axb --rate 10/s --for 2s --seed 7 --push "$SERVER"',
      },
    ],
    output:
      'TrafficSummary: mode, seed, rateAsked, rateReached, seconds, calls, answeredCalls, recordings, texts, cdrs, pushes, sent, answered, retried, copies, waiting, givenUp, questions, unanswered, latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max',
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target
      .option('--mode <mode>', "ax, axb, axe, axyb or x (default: the profile's, else axb)")
      .option('--rate <count>', 'calls a second: 200/s', '10/s')
      .option('--for <time>', 'how long calls are made', '60s')
      .option('--drain <time>', 'then wait so long for pushes that are tried again', '0s')
      .option('--concurrency <count>', 'calls under way at once, and connections', '64')
      .option('--seed <count>', 'same seed and same bindings, same calls; sessions and times are those of the run');
    addPushFlags(target);
  },
  async run(options, context) {
    const mode = options.mode === undefined ? (context.mode ?? 'axb') : parseMode('--mode', options.mode);
    const rateAsked = parsePerSecond('--rate', options.rate, { zh: '呼叫数', en: 'calls' });
    const seed = options.seed === undefined ? randomInt(2 ** 31) : parseSeed('--seed', options.seed);
    const forMs = parseWaitMs('--for', options.for, { most: '24d' });
    const plan = {
      seed,
      ratePerSecond: rateAsked,
      forMs,
      drainMs: parseSeconds('--drain', options.drain) * 1000,
      concurrency: parseCount('--concurrency', options.concurrency),
    };
    const pushSettings = parsePushFlags(options);
    const { control } = await context.sandbox();
    await setPushes(control, pushSettings);
    const view = await control.state();
    const application = applicationOf(view, mode);
    await context.note({ zh: `随机种子 ${seed}`, en: `seed ${seed}` });
    const latency = new LatencyHistogram();
    const way = openKeptDeliver(plan.concurrency);
    context.defer(() => {
      way.close();
      return Promise.resolve();
    });
    const progress = await context.progress({ zh: '正在呼叫', en: 'making calls' });
    try {
      const result = await runTraffic({
        ...plan,
        ...{ view, application, deliver: way.deliver, signal: context.signal, hostNow: () => context.now() },
        onAnswer: (latencyMs) => {
          latency.add(Math.round(latencyMs * 10) / 10);
        },
        onProgress: (figures, seconds) => {
          progress.update(describeProgress(figures, seconds));
        },
      });
      return summarize(result, { mode, seed, rateAsked, latencyMs: latency.figures() }, context);
    } finally {
      progress.stop();
    }
  },
});

/** The application of `mode` with its secret. @throws AppError `flag-missing` where nobody wants its pushes. */
function applicationOf(view: StateView, mode: Mode): SandboxApplication {
  const application = view.applications.find((one) => one.mode === mode);
  if (application === undefined || Object.values(application.push).every((address) => address === undefined)) {
    throw new AppError(
      'flag-missing',
      { zh: '缺少 --push：沙箱没有推送地址', en: '--push is missing: the sandbox has no address to push to' },
      {
        hint: {
          zh: '请给出 --push http://127.0.0.1:8080/，或 --push-cdr、--push-event …；沙箱会记住。',
          en: 'Give --push http://127.0.0.1:8080/, or --push-cdr, --push-event …; it is kept.',
        },
      },
    );
  }
  return { ...application, ...sandboxCredentials(mode) };
}

function describeProgress({ calls, pushes, answered }: TrafficFigures, seconds: number): string {
  return `${counted(calls, 'call')} in ${Math.round(seconds)} s, ${answered} of ${counted(pushes, 'push', 'pushes')} answered`;
}

function summarize(
  { figures, seconds }: TrafficResult,
  about: Pick<TrafficSummary, 'mode' | 'seed' | 'rateAsked' | 'latencyMs'>,
  context: CommandContext,
): View {
  const rateReached = seconds === 0 ? 0 : Math.round((figures.calls / seconds) * 10) / 10;
  const item: TrafficSummary = { ...about, rateReached, seconds: Math.round(seconds * 10) / 10, ...figures };
  const warnings: TextPair[] = [];
  if (!context.signal.aborted && figures.calls < about.rateAsked * seconds * REACHED) {
    warnings.push({
      zh: `每秒 ${rateReached} 次呼叫，而不是 ${about.rateAsked} 次：接收端应答太慢（见 --concurrency），或本机太慢`,
      en: `${counted(rateReached, 'call')} a second instead of ${about.rateAsked}: the receiver answers too slowly for --concurrency, or this machine is too slow`,
    });
  }
  if (about.latencyMs.max === undefined && figures.sent > 0)
    warnings.push({ zh: '没有一个推送得到应答', en: 'nobody answered a single push' });
  return { view: 'item', kind: 'TrafficSummary', item, columns: COLUMNS, warnings };
}

const figure = (field: keyof TrafficFigures, zh: string, en: string): Column<TrafficSummary> => ({
  field,
  title: { zh, en },
});

const COLUMNS: readonly Column<TrafficSummary>[] = [
  { field: 'mode', title: { zh: '模式', en: 'Mode' } },
  { field: 'seed', title: { zh: '种子', en: 'Seed' } },
  { field: 'rateAsked', title: { zh: '要求的每秒呼叫数', en: 'Calls a second asked' } },
  { field: 'rateReached', title: { zh: '达到的每秒呼叫数', en: 'Calls a second reached' } },
  { field: 'seconds', title: { zh: '秒数', en: 'Seconds' } },
  figure('calls', '呼叫', 'Calls'),
  figure('answeredCalls', '接通的呼叫', 'Calls answered'),
  figure('recordings', '录音', 'Recordings'),
  figure('texts', '短信', 'Texts'),
  figure('cdrs', '话单', 'CDRs'),
  figure('pushes', '推送', 'Pushes'),
  figure('sent', '已发次数', 'Tries'),
  figure('answered', '应答 200', 'Answered 200'),
  figure('retried', '重试次数', 'Retries'),
  figure('copies', '重复推送', 'Second copies'),
  figure('waiting', '仍待推送', 'Still waiting'),
  figure('givenUp', '已放弃', 'Given up'),
  figure('questions', '询问（Block）', 'Questions (Block)'),
  figure('unanswered', '无有效应答的询问', 'Questions unanswered'),
  {
    field: 'latencyMs',
    title: { zh: '应答耗时', en: 'Answer time' },
    cell: ({ latencyMs }) => describeLatency(latencyMs),
    value: ({ latencyMs }) => describeLatency(latencyMs),
  },
];
