import type { Bookkeeping } from '../bindings/bookkeeping.js';
import type { BindingMode } from '../domain/mode.js';
import type { CommandContext } from './command-context.js';

/** Platform, ledger and inventory for changes of bindings in `mode`. */
export async function openBooks(context: CommandContext, mode: BindingMode): Promise<Bookkeeping> {
  const store = await context.store();
  return {
    platform: await context.platform(mode),
    ledger: store.ledger,
    inventory: store.inventory,
    now: () => context.now(),
  };
}
