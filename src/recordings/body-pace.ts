import type { TextPair } from '../domain/text-pair.js';
import { TransportError } from '../platform/transport.js';

/** How slow a body may come. */
export interface PaceLimits {
  /** Longest wait for the next piece, milliseconds. */
  readonly idleMs: number;
  /** Fewer bytes than these in `windowMs` of waiting end it. */
  readonly windowBytes: number;
  readonly windowMs: number;
}

/** 30 seconds without a byte, or less than 1 KiB a second over a minute. */
export const PACE_LIMITS: PaceLimits = { idleMs: 30_000, windowBytes: 60 * 1024, windowMs: 60_000 };

/** Looks at one body while it comes. */
export interface BodyPace {
  /** The network is waited for from now on: only such time counts, not that of our own disk or limits. */
  waits(): void;
  /** A piece has come. */
  got(bytes: number): void;
  end(): void;
}

/**
 * Watches over the pace of a body.
 * @param limits see {@link PACE_LIMITS}.
 * @param tooSlow told once, with the reason `network-timeout`; is to break the body off.
 */
export function watchPace(limits: PaceLimits, tooSlow: (reason: TransportError) => void): BodyPace {
  let waitingSince: number | undefined;
  let windowWaitedMs = 0;
  let windowBytes = 0;
  const waitedNow = (): number => (waitingSince === undefined ? 0 : performance.now() - waitingSince);
  const give = (why: TextPair): void => {
    clearInterval(timer);
    const words = { zh: `存储发送过慢：${why.zh}`, en: `the storage sends too slowly: ${why.en}` };
    tooSlow(new TransportError('network-timeout', words, { reached: 'maybe' }));
  };
  const look = (): void => {
    const waited = waitedNow();
    if (waited >= limits.idleMs)
      give({ zh: `${limits.idleMs / 1000} 秒没有数据`, en: `nothing for ${limits.idleMs / 1000} s` });
    else if (windowWaitedMs + waited >= limits.windowMs) {
      if (windowBytes < limits.windowBytes)
        give({
          zh: `${limits.windowMs / 1000} 秒内 ${windowBytes} 字节`,
          en: `${windowBytes} bytes in ${limits.windowMs / 1000} s`,
        });
      windowWaitedMs = -waited;
      windowBytes = 0;
    }
  };
  const timer = setInterval(look, Math.max(5, Math.min(limits.idleMs, limits.windowMs) / 20));
  return {
    waits: () => {
      waitingSince ??= performance.now();
    },
    got: (bytes) => {
      windowWaitedMs += waitedNow();
      waitingSince = undefined;
      windowBytes += bytes;
    },
    end: () => {
      clearInterval(timer);
    },
  };
}
