import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAppError } from '../errors.js';
import { buildSandboxControl, type SandboxControl } from './control-client.js';
import { type Deliver, deliverByHttp, sendPushes } from './deliver.js';
import { type SandboxRequest, type SandboxResponse, splitTarget } from './exchange.js';
import { expire } from './expire.js';
import { takeLock } from '../disk/lock-file.js';
import { settlePush, takeDuePushes } from './push-queue.js';
import { buildSandbox, CONTROL_PATH } from './sandbox.js';
import { forwardRequest, readServerAddress } from './server-address.js';
import { makeFolder, openStateFile } from './state-file.js';
import { type QueuedPush, type SandboxState, sandboxTime } from './state.js';

/** Seed of a sandbox that is given none. */
export const DEFAULT_SEED = 1;
/** How long a process waits for another that uses the sandbox. */
export const LOCK_WAIT_MS = 5000;

/** Where a sandbox keeps its state, and what it needs from outside. */
export interface SandboxFolderOptions {
  /** Made when it does not exist, for its owner alone. */
  readonly folder: string;
  /** The host's time. */
  readonly now: () => Date;
  readonly pid: number;
  /** Seed of a new state; an existing one keeps its own. */
  readonly seed?: number | undefined;
  /** Way of the pushes; real HTTP unless given. */
  readonly deliver?: Deliver | undefined;
  /** Longest wait for another process, milliseconds; 5000 unless given. */
  readonly lockWaitMs?: number | undefined;
  /** Ends a delayed answer (fault `slow`) early. */
  readonly signal?: AbortSignal | undefined;
}

/** The sandbox as the commands use it. */
export interface Sandbox {
  /** Answers one request; the pushes it causes have had their first try when it resolves. */
  handle(request: SandboxRequest): Promise<SandboxResponse>;
  readonly control: SandboxControl;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** Name of the lock in the folder. */
export function lockFileOf(folder: string): string {
  return join(folder, 'lock');
}

type Work<T> = (state: SandboxState) => Promise<T> | T;

interface Job {
  /** Does the work; gives what tells the waiting caller once the state is saved. */
  readonly work: (state: SandboxState) => Promise<() => void>;
  readonly fail: (error: unknown) => void;
  readonly isReset: boolean;
}

/** Runs work under the lock. */
type Runner = <T>(work: Work<T>, isReset?: boolean) => Promise<T>;

/** Thrown inside while waiting for the lock: a server has taken over. */
class ServerAppeared extends Error {}

/** Lets jobs change the state under the lock; those that wait together share one lock, one load and one save. */
function buildRunner(options: SandboxFolderOptions): Runner {
  const { folder, pid, seed = DEFAULT_SEED, lockWaitMs = LOCK_WAIT_MS } = options;
  const file = openStateFile(folder);
  let waiting: Job[] = [];
  let running = false;

  async function loadFor(jobs: readonly Job[]): Promise<SandboxState> {
    try {
      return await file.load(seed);
    } catch (error) {
      if (isAppError(error, 'storage-failed') && jobs.every(({ isReset }) => isReset)) return file.renew(seed);
      throw error;
    }
  }

  async function runTogether(jobs: readonly Job[]): Promise<void> {
    const giveWay = async (): Promise<boolean> => (await readServerAddress(folder)) !== undefined;
    const lock = await takeLock(lockFileOf(folder), { pid, waitMs: lockWaitMs, giveWay });
    if (lock === undefined) throw new ServerAppeared();
    const settled: (() => void)[] = [];
    try {
      const state = await loadFor(jobs);
      for (const { work } of jobs) settled.push(await work(state));
      if (!(await lock.isMine())) throw new ServerAppeared();
      await file.save(state);
    } finally {
      await lock.release();
    }
    for (const settle of settled) settle();
  }

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const jobs = waiting;
      waiting = [];
      try {
        await runTogether(jobs);
      } catch (error) {
        for (const { fail } of jobs) fail(error);
      }
    }
    running = false;
  }

  return <T>(work: Work<T>, isReset = false) =>
    new Promise<T>((resolve, fail) => {
      const settleLater = async (state: SandboxState): Promise<() => void> => {
        try {
          const value = await work(state);
          return () => {
            resolve(value);
          };
        } catch (error) {
          return () => {
            fail(error instanceof Error ? error : new Error('the sandbox failed', { cause: error }));
          };
        }
      };
      waiting.push({ work: settleLater, fail, isReset });
      if (!running) void drain();
    });
}

/**
 * Opens the sandbox of a folder. Several processes may have it open: each request is answered under a lock, from the state on disk; while
 * a server of the folder runs, requests go there. Writes to the folder, and pushes over HTTP.
 * @throws AppError `storage-…`; `handle` rejects with `storage-failed` for a damaged state and `storage-locked` when another process holds
 * it for longer than the wait.
 */
export async function openSandboxFolder(options: SandboxFolderOptions): Promise<Sandbox> {
  const { folder, now, deliver = deliverByHttp, signal } = options;
  await makeFolder(folder);
  const run = buildRunner(options);
  const open = new Set<Promise<unknown>>();

  async function deliverDue(): Promise<void> {
    const { due, applications } = await run((state) => {
      const sandboxNow = sandboxTime(state, now());
      expire(state, sandboxNow);
      return { due: takeDuePushes(state, sandboxNow), applications: structuredClone(state.applications) };
    });
    if (due.length === 0) return;
    const results = await sendPushes(due, applications, { deliver, now });
    await run((state) => {
      for (const { id, ...result } of results) settlePush(state, id, result);
    });
  }

  async function handleHere(request: SandboxRequest): Promise<SandboxResponse> {
    const isReset = splitTarget(request.target).path === `${CONTROL_PATH}reset`;
    const { response, hasDue } = await run(async (state) => {
      const answer = await buildSandbox({ state, now, deliver }).handle(request);
      const at = sandboxTime(state, now()).getTime();
      const isDue = (push: QueuedPush): boolean =>
        push.state === 'waiting' && push.dueAt <= at && push.leasedUntil <= at;
      return { response: answer, hasDue: state.pushes.some(isDue) };
    }, isReset);
    if (hasDue) await deliverDue();
    if (response.delayMs !== undefined) {
      await delay(response.delayMs, undefined, signal === undefined ? {} : { signal });
    }
    return response;
  }

  async function handle(request: SandboxRequest): Promise<SandboxResponse> {
    const server = await readServerAddress(folder);
    const forwarded = server === undefined ? undefined : await forwardRequest(server, request);
    if (forwarded !== undefined) return forwarded;
    try {
      return await handleHere(request);
    } catch (error) {
      if (error instanceof ServerAppeared) return handle(request);
      throw error;
    }
  }

  const tracked = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const work = handle(request);
    open.add(work);
    try {
      return await work;
    } finally {
      open.delete(work);
    }
  };
  return {
    handle: tracked,
    control: buildSandboxControl(tracked),
    async close() {
      await Promise.allSettled(open);
    },
  };
}
