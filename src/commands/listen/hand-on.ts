import { AppError, isAppError } from '../../errors.js';
import { deliverJournal } from '../../receiver/deliver-journal.js';
import { newCounts, type DeliveryOutcome } from '../../receiver/delivery.js';
import { buildForwarder, type Forwarder, outcomeOf } from '../../receiver/forward-push.js';
import type { LimitedLog } from '../../receiver/limited-log.js';
import type { DeliveryState } from '../../receiver/receiver-metrics.js';
import { runHook } from '../../receiver/run-hook.js';
import { sessionKeysOf } from '../../replay/session-keys.js';
import type { Journal, JournalConsumer, StoredPush } from '../../store/journal.js';
import type { CommandContext } from '../command-context.js';
import { parseExec } from '../exec-flag.js';
import { demandPartner, refuseBeside } from '../flag-partners.js';
import { parseCount, parseWaitMs } from '../parse-flags.js';
import { networkOf } from '../network-of.js';
import { consumerName, parseTargets, type Target, targetByKind } from './parse-targets.js';

/** Flags by which pushes are handed on. */
export interface HandOnOptions {
  readonly forwardTo?: string[];
  readonly forwardMode?: 'async' | 'sync';
  readonly forwardTimeout?: string;
  readonly forwardConcurrency?: string;
  readonly exec?: string;
  readonly execTimeout?: string;
  readonly execConcurrency?: string;
  readonly answerWithin?: string;
}

/** One way on which pushes leave. */
interface Way {
  readonly label: string;
  readonly consumer: string;
  /** How `consumers list` names it. */
  readonly address: string;
  readonly wants: (push: StoredPush) => boolean;
  readonly sessionsOf: (push: StoredPush) => readonly string[];
  readonly deliver: (push: StoredPush, signal: AbortSignal) => Promise<DeliveryOutcome>;
  readonly concurrency: number;
}

/** The ways on which pushes leave, ready to begin. */
export interface HandOn {
  readonly states: readonly DeliveryState[];
  /** The server that decides the answer to a push, with `--forward-mode sync`. */
  readonly serverOf: (push: Pick<StoredPush, 'kind'>) => Forwarder | undefined;
  /** Longest wait for its decision on a push for whose answer the platform waits. */
  readonly answerWithinMs: number;
  /** Fixes the place in the journal from which each new way begins. @throws AppError `storage-…`. */
  prepare(): Promise<void>;
  start(): void;
  /** Ends all ways, and waits for what is under way. */
  close(): Promise<void>;
}

/**
 * Reads the flags. Their defaults stand here: so a flag is known that was typed without the one that it belongs to.
 * @throws AppError `flag-…`, `input-unreadable` for `--ca-file`.
 */
export async function buildHandOn(
  options: HandOnOptions,
  context: CommandContext,
  { journal, log }: { readonly journal: Pick<Journal, 'consume'>; readonly log: LimitedLog },
): Promise<HandOn> {
  const { forwardTimeout = '10s', forwardConcurrency = '8', answerWithin = '3s' } = options;
  const sync = options.forwardMode === 'sync';
  checkPartners(options);
  const targets = parseTargets('--forward-to', options.forwardTo ?? []);
  const timeoutMs = parseWaitMs('--forward-timeout', forwardTimeout);
  const concurrency = parseCount('--forward-concurrency', forwardConcurrency);
  const answerWithinMs = parseWaitMs('--answer-within', answerWithin);
  const hook = hookOf(options, context);
  const network = await networkOf(context);
  const forwarders = targets.map((target) => ({
    ...target,
    forwarder: buildForwarder({ to: target.to, timeoutMs, concurrency: sync ? Infinity : concurrency, network }),
  }));
  const answering = targetByKind(sync ? forwarders : []);
  const ways = [...(sync ? [] : forwarders.map((one) => wayTo(one, one.forwarder, concurrency))), ...hook].map(
    (way) => ({
      ...way,
      counts: newCounts(),
    }),
  );
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    states: ways,
    serverOf: ({ kind }) => answering(kind)?.forwarder,
    answerWithinMs,
    prepare: async () => {
      for (const { consumer, address } of ways) await fixPlace(journal, consumer, address);
    },
    start: () => {
      running = Promise.all(
        ways.map(({ consumer, address, ...way }) => {
          const open = (): Promise<JournalConsumer> => journal.consume(consumer, { label: address });
          return deliverJournal({ ...way, log, open, signal: stopping.signal });
        }),
      );
    },
    close: async () => {
      stopping.abort();
      await running;
      for (const { forwarder } of forwarders) forwarder.close();
    },
  };
}

/** Nothing that was typed does nothing. */
function checkPartners(options: HandOnOptions): void {
  if (options.exec === undefined) demandPartner(options, ['execTimeout', 'execConcurrency'], '--exec');
  if (options.forwardMode !== 'sync') demandPartner(options, ['answerWithin'], '--forward-mode sync');
  // Each push is handed on as soon as it comes: the platform waits for its answer.
  else refuseBeside(options, ['forwardConcurrency'], '--forward-mode sync');
  if (options.forwardTo !== undefined) return;
  if (options.forwardMode === 'sync')
    throw new AppError(
      'flag-missing',
      { zh: '--forward-mode sync 须与 --forward-to 一起使用', en: '--forward-mode sync needs --forward-to' },
      {
        hint: { zh: '请指明由哪个服务器应答。', en: 'Name the server that answers.' },
      },
    );
  demandPartner(options, ['forwardMode', 'forwardTimeout', 'forwardConcurrency'], '--forward-to');
}

function wayTo({ kind, label, consumer, address }: Target, forwarder: Forwarder, concurrency: number): Way {
  return {
    label,
    consumer,
    address,
    concurrency,
    wants: (push) => kind === undefined || push.kind === kind,
    sessionsOf: ({ bytes }) => sessionKeysOf(bytes),
    deliver: async (push, signal) => outcomeOf(await forwarder.send(push, signal)),
  };
}

function hookOf(options: HandOnOptions, { cwd, env }: CommandContext): readonly Way[] {
  if (options.exec === undefined) return [];
  const command = parseExec(options.exec, { cwd, env });
  const timeoutMs = parseWaitMs('--exec-timeout', options.execTimeout ?? '60s');
  return [
    {
      label: 'exec',
      consumer: consumerName('exec', options.exec),
      // The arguments may hold a secret.
      address: `exec ${command[0]}`,
      concurrency: parseCount('--exec-concurrency', options.execConcurrency ?? '2'),
      wants: () => true,
      sessionsOf: () => [],
      deliver: (push, signal) => runHook({ command, env, cwd, timeoutMs }, push, signal),
    },
  ];
}

/** A way that another process has has its place already. */
async function fixPlace(journal: Pick<Journal, 'consume'>, consumer: string, label: string): Promise<void> {
  try {
    await (await journal.consume(consumer, { label })).close();
  } catch (error) {
    if (!isAppError(error, 'storage-locked')) throw error;
  }
}
