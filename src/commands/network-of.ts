import type { Network } from '../platform/network.js';
import type { CommandContext } from './command-context.js';
import { readInputText } from './read-input.js';

/** How other machines are reached: `--proxy`, `--ca-file`, `--insecure-host` and the environment. @throws AppError `input-unreadable`. */
export async function networkOf({
  settings,
  env,
  cwd,
  signal,
}: Pick<CommandContext, 'settings' | 'env' | 'cwd' | 'signal'>): Promise<Network> {
  const { proxy, caFile, insecureHost } = settings;
  return {
    proxy: proxy.value,
    env,
    ca: caFile.value === undefined ? undefined : await readInputText('--ca-file', caFile.value, { cwd, signal }),
    insecureHosts: insecureHost.value?.split(','),
  };
}
