import type { Readable } from 'node:stream';

/** So much is taken from the network before the reader has asked for it. */
const AHEAD_BYTES = 256 * 1024;

/** What a body needs from its exchange. */
export interface BodyExchange {
  /** What the error of the stream means. */
  readonly failure: (error: unknown) => Error;
  /** Breaks it off for want of a sign of life. */
  readonly late: () => void;
  /** Lets go of the signal. */
  readonly release: () => void;
}

/**
 * The body of an answer, from now on. When it breaks, what has come is handed over before the error: a stream by itself throws
 * it away, and a download could not go on from there.
 * @param idleMs longest wait for each part; time in which the reader is busy does not count.
 */
export function readBody(stream: Readable, exchange: BodyExchange, idleMs: number): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let end: { readonly error?: unknown } | undefined;
  let wake: () => void = () => undefined;
  const finish = (how: { readonly error?: unknown }): void => {
    end ??= how;
    wake();
  };
  stream.on('data', (part: Uint8Array) => {
    waiting.push(part);
    waitingBytes += part.length;
    if (waitingBytes >= AHEAD_BYTES) stream.pause();
    wake();
  });
  stream.on('end', () => {
    finish({});
  });
  stream.on('error', (error: unknown) => {
    finish({ error });
  });
  stream.on('close', () => {
    finish({ error: Object.assign(new Error('closed before its end'), { code: 'ECONNRESET' }) });
  });
  // It may have broken with its head, before anybody listened.
  if (stream.destroyed) finish({ error: stream.errored });
  return parts();

  async function* parts(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const part = waiting.shift();
        if (part !== undefined) {
          waitingBytes -= part.length;
          if (waitingBytes < AHEAD_BYTES && stream.isPaused()) stream.resume();
          yield part;
        } else if (end !== undefined) {
          if ('error' in end) throw exchange.failure(end.error ?? new Error('closed'));
          return;
        } else {
          const timer = setTimeout(() => {
            exchange.late();
            finish({ error: undefined });
          }, idleMs);
          await new Promise<void>((resolve) => (wake = resolve));
          clearTimeout(timer);
        }
      }
    } finally {
      stream.destroy();
      exchange.release();
    }
  }
}

/** Headers as one text each; names are in lower case already. */
export function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
