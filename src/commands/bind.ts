import { Option } from 'commander';
import { bindNumber, IF_EXISTS, type IfExists } from '../bindings/bind-number.js';
import { BINDING_MODES, formatMode } from '../domain/mode.js';
import { formatDialled } from '../domain/phone-number.js';
import type { Binding } from '../domain/binding.js';
import { axBind } from '../platform/declarations/ax.js';
import { axbBind } from '../platform/declarations/axb.js';
import { axeBind } from '../platform/declarations/axe.js';
import { axybBind, axybBindY } from '../platform/declarations/axyb.js';
import type { BindingMode } from '../domain/mode.js';
import type { InterfaceDeclaration } from '../platform/declarations/declaration.js';
import { askMissing, confirmRequest } from './ask-missing.js';
import { addBulkFlags, type BulkFlags, isBulk } from './bulk/bulk-flags.js';
import { JOB_FIELDS } from './bulk/job-view.js';
import { PLAN_FIELDS } from './bulk/plan-view.js';
import { typedCommand } from './typed-command.js';
import { runBulk } from './bulk/run-bulk.js';
import { BINDING_COLUMNS } from './columns.js';
import { FIELD_LISTS } from './field-lists.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';
import { openBooks } from './open-books.js';
import { addParameterFlags, readParameterValues, type TypedParameters } from './parameter-flags.js';
import { checkRequest, previewRequest } from './preview-request.js';
import { resolveMode } from './resolve-mode.js';

interface BindOptions extends TypedParameters, BulkFlags {
  readonly mode?: string;
  readonly ifExists?: IfExists;
}

const DECLARATIONS = [axBind, axbBind, axeBind, axybBind, axybBindY];

function declarationOf(mode: BindingMode, options: BindOptions): InterfaceDeclaration {
  if (mode === 'axyb') return options.id === undefined ? axybBind : axybBindY;
  return { ax: axBind, axb: axbBind, axe: axeBind }[mode];
}

export const command = defineCommand<BindOptions>({
  help: {
    purpose:
      'Bind real numbers to a privacy number. AX: X stands for A. AXB: X joins A and B. AXE: X and an extension stand for A. AXYB (legacy): X stands for A; with --id a Y for B.\n' +
      'The binding is in the ledger before success is reported. On a terminal, missing values are asked for. A success says nothing about calls: A numbers must be reported (报备) with the carriers.\n' +
      'With --file each row of a CSV is one bind: the plan (to bind, bound already, in conflict, unusable) is shown first, then asked for once. The run is a job: what is killed or stopped goes on with the same command or with jobs resume, and no row is bound twice. Flags give what a row leaves empty. --template prints the headings.',
    examples: [
      {
        says: 'join A and B on an X of Shenzhen for two hours',
        line: 'privacy-call -p sandbox bind --mode axb -a 13800000001 -b 13800000002 --area 0755 --ttl 2h',
      },
      {
        says: 'keep the binding ID in a script',
        line: 'ID=$(privacy-call -p sandbox bind --mode ax -a 13800000003 -x 17000000101 --query item.subscriptionId)',
      },
      {
        says: 'an extension behind an X',
        line: 'privacy-call -p sandbox bind --mode axe -a 13800000004 -x 17000000301 --ext 1234',
      },
      {
        says: 'many at once: look first',
        line: 'privacy-call -p sandbox bind --mode axb --file rows.csv --map a=司机,b=乘客 --dry-run',
      },
      {
        says: 'then do it, with every outcome in a file, and the refused rows to mend',
        line: 'privacy-call -p sandbox bind --mode axb --file rows.csv --map a=司机,b=乘客 --yes --out results.csv --rejects bad.csv',
      },
      {
        says: 'see the request without sending it',
        line: 'privacy-call -p sandbox bind --mode axb -a 13800000005 -b 13800000006 --dry-run',
      },
    ],
    output: `${FIELD_LISTS.binding}; with --file ${JOB_FIELDS}; with --file and --dry-run ${PLAN_FIELDS}`,
    exits: ['partial', 'auth', 'notFound', 'conflict', 'busy', 'network', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.option('--mode <mode>', `mode of the application: ${BINDING_MODES.join(', ')} (default: the profile's)`);
    addParameterFlags(target, DECLARATIONS);
    target.addOption(
      new Option(
        '--if-exists <what>',
        'when these numbers are bound already (default: fail; with --file: skip)',
      ).choices([...IF_EXISTS]),
    );
    addBulkFlags(target);
  },
  async run(options, context) {
    const mode = await chooseMode(options, context);
    const declaration = declarationOf(mode, options);
    if (isBulk(options)) {
      const defaults = readParameterValues(declaration, DECLARATIONS, options);
      return runBulk(context, { operation: 'bind', mode, defaults, ifExists: options.ifExists, flags: options });
    }
    const typed = readParameterValues(declaration, DECLARATIONS, options);
    const values = await askMissing(context, declaration, typed);
    const warnings = checkRequest(declaration, values);
    if (context.global.dryRun) return previewRequest(await context.platform(mode), { declaration, values, warnings });
    const asked = (options.mode ?? context.mode) === undefined && context.interactive;
    if (asked || Object.keys(values).length > Object.keys(typed).length)
      await confirmRequest(context, declaration, values);
    const books = await openBooks(context, mode);
    const result = await bindNumber(books, { mode, values, ifExists: options.ifExists });
    return {
      view: 'item',
      kind: 'Binding',
      item: result.binding,
      columns: BINDING_COLUMNS,
      warnings: [...warnings, ...result.warnings],
      hint: hintOf(result.binding, context),
    };
  },
});

async function chooseMode(options: BindOptions, context: CommandContext): Promise<BindingMode> {
  const unsaid = options.mode === undefined && context.mode === undefined;
  const binding = options.id === undefined ? undefined : { id: options.id };
  if (!unsaid || !context.interactive) return resolveMode(context, { mode: options.mode, binding });
  const choices = BINDING_MODES.map((mode) => ({ name: formatMode(mode), value: mode }));
  return resolveMode(context, {
    mode: await context.prompt({
      type: 'select',
      message: { zh: '应用的模式（--mode）', en: 'Mode of the application (--mode)' }[context.lang],
      choices,
    }),
  });
}

function hintOf({ x, extension, subscriptionId }: Binding, { profile, lang }: CommandContext): string {
  const undo = typedCommand(profile, `unbind --id ${subscriptionId}`);
  const dialled = x === undefined ? undefined : formatDialled(x);
  if (lang === 'zh') {
    const dial =
      dialled === undefined ? '' : `请拨打 ${dialled}${extension === undefined ? '' : `，再拨分机号 ${extension}`}。`;
    return `${dial}撤销：${undo}`;
  }
  const dial =
    dialled === undefined ? '' : `People dial ${dialled}${extension === undefined ? '' : `, then ${extension}`}. `;
  return `${dial}Undo with: ${undo}`;
}
