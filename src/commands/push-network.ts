import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../errors.js';
import type { PushNetwork } from '../platform/push-connector.js';
import type { CommandContext } from './command-context.js';

/** How servers of the team are reached: `--proxy`, `--ca-file`, `--insecure-host` and the environment. @throws AppError `input-unreadable`. */
export async function pushNetworkOf({ settings, env, cwd }: CommandContext): Promise<PushNetwork> {
  const { proxy, caFile, insecureHost } = settings;
  return {
    proxy: proxy.value,
    env,
    ca: caFile.value === undefined ? undefined : await readCa(resolve(cwd, caFile.value), caFile.value),
    insecureHosts: insecureHost.value?.split(','),
  };
}

async function readCa(path: string, typed: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new AppError('input-unreadable', `cannot read --ca-file ${typed}: ${why}`, { cause: error });
  }
}
