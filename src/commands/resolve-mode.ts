import { findBindings } from '../bindings/find-bindings.js';
import { type BindingMode, BINDING_MODES, isBindingMode } from '../domain/mode.js';
import { AppError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { parseNumber } from './parse-flags.js';

/** What may tell the mode when nobody says it. */
interface ModeClues {
  /** As typed after `--mode`. */
  readonly mode?: string | undefined;
  readonly id?: unknown;
  /** As typed after `-x`. */
  readonly x?: unknown;
}

/**
 * The mode to work in: the flag, else environment and profile, else what the ledger and the inventory know of the ID or of X.
 * @throws AppError `flag-invalid` for no mode with bindings, `flag-missing` when nothing tells it.
 */
export async function resolveMode(context: CommandContext, clues: ModeClues): Promise<BindingMode> {
  const said = clues.mode?.toLowerCase() ?? context.mode;
  if (said !== undefined) {
    if (isBindingMode(said)) return said;
    throw new AppError('flag-invalid', `--mode ${said}: must be ${BINDING_MODES.join(', ')}`, {
      hint: said === 'x' ? 'In X mode the platform keeps no bindings; it asks your server for every call.' : undefined,
    });
  }
  const known = await knownMode(context, clues);
  if (known !== undefined) return known;
  throw new AppError(
    'flag-missing',
    '--mode is missing: the profile names none, and the ledger does not know this binding',
    {
      hint: 'Give --mode ax, axb, axe or axyb.',
    },
  );
}

async function knownMode(context: CommandContext, { id, x: typed }: ModeClues): Promise<BindingMode | undefined> {
  if (typeof id !== 'string' && typeof typed !== 'string') return undefined;
  const x = typeof typed === 'string' ? parseNumber('-x', typed) : undefined;
  const store = await context.store();
  const criteria = typeof id === 'string' ? { id } : { x };
  const states = ['active', 'expired', 'gone', 'in-doubt'] as const;
  for await (const { entry } of findBindings(store.ledger, { ...criteria, states }, context.now())) {
    if (isBindingMode(entry.mode)) return entry.mode;
  }
  const number = x === undefined ? undefined : await store.inventory.get(x);
  return number?.mode !== undefined && isBindingMode(number.mode) ? number.mode : undefined;
}
