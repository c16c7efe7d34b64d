import type { Socket } from 'node:net';
import type { FailedProxy } from '../domain/network-failure.js';
import { BadAnswer } from '../http/answer-head.js';
import { AbortGroups } from './abort-groups.js';
import type { Network } from './network.js';
import { AnswerParser, type PushAnswer } from './push-answer.js';
import { buildConnector, type Connector, ProxyFailure } from './push-connector.js';
import { buildRequestHead, type OutgoingPush } from './push-request.js';

/** One server that pushes are sent to, and how. */
export interface PushTargetOptions {
  /** `http:` or `https:`. A path of its own replaces that of the pushes; with `/` alone each keeps the path it came on. */
  readonly to: URL;
  /** Longest wait for the whole answer, the connection included. */
  readonly timeoutMs: number;
  /** Connections at once; further pushes wait for one. */
  readonly concurrency: number;
  /** Proxy and certificates; straight there with the built-in ones unless given. */
  readonly network?: Network | undefined;
}

/** What the target said, or why it said nothing. */
export type PushOutcome =
  | { readonly state: 'answered'; readonly answer: PushAnswer }
  /** Nothing within the time. */
  | { readonly state: 'timeout' }
  /** `code` of the error, empty where it has none; `connected` false: nothing was sent; `proxy`: it was the one that failed. */
  | {
      readonly state: 'failed';
      readonly code: string;
      readonly connected: boolean;
      readonly proxy?: FailedProxy | undefined;
    }
  | { readonly state: 'aborted' };

/** Holds connections to one server and posts pushes to it. */
export interface PushTarget {
  /**
   * Never rejects. A push is sent a second time only where a kept connection was found broken before any of it had left.
   * @param signal gives up what is under way.
   */
  send(push: OutgoingPush, signal?: AbortSignal): Promise<PushOutcome>;
  /** Ends the connections, also those in use. */
  close(): void;
}

/**
 * A client with nothing in it but what a push needs: `node:http` takes several times as long for each. HTTP/1.1, connections kept;
 * redirects are answers like others, bodies are never unpacked, certificates are verified.
 */
export function openPushTarget(options: PushTargetOptions): PushTarget {
  return new Pool(options);
}

/** A kept connection that was idle for longer is not used: its server may be closing it just now. */
const LONGEST_IDLE_MS = 4000;
/** Of the time for which a server says that it keeps a connection. */
const MARGIN_MS = 1000;
/** Larger bodies are not copied behind their head. */
const COPIED_BYTES = 32 * 1024;

interface Exchange {
  readonly push: OutgoingPush;
  readonly settle: (outcome: PushOutcome) => void;
  readonly timer: NodeJS.Timeout;
  /** While it is under way. */
  line?: Line | undefined;
  /** While its connection is opened: gives that up. */
  stop?: (() => void) | undefined;
  isSettled: boolean;
}

/** One connection. */
interface Line {
  readonly socket: Socket;
  parser: AnswerParser | undefined;
  exchange: Exchange | undefined;
  /** Answers that came over it. */
  answers: number;
  idleUntilMs: number;
}

class Pool implements PushTarget {
  readonly #options: PushTargetOptions;
  readonly #connect: Connector;
  readonly #headOf: (push: OutgoingPush) => string;
  readonly #idle: Line[] = [];
  readonly #lines = new Set<Line>();
  readonly #waiting: Exchange[] = [];
  #opening = 0;
  readonly #closing = new AbortController();
  readonly #groups = new AbortGroups<Exchange>((exchange) => {
    this.#giveUp(exchange, { state: 'aborted' });
  }, this.#closing.signal);

  constructor(options: PushTargetOptions) {
    const { to, network } = options;
    this.#options = options;
    this.#connect = buildConnector(to, network ?? { env: {} });
    this.#headOf = buildRequestHead(to);
  }

  send(push: OutgoingPush, signal?: AbortSignal): Promise<PushOutcome> {
    if (signal?.aborted === true || this.#closing.signal.aborted) return Promise.resolve({ state: 'aborted' });
    return new Promise((resolve) => {
      const group = signal === undefined ? undefined : this.#groups.of(signal);
      const exchange: Exchange = {
        push,
        settle: (outcome) => {
          if (exchange.isSettled) return;
          exchange.isSettled = true;
          clearTimeout(exchange.timer);
          group?.delete(exchange);
          exchange.stop?.();
          resolve(outcome);
        },
        timer: setTimeout(() => {
          this.#giveUp(exchange, { state: 'timeout' });
        }, this.#options.timeoutMs),
        isSettled: false,
      };
      group?.add(exchange);
      this.#start(exchange);
    });
  }

  close(): void {
    this.#closing.abort();
    for (const line of this.#lines) line.socket.destroy();
    for (const exchange of this.#waiting.splice(0)) exchange.settle({ state: 'aborted' });
  }

  #giveUp(exchange: Exchange, outcome: PushOutcome): void {
    exchange.settle(outcome);
    exchange.line?.socket.destroy();
  }

  #start(exchange: Exchange): void {
    const now = performance.now();
    for (let line = this.#idle.pop(); line !== undefined; line = this.#idle.pop()) {
      if (line.idleUntilMs > now && line.socket.writable) {
        this.#post(line, exchange);
        return;
      }
      line.socket.destroy();
    }
    if (this.#lines.size + this.#opening >= this.#options.concurrency) this.#waiting.push(exchange);
    else void this.#open(exchange);
  }

  /** A slot is free. */
  #next(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.isSettled) continue;
      this.#start(next);
      return;
    }
  }

  async #open(exchange: Exchange): Promise<void> {
    this.#opening += 1;
    const stop = new AbortController();
    exchange.stop = () => {
      stop.abort();
    };
    let socket: Socket | undefined;
    try {
      socket = await this.#connect(stop.signal);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const proxy = error instanceof ProxyFailure ? error.proxy : undefined;
      exchange.settle({ state: 'failed', code, connected: false, proxy });
    }
    exchange.stop = undefined;
    this.#opening -= 1;
    if (socket === undefined || this.#closing.signal.aborted) {
      socket?.destroy();
      exchange.settle({ state: 'aborted' });
      this.#next();
      return;
    }
    const line = this.#watch(socket);
    if (exchange.isSettled) this.#release(line);
    else this.#post(line, exchange);
  }

  #watch(socket: Socket): Line {
    const line: Line = { socket, parser: undefined, exchange: undefined, answers: 0, idleUntilMs: 0 };
    this.#lines.add(line);
    let failure: NodeJS.ErrnoException | undefined;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => {
      this.#feed(line, piece);
    });
    socket.on('end', () => {
      const answer = line.parser?.end();
      if (answer !== undefined) line.exchange?.settle({ state: 'answered', answer });
      socket.destroy();
    });
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      this.#lines.delete(line);
      const at = this.#idle.indexOf(line);
      if (at !== -1) this.#idle.splice(at, 1);
      const { exchange } = line;
      if (exchange !== undefined && !exchange.isSettled) {
        // The kernel refused to take any of it: whoever closed the connection has not seen the push.
        if (failure?.code === 'EPIPE' && failure.syscall === 'write' && line.answers > 0) void this.#open(exchange);
        else exchange.settle({ state: 'failed', code: failure?.code ?? 'ECONNRESET', connected: true });
      }
      this.#next();
    });
    return line;
  }

  #post(line: Line, exchange: Exchange): void {
    line.exchange = exchange;
    line.parser = new AnswerParser();
    exchange.line = line;
    const { push } = exchange;
    const head = this.#headOf(push);
    const { socket } = line;
    if (push.bytes.length <= COPIED_BYTES) {
      const bytes = Buffer.allocUnsafe(head.length + push.bytes.length);
      bytes.write(head, 0, 'latin1');
      bytes.set(push.bytes, head.length);
      socket.write(bytes);
      return;
    }
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(push.bytes);
    socket.uncork();
  }

  #feed(line: Line, piece: Buffer): void {
    const { parser, exchange } = line;
    // Said without being asked.
    if (parser === undefined || exchange === undefined) {
      line.socket.destroy();
      return;
    }
    let answer: PushAnswer | undefined;
    try {
      answer = parser.feed(piece);
    } catch (error) {
      if (!(error instanceof BadAnswer)) throw error;
      exchange.settle({ state: 'failed', code: error.code, connected: true });
      line.socket.destroy();
      return;
    }
    if (answer === undefined) return;
    line.answers += 1;
    line.parser = undefined;
    line.exchange = undefined;
    exchange.settle({ state: 'answered', answer });
    if (!answer.isKept || !line.socket.writable) {
      line.socket.destroy();
      return;
    }
    line.idleUntilMs = performance.now() + idleMsOf(answer);
    this.#release(line);
  }

  #release(line: Line): void {
    if (this.#closing.signal.aborted) {
      line.socket.destroy();
      return;
    }
    if (line.idleUntilMs === 0) line.idleUntilMs = performance.now() + LONGEST_IDLE_MS;
    this.#idle.push(line);
    this.#next();
  }
}

/** How long a connection may stand idle after this answer. */
function idleMsOf({ headers }: PushAnswer): number {
  const kept = /(?:^|[\s,;])timeout=(\d{1,6})/i.exec(headers['keep-alive'] ?? '')?.[1];
  const keptMs = kept === undefined ? LONGEST_IDLE_MS : Number(kept) * 1000 - MARGIN_MS;
  return Math.min(keptMs, LONGEST_IDLE_MS);
}
