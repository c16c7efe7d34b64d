import { statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../disk/write-file-atomic.js';
import { BEIJING, formatLocal } from '../domain/instant.js';
import { AppError, type PlatformAnswer, storageError } from '../errors.js';

/** How long the platform blocks an address after repeated signature failures. Source: privatenumber_04_0009_1 (read 2026-07). */
export const LOCK_OUT_MS = 30 * 60_000;

/** Remembers which hosts of the platform block us, beyond the end of the process. */
export interface LockOut {
  /** Until when no signed request may go to `host`; `undefined` = now already. */
  check(host: string): Promise<Date | undefined>;
  /** Resolves once it is kept. */
  record(host: string, until: Date): Promise<void>;
  /** Forgets a lock-out that is known to be over. */
  forget(host: string): Promise<void>;
}

/**
 * Keeps lock-outs in `folder`, one small JSON file a host, 0600. A damaged file counts as none.
 * All methods reject with `storage-…` errors.
 */
export function openLockOutFile(folder: string, now: () => Date): LockOut {
  const pathOf = (host: string): string => join(folder, `lock-out-${encodeURIComponent(host)}.json`);
  return {
    check: async (host) => {
      const until = readUntil(await readIfThere(pathOf(host)));
      return until !== undefined && until.getTime() > now().getTime() ? until : undefined;
    },
    record: async (host, until) => {
      try {
        await writeFileAtomic(pathOf(host), `${JSON.stringify({ host, until: until.toISOString() })}\n`);
      } catch (error) {
        throw storageError(error, { zh: `无法记录 ${host} 的封禁`, en: `cannot keep the lock-out of ${host}` });
      }
    },
    forget: async (host) => {
      try {
        await rm(pathOf(host), { force: true });
      } catch (error) {
        throw storageError(error, { zh: `无法清除 ${host} 的封禁记录`, en: `cannot forget the lock-out of ${host}` });
      }
    },
  };
}

/** The refusal of a signed request while `host` blocks us. Times in UTC and Beijing time. */
export function lockedOutError(host: string, until: Date, platform?: PlatformAnswer): AppError {
  const [beijing, utc] = [formatLocal(until, BEIJING), formatLocal(until, 'UTC')];
  const words = {
    zh: `${host} 因鉴权多次失败拒绝本机 IP，直到北京时间 ${beijing}（UTC ${utc}）`,
    en: `${host} blocks this IP address after repeated signature failures until ${utc} UTC (${beijing} Beijing time)`,
  };
  const hint = {
    zh: '先用 privacy-call login 修正密钥，再等到该时间；客服放通后可加 --force。',
    en: 'Correct key and secret with privacy-call login and wait; with --force once support has lifted the block.',
  };
  return new AppError('address-blocked', words, { hint, platform });
}

async function readIfThere(path: string): Promise<string> {
  try {
    // Asked before each request, and hardly ever there: the pool of threads would cost ten times as much.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return '';
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw storageError(error, { zh: `无法读取 ${path}`, en: `cannot read ${path}` });
  }
}

function readUntil(text: string): Date | undefined {
  const found = /"until":"([^"]+)"/.exec(text)?.[1];
  const until = found === undefined ? undefined : new Date(found);
  return until === undefined || Number.isNaN(until.getTime()) ? undefined : until;
}
