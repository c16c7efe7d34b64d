import type { Words } from '../domain/text-pair.js';
import { AppError, type AppErrorDetails, type ErrorCode } from '../errors.js';

/** A request as it leaves: signed, complete. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Longest wait for the head of the answer, and for each further part of its body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /**
   * A GET of a file, without a signature: on a connection that was just closed by the server it is asked for again at once, and each piece
   * of its body stands only until the next one is asked for.
   */
  readonly isFile?: boolean | undefined;
  /**
   * Asked of each address that the host's name resolves to, right before connecting to it; false refuses (`answer-unreadable`).
   * Not asked of a host written as a number, nor where a proxy connects.
   */
  readonly allowsAddress?: ((address: string) => boolean) | undefined;
}

/** The head of an answer, and its body as it arrives. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be read to its end or returned (`break`), else the connection stays open. Rejects with `network-…` errors. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The way to the platform and to its storage: real HTTP, or the embedded sandbox in the same process. Never follows a redirect.
 * Rejects with an `AppError` `network-…`; such an error is a {@link TransportError} that tells whether the platform may have
 * seen the request.
 */
export interface Transport {
  send(request: WireRequest): Promise<WireAnswer>;
}

/** A failure on the way. `reached` says whether the platform may have acted on the request. */
export class TransportError extends AppError {
  readonly reached: 'no' | 'maybe';

  constructor(code: ErrorCode, words: Words, details: AppErrorDetails & { readonly reached: 'no' | 'maybe' }) {
    super(code, words, details);
    this.reached = details.reached;
  }
}
