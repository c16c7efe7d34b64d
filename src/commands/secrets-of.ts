import { findCredentials } from '../config/find-credentials.js';
import { SANDBOX_PROFILE } from '../config/resolve-settings.js';
import { BINDING_MODES } from '../domain/mode.js';
import { isAppError } from '../errors.js';
import { sandboxCredentials } from '../sandbox/initial-state.js';
import type { CommandContext } from './command-context.js';

/** Secrets by APP_Key with which pushes may be signed: of the profile, or of every application of the sandbox; none without credentials. */
export async function secretsOf(context: CommandContext): Promise<ReadonlyMap<string, string>> {
  if (context.profile === SANDBOX_PROFILE) {
    return new Map(
      [...BINDING_MODES, 'x' as const].map((mode) => {
        const { appKey, appSecret } = sandboxCredentials(mode);
        return [appKey, appSecret];
      }),
    );
  }
  try {
    const { appKey, appSecret } = await findCredentials(context.env, context.folders.config, context.profile);
    return new Map([[appKey, appSecret]]);
  } catch (error) {
    if (isAppError(error, 'credentials-missing')) return new Map();
    throw error;
  }
}
