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
    const { code } = error as NodeJS.ErrnoException;
    const reason = { zh: `钩子没有文件：${code ?? '失败'}`, en: `the hook has no file: ${code ?? 'failed'}` };
    return { state: 'again', reason };
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
      else {
        const { code } = error;
        const reason = {
          zh: `钩子无法运行：${code ?? '未知错误'}`,
          en: `the hook cannot be run: ${code ?? 'unknown error'}`,
        };
        resolve({ state: 'failed', reason });
      }
    });
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve({ state: 'done' });
      else {
        const end = code ?? killedBy;
        const reason = { zh: `钩子以 ${end ?? '未知'} 结束`, en: `the hook ended with ${end ?? 'nothing'}` };
        resolve({ state: 'failed', reason });
      }
    });
  });
}
