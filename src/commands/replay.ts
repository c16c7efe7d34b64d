import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.js';
import { findInputs } from '../notifications/find-inputs.js';
import type { Column } from '../output/view.js';
import { itemsFromFiles } from '../replay/items-from-files.js';
import { itemsFromJournal } from '../replay/items-from-journal.js';
import { replayPushes, type ReplayVerdict } from '../replay/replay-pushes.js';
import { buildSender, type Resigning } from '../replay/send-push.js';
import { timeoutMsOf } from '../config/resolve-settings.js';
import type { PushKind } from '../domain/push-kind.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';
import { parseAddress, parseCount, parseEnd, parseSeconds, parseTime } from './parse-flags.js';
import { secretsOf } from './secrets-of.js';

interface ReplayFlags {
  readonly to?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly rate?: string;
  readonly speed: string;
  readonly concurrency: string;
  readonly resign?: boolean;
  readonly expectStatus?: string;
  readonly maxLatency?: string;
}

const SPEEDS = ['1x', '10x', 'max'] as const;
const KINDS = ['fee', 'event', 'sms', 'number-status'] as const satisfies readonly PushKind[];

const COLUMNS: readonly Column<ReplayVerdict>[] = [
  { field: 'label', title: { zh: '推送', en: 'Push' }, cuts: true },
  { field: 'status', title: { zh: '应答', en: 'Answer' }, align: 'right' },
  {
    field: 'latencyMs',
    title: { zh: '毫秒', en: 'ms' },
    cell: ({ latencyMs }) => latencyMs?.toFixed(0),
    align: 'right',
  },
  {
    field: 'ok',
    title: { zh: '结果', en: 'Verdict' },
    cell: ({ ok }, paint) => (ok ? paint.good('ok') : paint.bad('failed')),
  },
  { field: 'reason', title: { zh: '说明', en: 'Why' }, cuts: true },
];

export const command = defineCommand<ReplayFlags, [string[]]>({
  help: {
    purpose:
      "Send saved pushes to a server again, in their order, byte for byte, and say what it answered. From files, or without any from the journal of the profile. Pushes of one call keep their order whatever --concurrency. By default any 2xx answer is right. Headers go as they were saved, signature included; --resign signs anew with the profile's key.",
    examples: [
      {
        says: 'the journal of today to a test server',
        line: 'privacy-call -p sandbox replay --since today --to "$SERVER"',
      },
      {
        says: 'a check in CI: every CDR is answered 200 within five seconds',
        line: 'privacy-call replay calls/ --to "$SERVER" --expect-status 200 --max-latency 5s',
      },
    ],
    output: 'ReplayVerdict: label, status, latencyMs, ok, reason',
    exits: ['partial', 'auth', 'empty', 'assertion', 'storage'],
  },
  define: (target) => {
    target
      .argument('[files...]', 'files, folders, globs, -')
      .option(
        '--to <address>',
        'server; with a path of its own that path is used, else the one the push was saved with',
      )
      .option('--kind <kind>', `only these: ${KINDS.join(', ')} (journal)`)
      .option('--since <time>', 'received from this time on (journal)')
      .option('--until <time>', 'received until this time (journal)')
      .option('--rate <count>', 'at most so many a second')
      .option('--speed <speed>', '1x keeps the pauses of the saved arrivals, 10x a tenth, max none', 'max')
      .option('--concurrency <count>', 'pushes under way at once', '1')
      .option('--resign', "sign anew with the profile's key")
      .option('--expect-status <status>', 'the only right answer')
      .option('--max-latency <time>', 'a slower answer is wrong');
  },
  async run(options, context, files) {
    if (options.to === undefined) throw new AppError('flag-missing', '--to is missing: the server to send to');
    const to = parseAddress('--to', options.to);
    const speed = SPEEDS.find((one) => one === options.speed);
    if (speed === undefined)
      throw new AppError('flag-invalid', `--speed ${options.speed}: must be ${SPEEDS.join(', ')}`);
    const concurrency = parseCount('--concurrency', options.concurrency);
    const expectStatus =
      options.expectStatus === undefined ? undefined : parseCount('--expect-status', options.expectStatus, 100);
    const maxLatencyMs =
      options.maxLatency === undefined ? undefined : parseSeconds('--max-latency', options.maxLatency) * 1000;
    const ratePerSecond =
      options.rate === undefined ? undefined : parseCount('--rate', options.rate.replace(/\/s$/, ''));
    const warnings: string[] = [];
    const items = await openItems(context, files, { options, warnings });
    const sender = buildSender({
      to,
      timeoutMs: timeoutMsOf(context.settings),
      concurrency,
      resign: options.resign === true ? await resigning(context) : undefined,
    });
    context.defer(() => {
      sender.close();
      return Promise.resolve();
    });
    let failed = 0;
    let sent = 0;
    const verdicts = async function* () {
      const run = replayPushes({
        items,
        sender,
        ratePerSecond,
        speed,
        concurrency,
        expectStatus,
        maxLatencyMs,
        dryRun: context.global.dryRun,
        signal: context.signal,
      });
      for await (const verdict of run) {
        sent += 1;
        if (!verdict.ok) failed += 1;
        yield verdict;
      }
    };
    return {
      view: 'list',
      kind: 'ReplayVerdictList',
      items: verdicts(),
      columns: COLUMNS,
      warnings,
      outcome: () =>
        failed === 0
          ? unreadable(warnings, sent)
          : new AppError('expectation-failed', `${failed} of ${sent} pushes were not answered as expected`),
      footer: (count) =>
        `${count} ${count === 1 ? 'push' : 'pushes'}, ${failed} failed${context.global.dryRun ? ' (dry run: nothing was sent)' : ''}`,
    };
  },
});

/** A check that sent only a part, or nothing, must not look like one that passed. */
function unreadable(warnings: readonly string[], sent: number): AppError | undefined {
  const [first] = warnings;
  if (first === undefined) return undefined;
  if (sent === 0) return new AppError('input-invalid', `nothing could be read: ${first}`);
  return new AppError('some-failed', `${warnings.length} of the pushes could not be read; the rest was sent`);
}

async function openItems(
  context: CommandContext,
  files: readonly string[],
  how: { readonly options: ReplayFlags; readonly warnings: string[] },
) {
  const { kind, since, until } = how.options;
  if (files.length > 0) {
    if (kind !== undefined || since !== undefined || until !== undefined) {
      throw new AppError('flag-conflict', '--kind, --since and --until choose from the journal, not from files');
    }
    const inputs = await findInputs(files, { cwd: context.cwd, stdin: context.stdin });
    return itemsFromFiles(inputs, ({ file, line, reason }) => how.warnings.push(`${file}:${line}: ${reason}`));
  }
  const when = { zone: context.zone, now: context.now() };
  const chosen = kind === undefined ? undefined : KINDS.find((one) => one === kind);
  if (kind !== undefined && chosen === undefined)
    throw new AppError('flag-invalid', `--kind ${kind}: must be ${KINDS.join(', ')}`);
  const { journal } = await context.store();
  return itemsFromJournal(journal, {
    kind: chosen,
    from: since === undefined ? undefined : parseTime('--since', since, when),
    to: until === undefined ? undefined : parseEnd('--until', until, when),
    onDamage: ({ file, line, reason }) => how.warnings.push(`${file}:${line}: ${reason}`),
  });
}

async function resigning(context: CommandContext): Promise<Resigning> {
  const [first] = await secretsOf(context);
  if (first === undefined)
    throw new AppError('credentials-missing', '--resign needs a profile with credentials', {
      hint: 'privacy-call login',
    });
  const [appKey, appSecret] = first;
  const signing = context.settings.signing.value === 'wsse' ? 'wsse' : 'aksk';
  return { appKey, appSecret, signing, now: () => context.now(), nonce: () => randomUUID().replaceAll('-', '') };
}
