import type { Mode } from '../domain/mode.js';
import { sameText, type TextPair } from '../domain/text-pair.js';
import { isAppError } from '../errors.js';
import { buildJudge, type Judge } from './judge-answer.js';
import type { Network } from '../platform/network.js';
import { MadeUpPushes } from './made-up-pushes.js';
import { sendOddPush } from './odd-push.js';
import { PLAIN_HEADERS, type ReplayItem } from './replay-item.js';
import { DRY_RUN } from './replay-verdict.js';
import { buildSender, NoAnswer, type PushAnswer, replayHeaders, type Resigning, type Sender } from './send-push.js';
import { type CheckName, SERVER_CHECKS, type ServerCheck } from './server-checks.js';

/** What became of one check. */
export interface ServerCheckResult {
  readonly kind: 'ServerCheck';
  readonly check: string;
  readonly title: TextPair;
  readonly verdict: 'passed' | 'warned' | 'failed' | 'skipped';
  /** What the server did, in the language that was asked for. */
  readonly found?: string | undefined;
  /** What that means, and what to mend; only of what has not passed. */
  readonly meaning?: TextPair | undefined;
  readonly remedy?: TextPair | undefined;
  /** The longest answer, milliseconds. */
  readonly latencyMs?: number | undefined;
}

/** How a server is checked. */
export interface CheckServerOptions {
  readonly to: URL;
  readonly mode: Mode;
  /** Stands in the names of the made-up calls. */
  readonly run: string;
  readonly now: Date;
  readonly timeoutMs: number;
  /** The way to the server; straight there unless given. */
  readonly network?: Network | undefined;
  /** A slower answer fails; how long the platform waits is not documented. */
  readonly maxLatencyMs: number;
  /** Signs as the platform would; without it pushes go unsigned. */
  readonly signing?: Resigning | undefined;
  /** Pause between the pieces of the slow body. */
  readonly pauseMs?: number | undefined;
  /** Language of what is found. */
  readonly lang: 'zh' | 'en';
  /** Sends nothing: every check is skipped. */
  readonly dryRun?: boolean | undefined;
  readonly signal: AbortSignal;
}

const CONCURRENT = 32;
const MAX_FEES = 50;
const SLOW_PIECES = 8;
const SLOW_PAUSE_MS = 250;

const UNSIGNED: TextPair = {
  zh: '推送没有签名：请用 -p 选择其应用的 profile',
  en: 'pushes go unsigned: choose the profile of its application with -p',
};
const SIGNED: TextPair = { zh: '推送由当前 profile 签名', en: 'pushes go signed by the profile in use' };

/**
 * Tries a server with made-up pushes of every kind of a mode, good and bad ones, and gives a verdict for each check.
 * @throws the signal's reason once it aborts.
 */
export async function* checkServer(options: CheckServerOptions): AsyncGenerator<ServerCheckResult> {
  const trial = new Trial(options);
  const { lang } = options;
  let unreachable: TextPair | undefined;
  try {
    for (const one of SERVER_CHECKS as readonly (ServerCheck & { readonly check: CheckName })[]) {
      const head = { kind: 'ServerCheck', check: one.check, title: one.title } as const;
      if (one.modes?.includes(options.mode) === false) continue;
      if (options.dryRun === true || unreachable !== undefined) {
        yield { ...head, verdict: 'skipped', found: (unreachable ?? DRY_RUN)[lang] };
        continue;
      }
      const { verdict, found, latencyMs, error } = await trial.run(one.check);
      if (isAppError(error, 'network-unreachable', 'network-tls')) unreachable = error.words;
      const advice = verdict === 'passed' ? {} : { meaning: one.meaning, remedy: one.remedy };
      yield { ...head, verdict, found: found?.[lang], latencyMs, ...advice };
    }
  } finally {
    trial.close();
  }
}

interface Outcome {
  readonly verdict: 'passed' | 'warned' | 'failed';
  readonly found?: TextPair | undefined;
  readonly latencyMs?: number | undefined;
  readonly error?: NoAnswer | undefined;
}

/** What a server does wrong, in a few words. */
class Wrong extends Error {
  override readonly name = 'Wrong';
  readonly words: TextPair;

  constructor(words: TextPair) {
    super(words.en);
    this.words = words;
  }
}

class Trial {
  readonly #options: CheckServerOptions;
  readonly #pushes: MadeUpPushes;
  readonly #sender: Sender;
  readonly #judge: Judge;
  #longestMs: number | undefined;

  constructor(options: CheckServerOptions) {
    const { to, timeoutMs, signing, maxLatencyMs, network } = options;
    this.#options = options;
    this.#pushes = new MadeUpPushes({ ...options, appKey: signing?.appKey ?? 'check' });
    this.#sender = buildSender({ to, timeoutMs, resign: signing, concurrency: CONCURRENT, network });
    this.#judge = buildJudge({ status: 200, maxLatencyMs });
  }

  close(): void {
    this.#sender.close();
  }

  async run(name: CheckName): Promise<Outcome> {
    this.#longestMs = undefined;
    try {
      const warning = await this.#checks[name]();
      return { verdict: warning === undefined ? 'passed' : 'warned', found: warning, latencyMs: this.#longestMs };
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (error instanceof Wrong) return { verdict: 'failed', found: error.words, latencyMs: this.#longestMs };
      if (error instanceof NoAnswer) return { verdict: 'failed', found: error.words, error };
      throw error;
    }
  }

  /** Each gives a warning or nothing. */
  readonly #checks: Readonly<Record<CheckName, () => Promise<TextPair | undefined>>> = {
    'call-events': () => this.#all(this.#pushes.events(this.#pushes.session())),
    cdr: () => this.#all([this.#cdr()]),
    'cdr-unanswered': () => {
      const missing = { fwdAlertingTime: '', fwdAnswerTime: undefined, fwdUnaswRsn: 19, ulFailReason: 20 };
      return this.#all([this.#cdr({ ...missing, sipStatusCode: 480, direction: 2, subscriptionId: '' })]);
    },
    'sms-notify': () => this.#all([this.#pushes.sms('Notify', this.#pushes.session(), '你好')]),
    'number-status': () => this.#all([this.#pushes.numberStatus()]),
    'block-call': () => this.#all([this.#pushes.blockCall(this.#pushes.session())]),
    'block-sms': () => this.#all([this.#pushes.sms('Block', this.#pushes.session(), '你好')]),
    batch: () => this.#all([this.#fees({})]),
    duplicate: () => this.#duplicates(),
    'out-of-order': () => {
      const session = this.#pushes.session();
      const cdr = this.#pushes.fees([this.#pushes.fee(session)]);
      return this.#all([cdr, ...[...this.#pushes.events(session)].reverse()]);
    },
    'unknown-fields': async () => {
      const cdr = this.#cdr({ checkUnknown: { list: [1, null] }, checkNumber: '#' });
      const text = JSON.stringify(cdr).replace('"#"', '12345678901234567890');
      await this.#one(Buffer.from(text));
      return undefined;
    },
    'empty-fields': () => {
      const empty = { icid: '', subscriptionId: '', mptyId: null, hostName: '', fwdDstNum: '', userData: null };
      const times = { callInTime: '', fwdStartTime: '2026-11-22  08:00:00', callEndTime: null, failTime: 'null' };
      return this.#all([this.#cdr(empty), this.#cdr(times)]);
    },
    'big-body': () => {
      const full = { userData: 'u'.repeat(256), hostName: 'h'.repeat(128), recordObjectName: 'r'.repeat(128) };
      return this.#all([this.#fees({ ...full, recordDomain: 'd'.repeat(128), recordBucketName: 'b'.repeat(128) })]);
    },
    'long-sms': () => {
      const content = `第一行\r\n"引号"\\😀\t${'长'.repeat(2000)}`.slice(0, 2000);
      return this.#all([this.#pushes.sms('Notify', this.#pushes.session(), content)]);
    },
    'wrong-signature': () => this.#wrongSignature(),
    'slow-sender': async () => {
      const slow = { pieces: SLOW_PIECES, pauseMs: this.#options.pauseMs ?? SLOW_PAUSE_MS };
      accept(await this.#odd({ slow }));
      return undefined;
    },
    'cut-connection': async () => {
      await this.#odd({ cut: true });
      return this.#all([this.#cdr()]);
    },
    concurrent: async () => {
      await Promise.all(Array.from({ length: CONCURRENT }, () => this.#one(bytesOf(this.#cdr()))));
      return undefined;
    },
    'whole-address': async () => {
      accept(await this.#odd({ wholeAddress: true }));
      return undefined;
    },
  };

  #cdr(more: Readonly<Record<string, unknown>> = {}): unknown {
    return this.#pushes.fees([this.#pushes.fee(this.#pushes.session(), more)]);
  }

  #fees(more: Readonly<Record<string, unknown>>): unknown {
    const one = (): Readonly<Record<string, unknown>> => this.#pushes.fee(this.#pushes.session(), more);
    return this.#pushes.fees(Array.from({ length: MAX_FEES }, one));
  }

  async #all(bodies: readonly unknown[]): Promise<undefined> {
    for (const body of bodies) await this.#one(bytesOf(body));
    return undefined;
  }

  async #one(bytes: Buffer): Promise<PushAnswer> {
    const item = itemOf(bytes);
    const answer = await this.#sender.send(item, this.#options.signal);
    this.#longestMs = Math.max(this.#longestMs ?? 0, answer.latencyMs);
    const wrong = this.#judge(item, answer);
    if (wrong === undefined) return answer;
    const refused = answer.status === 401 || answer.status === 403;
    const { zh, en } = this.#options.signing === undefined ? UNSIGNED : SIGNED;
    throw new Wrong(refused ? { zh: `${wrong.zh}（${zh}）`, en: `${wrong.en} (${en})` } : wrong);
  }

  /** Every kind twice: a copy must be answered 200 too. */
  async #duplicates(): Promise<TextPair | undefined> {
    const session = this.#pushes.session();
    const bodies = [this.#pushes.fees([this.#pushes.fee(session)]), ...this.#pushes.events(session).slice(-1)];
    for (const bytes of bodies.map(bytesOf)) {
      await this.#one(bytes);
      try {
        await this.#one(bytes);
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        const { zh, en } = error.words;
        throw new Wrong({ zh: `第二份：${zh}`, en: `the second copy: ${en}` });
      }
    }
    return undefined;
  }

  async #wrongSignature(): Promise<TextPair | undefined> {
    const { to, timeoutMs, signing, signal, now, network } = this.#options;
    const stranger: Resigning = {
      appKey: signing?.appKey ?? 'check',
      appSecret: 'not-the-secret',
      signing: signing?.signing ?? 'aksk',
      now: () => now,
      nonce: () => this.#pushes.session().replace(/\W|_/g, ''),
    };
    const sender = buildSender({ to, timeoutMs, resign: stranger, concurrency: 1, network });
    try {
      const { status } = await sender.send(itemOf(bytesOf(this.#cdr())), signal);
      if (status === 401 || status === 403) return undefined;
      const http = `HTTP ${status}`;
      if (status >= 500)
        throw new Wrong({ zh: `${http}：服务器出错，而不是拒绝`, en: `${http}: it fails instead of refusing` });
      return status < 300 ? { zh: `${http}：照样收下了`, en: `${http}: it is taken all the same` } : sameText(http);
    } finally {
      sender.close();
    }
  }

  #odd(way: Pick<Parameters<typeof sendOddPush>[0], 'slow' | 'cut' | 'wholeAddress'>): Promise<number | undefined> {
    const { to, timeoutMs, signing, signal, network } = this.#options;
    const bytes = bytesOf(this.#cdr());
    const headers = replayHeaders(itemOf(bytes), signing);
    return sendOddPush({ to, bytes, headers, timeoutMs, signal, network, ...way });
  }
}

function accept(status: number | undefined): void {
  if (status === 200) return;
  if (status === undefined) throw new Wrong({ zh: '没有应答', en: 'no answer' });
  throw new Wrong({ zh: `HTTP ${status}，不是 200`, en: `HTTP ${status}, not 200` });
}

function bytesOf(body: unknown): Buffer {
  return Buffer.from(JSON.stringify(body));
}

function itemOf(bytes: Uint8Array): ReplayItem {
  return { label: 'check', bytes, headers: PLAIN_HEADERS, path: '/', sessionKeys: [] };
}
