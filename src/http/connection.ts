import { isIP, connect as connectPlain, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { BadAnswer, type AnswerHead } from './answer-head.js';
import { BodyReader } from './body-reader.js';
import { HeadReader } from './head-reader.js';

/** Where a connection goes and whom it trusts. */
export interface ConnectionOptions {
  /** Scheme, host and port count. */
  readonly url: URL;
  /** Asked for the addresses of the host; the system unless given. */
  readonly lookup?: LookupFunction | undefined;
  /** PEM certificates to trust in place of the built-in ones. */
  readonly ca?: string[] | undefined;
  /** Whether the server's certificate must be good. */
  readonly verified: boolean;
}

/** What is sent: a whole request, with its head as it goes out. */
export interface SentRequest {
  readonly method: string;
  /** Up to and with the empty line, Latin-1. */
  readonly head: string;
  readonly body?: Uint8Array | undefined;
}

/** The server closed a kept connection without a word: it has not taken the request up. */
export class ClosedBefore extends Error {
  override readonly name = 'ClosedBefore';
  readonly code = 'ECONNRESET';
}

/** One read of the network: with 64 KiB a large file costs a quarter more. */
const READ_BYTES = 256 * 1024;

/**
 * One connection of HTTP/1.1, for one exchange after the other. All it receives goes through one buffer of its own, over and
 * over: Node's streams allocate 64 KiB for each read, which keeps the collector of garbage busier than anything else
 * while files come in. So a piece of a body stands only until the next one is asked for.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #isSecure: boolean;
  #used = false;
  #closed = false;
  #failure: Error | undefined;
  /** While an exchange is under way. */
  #asked: HeadReader | undefined;
  #onHead: { resolve: (head: AnswerHead) => void; reject: (error: Error) => void } | undefined;
  #body: BodyReader | undefined;
  #endsWithConnection = false;
  #pieces: Buffer[] = [];
  #isWhole = true;
  #keepsOpen = true;
  #wake: (() => void) | undefined;

  constructor({ url, lookup, ca, verified }: ConnectionOptions) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    this.#isSecure = url.protocol === 'https:';
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length: number, buffer: Uint8Array): boolean => this.#take((buffer as Buffer).subarray(0, length)),
    };
    const way = {
      host,
      port: Number(url.port) || (this.#isSecure ? 443 : 80),
      noDelay: true,
      ...(lookup && { lookup }),
    };
    this.#socket = this.#isSecure
      ? connectSecure({
          ...way,
          ...({ onread } as object),
          ...(isIP(host) === 0 && { servername: host }),
          ...(ca && { ca }),
          rejectUnauthorized: verified,
        })
      : connectPlain({ ...way, onread });
    const broken = (error?: Error): void => {
      this.#end(error, true);
    };
    this.#socket.on('error', broken);
    this.#socket.on('end', broken);
    this.#socket.on('close', () => {
      broken();
    });
  }

  /** Whether it can take a request. */
  get isFree(): boolean {
    return !this.#closed && this.#isWhole && this.#keepsOpen && this.#asked === undefined;
  }

  /** Waits until it stands, TLS included. @throws the error of the network. */
  async connected(): Promise<void> {
    const socket = this.#socket;
    await new Promise<void>((resolve, reject) => {
      socket.once(this.#isSecure ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
      socket.once('close', () => {
        reject(this.#failure ?? closedEarly());
      });
    });
  }

  /**
   * Sends a request on a free connection.
   * @returns the head of its answer; the body waits to be taken by {@link next}.
   * @throws ClosedBefore; BadAnswer; the error of the network.
   */
  async send({ method, head, body }: SentRequest): Promise<AnswerHead> {
    if (this.#closed) throw new ClosedBefore('closed while it was kept');
    this.#asked = new HeadReader(method);
    const socket = this.#socket;
    const answered = new Promise<AnswerHead>((resolve, reject) => {
      this.#onHead = { resolve, reject };
    });
    socket.ref();
    if (body === undefined) {
      socket.write(head, 'latin1');
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
    socket.resume();
    return answered;
  }

  /**
   * @returns the next piece of the body, which stands until the next call; `undefined` at its end: the connection is then free again, or closed.
   * @throws BadAnswer; the error of the network.
   */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) return piece;
      if (this.#isWhole) {
        this.#finish();
        return undefined;
      }
      if (this.#failure !== undefined) throw this.#failure;
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      this.#socket.resume();
      await woken;
    }
  }

  /** Ends the exchange, whatever is still to come: what is not whole costs the connection. */
  leave(): void {
    this.#pieces = [];
    if (this.#isWhole && this.#onHead === undefined) this.#finish();
    else this.destroy();
  }

  /** Closes it at once. An exchange under way fails with `error`. */
  destroy(error?: Error): void {
    this.#end(error, false);
  }

  /** Keeps it open, for at most so long, without keeping the process alive. */
  rest(milliseconds: number): void {
    this.#socket.unref();
    this.#socket.setTimeout(milliseconds, () => {
      this.destroy();
    });
  }

  /** Takes it out of its rest. */
  rouse(): void {
    this.#socket.setTimeout(0);
    this.#socket.removeAllListeners('timeout');
  }

  #finish(): void {
    if (this.#asked === undefined) return;
    this.#asked = undefined;
    this.#used = true;
    if (!this.#keepsOpen) this.destroy();
    // What a server says unasked, its farewell included, is to be heard.
    else if (!this.#closed) this.#socket.resume();
  }

  /** @returns false to have no more until somebody asks. */
  #take(bytes: Buffer): boolean {
    try {
      if (this.#asked === undefined) throw new BadAnswer('UNEXPECTED_CONTENT', 'an answer that nobody asked for');
      if (this.#onHead === undefined) {
        this.#takeBody(bytes);
      } else {
        const found = this.#asked.take(bytes);
        if (found === undefined) return true;
        this.#begin(found.head);
        this.#takeBody(found.rest);
      }
    } catch (error) {
      this.destroy(error as Error);
    }
    this.#wakeUp();
    return false;
  }

  #begin(head: AnswerHead): void {
    this.#keepsOpen = head.keepsOpen;
    this.#endsWithConnection = head.length.kind === 'until-close';
    this.#body = new BodyReader(head.length);
    this.#isWhole = this.#body.isWhole;
    this.#onHead?.resolve(head);
    this.#onHead = undefined;
  }

  #takeBody(bytes: Buffer): void {
    if (this.#body === undefined) return;
    for (const piece of this.#body.take(bytes)) this.#pieces.push(piece);
    if (this.#body.isOverrun) throw new BadAnswer('UNEXPECTED_CONTENT', 'the body is longer than announced');
    this.#isWhole = this.#body.isWhole;
  }

  #end(error: Error | undefined, byOther: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failure = error ?? closedEarly();
    const asked = this.#onHead;
    this.#onHead = undefined;
    if (asked !== undefined) {
      this.#isWhole = false;
      const isUntouched = byOther && this.#used && this.#asked?.isUntouched !== false;
      asked.reject(isUntouched ? new ClosedBefore('closed while it was kept') : this.#failure);
    } else if (byOther && error === undefined && this.#endsWithConnection && this.#asked !== undefined) {
      this.#isWhole = true;
    }
    this.#socket.destroy();
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function closedEarly(): Error {
  return Object.assign(new Error('closed before the end of the answer'), { code: 'ECONNRESET' });
}
