import { findBindings } from '../bindings/find-bindings.js';
import { LEDGER_STATES } from '../bindings/ledger-state.js';
import { anyOf } from '../domain/any-of.js';
import { type BindingMode, BINDING_MODES, isBindingMode } from '../domain/mode.js';
import { AppError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { parseNumber } from './parse-flags.js';
import { typedCommand } from './typed-command.js';

/** What may tell the mode when nobody says it. */
interface ModeClues {
  /** As typed after `--mode`. */
  readonly mode?: string | undefined;
  /** What names the binding that is meant; left out by commands that mean none that is there already. */
  readonly binding?: BindingClues | undefined;
}

/** The ledger may know a binding by its ID or by its X. */
interface BindingClues {
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
  const known = clues.binding === undefined ? undefined : await knownMode(context, clues.binding);
  if (known !== undefined) return known;
  throw unknownMode(context, clues.binding);
}

/** Says what was looked for in vain, and what can be done about it. */
function unknownMode({ profile }: CommandContext, binding: BindingClues | undefined): AppError {
  const missing = '--mode is missing: the profile names none';
  const give = `Give --mode ${anyOf(BINDING_MODES)}`;
  if (typeof binding?.id === 'string')
    return new AppError('flag-missing', `${missing}, and the ledger has no binding ${binding.id}`, {
      hint: `${give}, or another ID: ${typedCommand(profile, 'bindings list --state all')} shows what the ledger has.`,
    });
  if (typeof binding?.x === 'string')
    return new AppError('flag-missing', `${missing}, and neither ledger nor inventory know the mode of this X`, {
      hint: `${give}; ${typedCommand(profile, 'numbers import FILE')} enters the numbers of the console with theirs.`,
    });
  const orBinding = binding === undefined ? '' : ', or the --id of a binding that the ledger has';
  return new AppError('flag-missing', missing, { hint: `${give}${orBinding}.` });
}

async function knownMode(context: CommandContext, { id, x: typed }: BindingClues): Promise<BindingMode | undefined> {
  if (typeof id !== 'string' && typeof typed !== 'string') return undefined;
  const x = typeof typed === 'string' ? parseNumber('-x', typed) : undefined;
  const store = await context.store();
  const criteria = typeof id === 'string' ? { id } : { x };
  for await (const { entry } of findBindings(store.ledger, { ...criteria, states: LEDGER_STATES }, context.now())) {
    if (isBindingMode(entry.mode)) return entry.mode;
  }
  const number = x === undefined ? undefined : await store.inventory.get(x);
  return number?.mode !== undefined && isBindingMode(number.mode) ? number.mode : undefined;
}
