import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, storageError } from '../errors.js';
import { FILE_MODE } from './private-folder.js';

/** A living holder touches its lock so often. */
const HEARTBEAT_MS = 2000;
/** A lock whose holder cannot be asked (another machine, container or system than Linux) is given up when it was not touched for so long. */
const STALE_MS = 30_000;
/**
 * A lock that says nothing is what a power cut leaves of one, and on file systems without hard links one that is just being made. Shorter than
 * the usual wait, so that the first command after the cut goes through.
 */
const TORN_MS = 3000;
const LONGEST_WAIT_MS = 5000;
// A lock is never synced, so nothing here waits for the disk: the kernel is asked at once. Each call over the pool of threads
// costs some 0.1 ms, a lock takes a dozen, and a download of small files takes one for every few of them.

/** Who holds a lock. */
interface Holder {
  readonly token: string;
  readonly pid: number;
  /** Boot and process namespace: inside one of them a process ID means one process at a time. Empty where it cannot be known. */
  readonly world: string;
  /** Start of the process in ticks since boot: tells it from a later one of the same ID. */
  readonly startedTicks: string;
}

/** A lock that is held. */
export interface HeldLock {
  /** Whether it still stands: another process may have given this one up while it was stopped for long. */
  isMine(): Promise<boolean>;
  /** Lets the next one in. Never throws. */
  release(): Promise<void>;
}

/** How {@link takeLock} waits. */
export interface LockOptions {
  readonly pid: number;
  /** How long to wait for others, milliseconds; 5000 unless given. */
  readonly waitMs?: number | undefined;
  /** Asked while waiting; true gives up and {@link takeLock} gives `undefined`. */
  readonly giveWay?: (() => Promise<boolean>) | undefined;
}

/**
 * Takes the lock `file`, which exists exactly while somebody holds it. A lock left behind by a process that was killed is broken.
 * @returns `undefined` only when `giveWay` said so.
 * @throws {AppError} `storage-locked` naming file and holder when another process holds it all that time; `storage-denied`, `disk-full`,
 * `storage-failed`.
 */
export function takeLock(file: string, options: LockOptions & { readonly giveWay?: undefined }): Promise<HeldLock>;
export function takeLock(file: string, options: LockOptions): Promise<HeldLock | undefined>;
export async function takeLock(file: string, options: LockOptions): Promise<HeldLock | undefined> {
  const waitMs = options.waitMs ?? LONGEST_WAIT_MS;
  try {
    const own = describeSelf(options.pid);
    for (let waitedMs = 0; ;) {
      if (createNew(file, JSON.stringify(own))) return hold(file, own);
      const holder = readHolder(file);
      if (breakStale(file, holder, own)) continue;
      if ((await options.giveWay?.()) === true) return undefined;
      if (waitedMs >= waitMs) throw locked(file, holder, waitMs);
      const pauseMs = 5 + (randomBytes(1)[0] ?? 0) / 10;
      await delay(pauseMs);
      waitedMs += pauseMs;
    }
  } catch (error) {
    throw storageError(error, { zh: `无法取得锁 ${file}`, en: `cannot take the lock ${file}` });
  }
}

function locked(file: string, holder: Holder | undefined, waitMs: number): AppError {
  const who =
    holder === undefined
      ? { zh: '另一个进程', en: 'another process' }
      : { zh: `进程 ${holder.pid} `, en: `process ${holder.pid}` };
  return new AppError(
    'storage-locked',
    {
      zh: `${file} 正被${who.zh}占用，已超过 ${Math.round(waitMs / 1000)} 秒`,
      en: `${file} is held by ${who.en}, for more than ${Math.round(waitMs / 1000)} s`,
    },
    {
      hint: {
        zh: '请重试，或结束该进程；只有在没有 privacy-call 使用这份数据时才能删除该文件。',
        en: 'Try again, or end that process; remove the file only when no privacy-call runs on this data.',
      },
    },
  );
}

function hold(file: string, own: Holder): HeldLock {
  const heartbeat = setInterval(() => {
    const now = new Date(performance.timeOrigin + performance.now());
    // Whoever misses a beat finds out by isMine before it writes.
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const isMine = (): boolean => readHolder(file)?.token === own.token;
  return {
    isMine: () => Promise.resolve(isMine()),
    release: () => {
      clearInterval(heartbeat);
      try {
        if (isMine()) remove(file);
      } catch {
        // It is broken by the next one, once we are gone.
      }
      return Promise.resolve();
    },
  };
}

/**
 * Removes the lock of a dead holder. Only who holds the second file `….break` removes a lock that is not its own, and looks again
 * before: between two that found the same stale lock, the slower one would take away the lock of the faster one.
 */
function breakStale(file: string, holder: Holder | undefined, own: Holder): boolean {
  const judged = holder === undefined ? undefined : isAlive(holder, own);
  if (judged === true) return false;
  const guard = `${file}.break`;
  if (!createNew(guard, JSON.stringify(own))) {
    removeOld(guard, own);
    return false;
  }
  try {
    const again = readHolder(file);
    if (again?.token !== holder?.token) return true;
    if (judged === undefined && ageMs(file, guard) < (holder === undefined ? TORN_MS : STALE_MS)) return false;
    remove(file);
    return true;
  } finally {
    remove(guard);
  }
}

/** A guard is held for a few milliseconds; one that stays was left by a process killed in them. */
function removeOld(guard: string, own: Holder): void {
  const breaker = readHolder(guard);
  if (breaker !== undefined && isAlive(breaker, own) === false) {
    remove(guard);
    return;
  }
  const probe = `${guard}.${randomBytes(4).toString('hex')}`;
  if (!createNew(probe, '')) return;
  try {
    if (ageMs(guard, probe) > (breaker === undefined ? TORN_MS : STALE_MS)) remove(guard);
  } finally {
    remove(probe);
  }
}

/** Both times come from the file system: its clock may not be ours. */
function ageMs(file: string, made: string): number {
  const [old, fresh] = [modifiedMs(file), modifiedMs(made)];
  return old === undefined || fresh === undefined ? 0 : fresh - old;
}

function modifiedMs(file: string): number | undefined {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/**
 * Makes `file` with its text in one step, so that no process sees a lock that does not say whose it is: a text written after the file was made
 * would be missing for ever when its writer is killed in between.
 * @returns false when the file is there already.
 */
function createNew(file: string, text: string): boolean {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: FILE_MODE });
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links (FAT, some network shares).
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      return writeNew(file, text);
    }
    throw error;
  } finally {
    remove(temporary);
  }
}

function writeNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: FILE_MODE });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // A lock without its text, as on a full disk, would keep everybody out until it is old.
    remove(file);
    throw error;
  }
}

/** `undefined` when there is none, or its text is not there yet. */
function readHolder(file: string): Holder | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    const { token, pid, world, startedTicks } = value ?? {};
    if (token === undefined || pid === undefined || world === undefined || startedTicks === undefined) return undefined;
    return { token, pid, world, startedTicks };
  } catch {
    return undefined;
  }
}

/** `undefined` when it cannot be known from here. */
function isAlive(holder: Holder, own: Holder): boolean | undefined {
  if (holder.world === '' || holder.world !== own.world) return undefined;
  return startedTicksOf(holder.pid) === holder.startedTicks;
}

function describeSelf(pid: number): Holder {
  const token = randomBytes(12).toString('hex');
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const world = `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
    return { token, pid, world, startedTicks: startedTicksOf(pid) };
  } catch {
    return { token, pid, world: '', startedTicks: '' };
  }
}

/**
 * Field 22 of `/proc/<pid>/stat`; empty when there is no such process. The name in field 2 may hold blanks and brackets. A process that was
 * killed stays in the list until its parent asks for it, in a container without an init for ever: it counts as gone once none of its threads
 * (field 20) is left that could be in the middle of a write.
 */
function startedTicksOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const isGone = (fields[0] === 'Z' || fields[0] === 'X') && Number(fields[17]) <= 1;
    return isGone ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
