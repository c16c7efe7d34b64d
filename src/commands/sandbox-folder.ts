import { join } from 'node:path';
import type { CommandContext } from './command-context.js';

/** Where the embedded sandbox keeps its state. */
export function sandboxFolder(context: Pick<CommandContext, 'folders'>): string {
  return join(context.folders.state, 'sandbox');
}
