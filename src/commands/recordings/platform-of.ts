import type { CallRecord } from '../../domain/call-record.js';
import type { Platform } from '../../platform/platform.js';
import { firstAlone } from '../../recordings/first-alone.js';
import type { CommandContext } from '../command-context.js';

/**
 * The platform for the application that a call belongs to: in the sandbox each mode has its own; a profile is one application. Each is
 * made once, so that what it learns of the platform counts for all calls; its first question goes alone.
 */
export function buildPlatformOf(context: CommandContext): (record: Pick<CallRecord, 'mode'>) => Promise<Platform> {
  const made = new Map<CallRecord['mode'], Promise<Platform>>();
  return ({ mode: own }) => {
    const mode = context.mode ?? own;
    const found = made.get(mode) ?? context.platform(mode).then(cautious);
    made.set(mode, found);
    return found;
  };
}

function cautious(platform: Platform): Platform {
  return { ...platform, recordingAddress: firstAlone((recording) => platform.recordingAddress(recording)) };
}
