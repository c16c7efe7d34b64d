import { planUnbind, type UnbindPlan } from '../bindings/plan-unbind.js';
import { unbindNumber } from '../bindings/unbind-number.js';
import type { Binding } from '../domain/binding.js';
import { type BindingMode, formatMode } from '../domain/mode.js';
import { maskPhoneNumber } from '../domain/phone-number.js';
import type { ListView } from '../output/view.js';
import { bindingDeclarations } from '../platform/declarations/all.js';
import { axUnbind } from '../platform/declarations/ax.js';
import { axbUnbind } from '../platform/declarations/axb.js';
import { axeUnbind } from '../platform/declarations/axe.js';
import { axybUnbind } from '../platform/declarations/axyb.js';
import type { Values } from '../platform/declarations/declaration.js';
import { BINDING_COLUMNS, FIELD_LISTS } from './columns.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';
import { openBooks } from './open-books.js';
import { addParameterFlags, readParameterValues, type TypedParameters } from './parameter-flags.js';
import { checkRequest, previewRequest } from './preview-request.js';
import { resolveMode } from './resolve-mode.js';

interface UnbindFlags extends TypedParameters {
  readonly mode?: string;
  readonly ignoreMissing?: boolean;
}

const DECLARATIONS = [axUnbind, axbUnbind, axeUnbind, axybUnbind];

export const command = defineCommand<UnbindFlags>({
  help: {
    purpose:
      'Remove a binding by its ID, or by X (with --ext in AXE). In AXB, X alone removes EVERY pair on it; in AXYB, an ID alone removes A, X and every Y: the tool counts them and asks first.\n' +
      'A running call goes on; a call that has reached the platform still connects; the next one does not.',
    examples: [
      { says: 'remove one binding', line: 'privacy-call -p sandbox unbind --id "$ID"' },
      {
        says: 'a script that may run twice',
        line: 'privacy-call -p sandbox unbind --mode ax --id "$ID" --ignore-missing',
      },
      {
        says: 'all pairs on an X: look first',
        line: 'privacy-call -p sandbox unbind --mode axb -x 17000000201 --dry-run',
      },
    ],
    output: `The bindings that are gone. ${FIELD_LISTS.binding}`,
    exits: ['auth', 'notFound', 'busy', 'network', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.option('--mode <mode>', "mode of the application (default: the profile's, else what the ledger knows)");
    addParameterFlags(target, DECLARATIONS);
    target.option('--ignore-missing', 'a binding that is not there counts as done');
  },
  async run(options, context) {
    const mode = await resolveMode(context, { mode: options.mode, id: options.id, x: options.x });
    const declaration = bindingDeclarations(mode).unbind;
    const values = readParameterValues(declaration, DECLARATIONS, options);
    const warnings = checkRequest(declaration, values);
    const books = await openBooks(context, mode);
    const plan = isSingle(mode, values) ? undefined : await planUnbind(books, { mode, values });
    if (context.global.dryRun) {
      return plan === undefined
        ? previewRequest(books.platform, { declaration, values, warnings })
        : goneView(plan.bindings, [...warnings, `nothing was sent (--dry-run); ${plan.bindings.length} would go`]);
    }
    if (plan?.all === true && plan.bindings.length > 0) await confirmAll(context, { mode, values, plan });
    const result = await unbindNumber(books, { mode, values, plan, ignoreMissing: options.ignoreMissing });
    return goneView(result.gone, [...warnings, ...result.warnings]);
  },
});

/** Whether the request can remove no more than one binding. */
function isSingle(mode: BindingMode, values: Values): boolean {
  return values.id !== undefined && mode !== 'axyb';
}

async function confirmAll(
  context: CommandContext,
  { mode, values, plan }: { readonly mode: BindingMode; readonly values: Values; readonly plan: UnbindPlan },
): Promise<void> {
  const on = typeof values.x === 'string' ? ` on ${maskPhoneNumber(values.x)}` : '';
  const some = plan.bindings.length === 1 ? 'the one binding' : `all ${plan.bindings.length} bindings`;
  await context.confirm(`this removes ${some}${on} (${formatMode(mode)})`);
}

function goneView(bindings: readonly Binding[], warnings: readonly string[]): ListView<Binding> {
  return {
    view: 'list',
    kind: 'BindingList',
    items: bindings,
    columns: BINDING_COLUMNS,
    single: () => BINDING_COLUMNS,
    warnings,
    footer: (count) => `${count} ${count === 1 ? 'binding' : 'bindings'}`,
  };
}
