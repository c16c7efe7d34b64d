import { openLockOutFile } from '../../platform/lock-out.js';
import { SANDBOX_ENDPOINT } from '../../sandbox/state.js';
import type { CommandContext } from '../command-context.js';

/** The sandbox is healed: what the tool remembers of being blocked by it is forgotten too. */
export async function forgetLockOut(context: Pick<CommandContext, 'folders' | 'now'>): Promise<void> {
  await openLockOutFile(context.folders.state, () => context.now()).forget(new URL(SANDBOX_ENDPOINT).host);
}
