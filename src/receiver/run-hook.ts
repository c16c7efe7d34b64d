import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredPush } from '../store/journal.js';
import type { DeliveryOutcome } from './delivery.js';

/** A program that is run for each push. */
export interface Hook {
  /** The program, then its arguments; the file with the push comes behind them. No shell is between. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Environment of the program, beside what tells of the push. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** It is killed when it takes longer. */
  readonly timeoutMs: number;
}

/**
 * Runs the hook: the body lies byte for byte in a file for the owner alone, whose path is the last argument and `PRIVACY_CALL_PUSH_FILE`;
 * `PRIVACY_CALL_PUSH_KIND`, `…_ID` and `…_AT` tell the rest. The file is removed afterwards. What the program prints is not read.
 * @returns `failed` with the exit code when it is not 0: a hook is not run again.
 */
export async function runHook(hook: Hook, push: StoredPush, signal: AbortSignal): Promise<DeliveryOutcome> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'privacy-call-hook-'));
    const file = join(folder, `${push.kind}.json`);
    await writeFile(file, push.bytes, { mode: 0o600 });
    return await run(hook, { file, push, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'again', reason: `the hook has no file: ${(error as NodeJS.ErrnoException).code ?? 'failed'}` };
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function run(
  { command: [program, ...args], env, cwd, timeoutMs }: Hook,
  { file, push, signal }: { readonly file: string; readonly push: StoredPush; readonly signal: AbortSignal },
): Promise<DeliveryOutcome> {
  const told = {
    PRIVACY_CALL_PUSH_FILE: file,
    PRIVACY_CALL_PUSH_KIND: push.kind,
    PRIVACY_CALL_PUSH_ID: push.id,
    PRIVACY_CALL_PUSH_AT: push.at.toISOString(),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, file], {
      cwd,
      env: { ...env, PRIVACY_CALL_APP_SECRET: undefined, ...told },
      stdio: 'ignore',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      signal,
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(error);
      else resolve({ state: 'failed', reason: `the hook cannot be run: ${error.code ?? 'unknown error'}` });
    });
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve({ state: 'done' });
      else resolve({ state: 'failed', reason: `the hook ended with ${code ?? killedBy ?? 'nothing'}` });
    });
  });
}
