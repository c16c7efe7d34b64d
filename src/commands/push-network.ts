import type { PushNetwork } from '../platform/push-connector.js';
import type { CommandContext } from './command-context.js';
import { readInputText } from './read-input.js';

/** How servers of the team are reached: `--proxy`, `--ca-file`, `--insecure-host` and the environment. @throws AppError `input-unreadable`. */
export async function pushNetworkOf({ settings, env, cwd }: CommandContext): Promise<PushNetwork> {
  const { proxy, caFile, insecureHost } = settings;
  return {
    proxy: proxy.value,
    env,
    ca: caFile.value === undefined ? undefined : await readInputText('--ca-file', caFile.value, { cwd }),
    insecureHosts: insecureHost.value?.split(','),
  };
}
