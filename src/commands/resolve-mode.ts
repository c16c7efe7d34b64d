import { findBindings } from '../bindings/find-bindings.js';
import { LEDGER_STATES } from '../bindings/ledger-state.js';
import { anyOf } from '../domain/any-of.js';
import { type BindingMode, BINDING_MODES, isBindingMode } from '../domain/mode.js';
import { sameText, type TextPair } from '../domain/text-pair.js';
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
    throw new AppError(
      'flag-invalid',
      {
        zh: `--mode ${said}：必须是 ${BINDING_MODES.join('、')}`,
        en: `--mode ${said}: must be ${BINDING_MODES.join(', ')}`,
      },
      {
        hint:
          said === 'x'
            ? {
                zh: 'X 模式下平台不保存绑定关系；每次呼叫都询问您的服务器。',
                en: 'In X mode the platform keeps no bindings; it asks your server for every call.',
              }
            : undefined,
      },
    );
  }
  const known = clues.binding === undefined ? undefined : await knownMode(context, clues.binding);
  if (known !== undefined) return known;
  throw unknownMode(context, clues.binding);
}

/** Says what was looked for in vain, and what can be done about it. */
function unknownMode({ profile }: CommandContext, binding: BindingClues | undefined): AppError {
  const any = anyOf(BINDING_MODES);
  const fail = (words: TextPair, hint: TextPair): AppError =>
    new AppError(
      'flag-missing',
      { zh: `缺少 --mode：profile 中没有模式${words.zh}`, en: `--mode is missing: the profile names none${words.en}` },
      { hint: { zh: `请给出 --mode ${any.zh}${hint.zh}`, en: `Give --mode ${any.en}${hint.en}` } },
    );
  if (typeof binding?.id === 'string') {
    const all = typedCommand(profile, 'bindings list --state all');
    return fail(
      { zh: `，台账中也没有绑定关系 ${binding.id}`, en: `, and the ledger has no binding ${binding.id}` },
      { zh: `，或另一个 ID：${all} 显示台账的内容。`, en: `, or another ID: ${all} shows what the ledger has.` },
    );
  }
  if (typeof binding?.x === 'string') {
    const load = typedCommand(profile, 'numbers import FILE');
    return fail(
      {
        zh: '，台账和号码清单中也没有该 X 号码的模式',
        en: ', and neither ledger nor inventory know the mode of this X',
      },
      { zh: `；${load} 可导入控制台的号码及其模式。`, en: `; ${load} enters the numbers of the console with theirs.` },
    );
  }
  const orBinding = { zh: '，或台账中某个绑定关系的 --id。', en: ', or the --id of a binding that the ledger has.' };
  return fail(sameText(''), binding === undefined ? { zh: '。', en: '.' } : orBinding);
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
