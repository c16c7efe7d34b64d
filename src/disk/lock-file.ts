import { randomBytes } from 'node:crypto';
import { link, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, storageError } from '../errors.js';
import { FILE_MODE } from './private-folder.js';

/** A living holder touches its lock so often. */
const HEARTBEAT_MS = 2000;
/** A lock whose holder cannot be asked (another machine, container or system than Linux) is given up when it was not touched for so long. */
const STALE_MS = 30_000;
const LONGEST_WAIT_MS = 5000;

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
    const own = await describeSelf(options.pid);
    for (let waitedMs = 0; ;) {
      if (await createNew(file, JSON.stringify(own))) return hold(file, own);
      const holder = await readHolder(file);
      if (await breakStale(file, holder, own)) continue;
      if ((await options.giveWay?.()) === true) return undefined;
      if (waitedMs >= waitMs) throw locked(file, holder, waitMs);
      const pauseMs = 5 + (randomBytes(1)[0] ?? 0) / 10;
      await delay(pauseMs);
      waitedMs += pauseMs;
    }
  } catch (error) {
    throw storageError(error, `cannot take the lock ${file}`);
  }
}

function locked(file: string, holder: Holder | undefined, waitMs: number): AppError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
  return new AppError('storage-locked', `${file} is held by ${who}, for more than ${Math.round(waitMs / 1000)} s`, {
    hint: 'Try again, or end that process; remove the file only when no privacy-call runs on this data.',
  });
}

function hold(file: string, own: Holder): HeldLock {
  const heartbeat = setInterval(() => {
    const now = new Date(performance.timeOrigin + performance.now());
    // Whoever misses a beat finds out by isMine before it writes.
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const isMine = async (): Promise<boolean> => (await readHolder(file))?.token === own.token;
  return {
    isMine,
    release: async () => {
      clearInterval(heartbeat);
      if (await isMine()) await rm(file, { force: true }).catch(() => undefined);
    },
  };
}

/**
 * Removes the lock of a dead holder. Only who holds the second file `….break` removes a lock that is not its own, and looks again
 * before: between two that found the same stale lock, the slower one would take away the lock of the faster one.
 */
async function breakStale(file: string, holder: Holder | undefined, own: Holder): Promise<boolean> {
  const judged = holder === undefined ? undefined : await isAlive(holder, own);
  if (judged === true) return false;
  const guard = `${file}.break`;
  if (!(await createNew(guard, JSON.stringify(own)))) {
    await removeOld(guard, own);
    return false;
  }
  try {
    const again = await readHolder(file);
    if (again?.token !== holder?.token) return true;
    if (judged === undefined && (await ageMs(file, guard)) < STALE_MS) return false;
    await rm(file, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** A guard is held for a few milliseconds; one that stays was left by a process killed in them. */
async function removeOld(guard: string, own: Holder): Promise<void> {
  const breaker = await readHolder(guard);
  if (breaker !== undefined && (await isAlive(breaker, own)) === false) {
    await rm(guard, { force: true });
    return;
  }
  const probe = `${guard}.${randomBytes(4).toString('hex')}`;
  if (!(await createNew(probe, ''))) return;
  try {
    if ((await ageMs(guard, probe)) > STALE_MS) await rm(guard, { force: true });
  } finally {
    await rm(probe, { force: true });
  }
}

/** Both times come from the file system: its clock may not be ours. */
async function ageMs(file: string, made: string): Promise<number> {
  const [old, fresh] = [await modifiedMs(file), await modifiedMs(made)];
  return old === undefined || fresh === undefined ? 0 : fresh - old;
}

async function modifiedMs(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return undefined;
  }
}

/**
 * Makes `file` with its text in one step, so that no process sees a lock that does not say whose it is: a text written after the file was made
 * would be missing for ever when its writer is killed in between.
 * @returns false when the file is there already.
 */
async function createNew(file: string, text: string): Promise<boolean> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: FILE_MODE });
    await link(temporary, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links (FAT, some network shares).
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      return await writeNew(file, text);
    }
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: FILE_MODE });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // A lock without its text, as on a full disk, would keep everybody out until it is old.
    await rm(file, { force: true });
    throw error;
  }
}

/** `undefined` when there is none, or its text is not there yet. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<Holder> | null;
    const { token, pid, world, startedTicks } = value ?? {};
    if (token === undefined || pid === undefined || world === undefined || startedTicks === undefined) return undefined;
    return { token, pid, world, startedTicks };
  } catch {
    return undefined;
  }
}

/** `undefined` when it cannot be known from here. */
async function isAlive(holder: Holder, own: Holder): Promise<boolean | undefined> {
  if (holder.world === '' || holder.world !== own.world) return undefined;
  return (await startedTicksOf(holder.pid)) === holder.startedTicks;
}

async function describeSelf(pid: number): Promise<Holder> {
  const token = randomBytes(12).toString('hex');
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const world = `${boot} ${await readlink('/proc/self/ns/pid')}`;
    return { token, pid, world, startedTicks: await startedTicksOf(pid) };
  } catch {
    return { token, pid, world: '', startedTicks: '' };
  }
}

/** Field 22 of `/proc/<pid>/stat`; empty when there is no such process. The name in field 2 may hold blanks and brackets. */
async function startedTicksOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
