import { updateNumber } from '../bindings/update-number.js';
import { AppError } from '../errors.js';
import { bindingDeclarations } from '../platform/declarations/all.js';
import { axUpdate } from '../platform/declarations/ax.js';
import { axbUpdate } from '../platform/declarations/axb.js';
import { axeUpdate } from '../platform/declarations/axe.js';
import { addBulkFlags, type BulkFlags, isBulk } from './bulk/bulk-flags.js';
import { JOB_FIELDS } from './bulk/job-view.js';
import { PLAN_FIELDS } from './bulk/plan-view.js';
import { runBulk } from './bulk/run-bulk.js';
import { BINDING_COLUMNS } from './columns.js';
import { FIELD_LISTS } from './field-lists.js';
import { defineCommand } from './command.js';
import { openBooks } from './open-books.js';
import { addParameterFlags, readParameterValues, type TypedParameters } from './parameter-flags.js';
import { checkRequest, previewRequest } from './preview-request.js';
import { resolveMode } from './resolve-mode.js';

interface UpdateOptions extends TypedParameters, BulkFlags {
  readonly mode?: string;
}

const DECLARATIONS = [axUpdate, axbUpdate, axeUpdate];
/** Values that only say which binding is meant. */
const KEYS = new Set(['id', 'x', 'extension']);

export const command = defineCommand<UpdateOptions>({
  help: {
    purpose:
      'Change a binding. What is not given stays as it is. In AXB a new --ttl counts from now. X cannot be changed: unbind and bind. AXYB bindings cannot be changed at all. With --file each row of a CSV is one update; flags give what a row leaves empty.',
    examples: [
      { says: 'another B', line: 'privacy-call -p sandbox update --id "$ID" -b 13800000007' },
      { says: 'two more hours', line: 'privacy-call -p sandbox update --id "$ID" --ttl 2h' },
      {
        says: 'everything that a results file names: look first',
        line: 'privacy-call -p sandbox update --mode axb --file results.csv --ttl 4h --dry-run',
      },
    ],
    output: `The binding after the change. ${FIELD_LISTS.binding}; with --file ${JOB_FIELDS}; with --file and --dry-run ${PLAN_FIELDS}`,
    exits: ['partial', 'auth', 'notFound', 'conflict', 'busy', 'network', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.option('--mode <mode>', "mode of the application (default: the profile's, else what the ledger knows)");
    addParameterFlags(target, DECLARATIONS);
    addBulkFlags(target);
  },
  async run(options, context) {
    const binding = isBulk(options) ? undefined : { id: options.id, x: options.x };
    const mode = await resolveMode(context, { mode: options.mode, binding });
    const declaration = bindingDeclarations(mode).update;
    if (declaration === undefined) {
      throw new AppError(
        'flag-invalid',
        { zh: 'AXYB 的绑定关系不能修改', en: 'AXYB bindings cannot be changed' },
        { hint: { zh: '请先解绑，再重新绑定。', en: 'Unbind, then bind again.' } },
      );
    }
    const values = readParameterValues(declaration, DECLARATIONS, options);
    if (isBulk(options)) return runBulk(context, { operation: 'update', mode, defaults: values, flags: options });
    const warnings = checkRequest(declaration, values);
    if (Object.keys(values).every((name) => KEYS.has(name))) {
      throw new AppError(
        'flag-missing',
        {
          zh: '没有要修改的内容：除 ID 外至少给出一个参数',
          en: 'nothing to change: give at least one flag beside the ID',
        },
        {
          hint: {
            zh: 'privacy-call update --help 列出可修改的内容。',
            en: 'privacy-call update --help lists what can be changed.',
          },
        },
      );
    }
    if (context.global.dryRun) return previewRequest(await context.platform(mode), { declaration, values, warnings });
    const result = await updateNumber(await openBooks(context, mode), { mode, values });
    const item = result.binding ?? { kind: 'Binding', mode, subscriptionId: String(values.id ?? '') };
    return {
      view: 'item',
      kind: 'Binding',
      item,
      columns: BINDING_COLUMNS,
      warnings: [...warnings, ...result.warnings],
    };
  },
});
