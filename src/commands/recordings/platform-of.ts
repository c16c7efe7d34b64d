import type { CallRecord } from '../../domain/call-record.js';
import type { Platform } from '../../platform/platform.js';
import type { CommandContext } from '../command-context.js';

/** The platform for the application that a call belongs to: in the sandbox each mode has its own; a profile is one application. */
export function platformOf(context: CommandContext, record: Pick<CallRecord, 'mode'>): Promise<Platform> {
  return context.platform(context.mode ?? record.mode);
}
