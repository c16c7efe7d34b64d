import { join } from 'node:path';
import { retryLimitsOf, SANDBOX_PROFILE, signingOf, timeoutMsOf, valueOf } from '../config/resolve-settings.js';
import type { Mode } from '../domain/mode.js';
import { asWarning } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { Application, Platform } from '../platform/platform.js';
import type { RetryLimits } from '../platform/retry-policy.js';
import type { Transport } from '../platform/transport.js';
import type { Sandbox } from '../sandbox/state-folder.js';
import type { Store } from '../store/store.js';
import type { CommandContext } from './command-context.js';
import { sandboxFolder } from './sandbox-folder.js';
import { tellIndexing } from './tell-indexing.js';

/** What a context has before its parts. */
type Base = Omit<CommandContext, 'platform' | 'transport' | 'platformNow' | 'store' | 'sandbox'>;

/** The parts of the house, each loaded and made when it is first asked for, and closed with the command. */
export function buildParts(
  base: Base,
  dataFolder: string,
): Pick<CommandContext, 'platform' | 'transport' | 'platformNow' | 'store' | 'sandbox'> {
  const inSandbox = base.profile === SANDBOX_PROFILE;

  const sandbox = once(async (): Promise<Sandbox> => {
    const { openSandboxFolder } = await import('../sandbox/state-folder.js');
    const opened = await openSandboxFolder({
      folder: sandboxFolder(base),
      now: () => base.now(),
      pid: base.pid,
      signal: base.signal,
    });
    base.defer(() => opened.close());
    return opened;
  });

  const store = once(async (): Promise<Store> => {
    if (/^[a-z]+:\/\//.test(dataFolder)) {
      throw new AppError('config-invalid', {
        zh: '存储必须是目录；尚不支持共享存储',
        en: 'the store must be a folder; shared stores are not supported yet',
      });
    }
    const { openFileStore } = await import('../store/file/open-file-store.js');
    const opened = await openFileStore({
      folder: dataFolder,
      now: () => base.now(),
      pid: base.pid,
      hostname: base.hostname,
      onNote: (note) => void base.note(asWarning(note)).catch(() => undefined),
      onIndexing: tellIndexing((text) => base.progress(text)),
    });
    base.defer(() => opened.close());
    return opened;
  });

  const wire = async (): Promise<Transport> => {
    if (inSandbox) {
      const { buildSandboxTransport } = await import('./sandbox-transport.js');
      return buildSandboxTransport(sandbox);
    }
    const { buildHttpTransport } = await import('../platform/http-transport.js');
    const { networkOf } = await import('./network-of.js');
    return buildHttpTransport(await networkOf(base));
  };

  let platformNow = (): Date => base.now();
  const transport = once(async (): Promise<Transport> => {
    const { watchClock } = await import('../platform/watch-clock.js');
    const watched = watchClock(await wire(), () => base.now());
    ({ platformNow } = watched);
    return watched.transport;
  });

  const platform = async (mode?: Mode, limits?: RetryLimits): Promise<Platform> => {
    const { buildPlatform } = await import('../platform/platform-client.js');
    const { openLockOutFile } = await import('../platform/lock-out.js');
    const application = inSandbox ? await sandboxApplication(mode ?? base.mode) : await realApplication(base);
    return buildPlatform({
      application,
      transport: await transport(),
      now: () => base.now(),
      signal: base.signal,
      timeoutMs: timeoutMsOf(base.settings),
      ...retryLimitsOf(base.settings),
      ...limits,
      lockOut: openLockOutFile(join(base.folders.state), () => base.now()),
      force: base.global.force,
      log: base.global.debug ? (line) => void base.stderr.write(`debug: ${line}\n`).catch(() => undefined) : undefined,
    });
  };

  return { sandbox, store, transport, platformNow: () => platformNow(), platform };
}

async function sandboxApplication(mode: Mode | undefined): Promise<Application> {
  const { sandboxCredentials } = await import('../sandbox/initial-state.js');
  const { SANDBOX_ENDPOINT } = await import('../sandbox/state.js');
  // Interfaces without a mode answer every application alike.
  const chosen = mode ?? 'axb';
  return { endpoint: SANDBOX_ENDPOINT, signing: 'aksk', mode: chosen, ...sandboxCredentials(chosen) };
}

async function realApplication(base: Base): Promise<Application> {
  const { env, folders, profile, settings } = base;
  const { findCredentials } = await import('../config/find-credentials.js');
  const credentials = await findCredentials(env, folders.config, profile);
  return {
    ...credentials,
    endpoint: valueOf(settings, 'endpoint'),
    signing: signingOf(settings),
    mode: base.mode,
  };
}

/** `make` runs at the first call; later calls get the same. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
