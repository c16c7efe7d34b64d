import { randomUUID } from 'node:crypto';
import { link, open, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, storageError } from '../errors.js';

/** A lock that this process holds. */
export interface HeldLock {
  /** Whether it still stands: another process may have taken it for dead while this one was stopped. */
  isMine(): Promise<boolean>;
  release(): Promise<void>;
}

/** How {@link acquireLock} waits. */
export interface LockOptions {
  readonly file: string;
  readonly pid: number;
  /** Longest wait, milliseconds. */
  readonly waitMs: number;
  /** Asked while waiting; true gives up waiting and {@link acquireLock} gives `undefined`. */
  readonly giveWay?: (() => Promise<boolean>) | undefined;
}

const HEARTBEAT_MS = 1000;
/** Without a heartbeat for this long the holder counts as dead, where the process table cannot be asked. */
const STALE_MS = 4000;
const POLL_MS = 15;

interface Holder {
  readonly pid: number;
  readonly token: string;
  /** Start of the process in clock ticks, and its process namespace: a number may be given to another process later. */
  readonly started?: string | undefined;
  readonly namespace?: string | undefined;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

async function startOf(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program in parentheses may hold blanks; the 22nd field is the 20th behind it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function namespace(): Promise<string | undefined> {
  return readlink('/proc/self/ns/pid').catch(() => undefined);
}

async function readHolder(file: string): Promise<{ text: string; holder: Holder | undefined } | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    try {
      return { text, holder: JSON.parse(text) as Holder };
    } catch {
      return { text, holder: undefined };
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function isStale(file: string, holder: Holder | undefined, probe: string): Promise<boolean> {
  if (holder?.started !== undefined && holder.namespace !== undefined && holder.namespace === (await namespace())) {
    return (await startOf(holder.pid)) !== holder.started;
  }
  // The file system's own clock is compared with itself: a probe written now tells its present time.
  await writeFile(probe, '');
  try {
    const [lock, present] = await Promise.all([stat(file), stat(probe)]);
    return present.mtimeMs - lock.mtimeMs > STALE_MS;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Takes a dead holder's lock away; a lock that somebody else took meanwhile is put back. */
async function breakLock(file: string, judged: string, aside: string): Promise<void> {
  try {
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function tryCreate(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function hold(file: string, token: string): HeldLock {
  const heartbeat = setInterval(() => {
    const at = new Date(performance.timeOrigin + performance.now());
    // A missed beat is found out by isMine before anything is written.
    utimes(file, at, at).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const isMine = async (): Promise<boolean> => (await readHolder(file))?.holder?.token === token;
  return {
    isMine,
    async release() {
      clearInterval(heartbeat);
      if (await isMine()) await rm(file, { force: true });
    },
  };
}

/**
 * Takes the lock `file`, which exists exactly while somebody holds it. The lock of a process that has died is broken.
 * @returns `undefined` when `giveWay` said so.
 * @throws AppError `storage-locked` after `waitMs`; `storage-…` when the file cannot be made.
 */
export async function acquireLock(options: LockOptions): Promise<HeldLock | undefined> {
  const { file, pid, waitMs, giveWay } = options;
  const token = randomUUID();
  const mine: Holder = { pid, token, started: await startOf(pid), namespace: await namespace() };
  const until = performance.now() + waitMs;
  try {
    for (;;) {
      if (await tryCreate(file, JSON.stringify(mine))) return hold(file, token);
      const found = await readHolder(file);
      if (found !== undefined && (await isStale(file, found.holder, `${file}.${token}.probe`))) {
        await breakLock(file, found.text, `${file}.${token}.stale`);
        continue;
      }
      if ((await giveWay?.()) === true) return undefined;
      if (performance.now() >= until) {
        throw new AppError(
          'storage-locked',
          `the sandbox is in use by process ${found?.holder?.pid ?? 'unknown'} (${file})`,
          {
            hint: 'Wait for it to end, or end it; then run the command again.',
          },
        );
      }
      await delay(POLL_MS);
    }
  } catch (error) {
    throw storageError(error, `cannot lock the sandbox by ${file}`);
  }
}
