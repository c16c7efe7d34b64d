import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Outcome, RunOptions, World } from './world.js';

/** A command that goes on until it is stopped. */
export interface Running {
  /** What it wrote to its ready file. */
  readonly url: string;
  /** Stops it as SIGTERM would. */
  readonly stop: () => Promise<Outcome>;
}

/**
 * Starts a server command (`listen`, `sandbox start`) beside the test, on any free port.
 * @returns once it takes requests. Rejects with its stderr when it ends before.
 */
export async function startCommand(world: World, argv: readonly string[], options: RunOptions = {}): Promise<Running> {
  const stopping = new AbortController();
  const readyFile = `${randomUUID()}.url`;
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const ended = world.run([...argv, '--port', '0', '--ready-file', readyFile], {
    ...options,
    signal: stopping.signal,
    // The first row comes once requests are taken.
    onWrite: () => {
      ready();
    },
  });
  const failed = ended.then((outcome): never => {
    throw new Error(`ended with ${outcome.code}: ${outcome.stderr}`);
  });
  await Promise.race([isReady, failed]);
  failed.catch(() => undefined);
  const stop = (): Promise<Outcome> => {
    stopping.abort(new AppError('terminated', 'stopped by SIGTERM'));
    return ended;
  };
  onTestFinished(async () => {
    await stop();
  });
  return { url: (await readFile(world.path(readyFile), 'utf8')).trim(), stop };
}
