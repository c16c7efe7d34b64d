import { counted, countFooter, NOUNS } from '../domain/counted.js';
import { planUnbind } from '../bindings/plan-unbind.js';
import { unbindNumber } from '../bindings/unbind-number.js';
import type { Binding } from '../domain/binding.js';
import { type BindingMode, formatMode } from '../domain/mode.js';
import { maskPhoneNumber } from '../domain/phone-number.js';
import type { Words } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { ListView } from '../output/view.js';
import { bindingDeclarations } from '../platform/declarations/all.js';
import { axUnbind } from '../platform/declarations/ax.js';
import { axbUnbind } from '../platform/declarations/axb.js';
import { axeUnbind } from '../platform/declarations/axe.js';
import { axybUnbind } from '../platform/declarations/axyb.js';
import type { Values } from '../platform/declarations/declaration.js';
import { addBulkFlags, type BulkFlags, isBulk } from './bulk/bulk-flags.js';
import { JOB_FIELDS } from './bulk/job-view.js';
import { PLAN_FIELDS } from './bulk/plan-view.js';
import { runBulk } from './bulk/run-bulk.js';
import { BINDING_COLUMNS } from './columns.js';
import { FIELD_LISTS } from './field-lists.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';
import { openBooks } from './open-books.js';
import { addParameterFlags, readParameterValues, type TypedParameters } from './parameter-flags.js';
import { checkRequest, previewRequest } from './preview-request.js';
import { parseCount } from './parse-flags.js';
import { resolveMode } from './resolve-mode.js';

interface UnbindFlags extends TypedParameters, BulkFlags {
  readonly mode?: string;
  readonly ignoreMissing?: boolean;
  readonly expect?: string;
}

const DECLARATIONS = [axUnbind, axbUnbind, axeUnbind, axybUnbind];

export const command = defineCommand<UnbindFlags>({
  help: {
    purpose:
      'Remove a binding by its ID, or by X (with --ext in AXE). In AXB, X alone removes EVERY pair on it; in AXYB, an ID alone removes A, X and every Y: the tool counts them and wants the count typed, or --yes --expect COUNT in a script.\n' +
      'A running call goes on; a call that has reached the platform still connects; the next one does not.\n' +
      'With --file each row of a CSV is one unbind, by its ID, or by numbers that the ledger knows: the file that was bound will do, and so will A or B alone where one binding has it. A row never removes more than one binding, but in AXYB.',
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
      {
        says: 'everything that a results file names',
        line: 'privacy-call -p sandbox unbind --mode axb --file results.csv --yes',
      },
    ],
    output: `The bindings that are gone. ${FIELD_LISTS.binding}; with --file ${JOB_FIELDS}; with --file and --dry-run ${PLAN_FIELDS}`,
    exits: [
      'partial',
      'auth',
      'notFound',
      'conflict',
      'busy',
      'network',
      'assertion',
      'lockedOut',
      'account',
      'storage',
    ],
  },
  define: (target) => {
    target.option('--mode <mode>', "mode of the application (default: the profile's, else what the ledger knows)");
    addParameterFlags(target, DECLARATIONS);
    target
      .option('--ignore-missing', 'a binding that is not there counts as done')
      .option('--expect <count>', 'with --yes: remove only if it is so many; else exit 10 and nothing is done');
    addBulkFlags(target);
  },
  async run(options, context) {
    const binding = isBulk(options) ? undefined : { id: options.id, x: options.x };
    const mode = await resolveMode(context, { mode: options.mode, binding });
    const declaration = bindingDeclarations(mode).unbind;
    const values = readParameterValues(declaration, DECLARATIONS, options);
    if (isBulk(options)) {
      const { ignoreMissing } = options;
      return runBulk(context, { operation: 'unbind', mode, defaults: values, ignoreMissing, flags: options });
    }
    const warnings = checkRequest(declaration, values);
    const expected = options.expect === undefined ? undefined : parseCount('--expect', options.expect, 0);
    const books = await openBooks(context, mode);
    const plan =
      isSingle(mode, values) && expected === undefined ? undefined : await planUnbind(books, { mode, values });
    if (context.global.dryRun) {
      return plan === undefined
        ? previewRequest(books.platform, { declaration, values, warnings })
        : goneView(plan.bindings, [...warnings, wouldGo(plan.bindings.length)]);
    }
    const count = plan?.bindings.length ?? 0;
    if (expected !== undefined) refuseOtherCount(count, expected);
    if (plan?.all === true && count > 0) await confirmAll(context, { mode, values, count, expected });
    const result = await unbindNumber(books, { mode, values, plan, ignoreMissing: options.ignoreMissing });
    return goneView(result.gone, [...warnings, ...result.warnings]);
  },
});

/** Whether the request can remove no more than one binding. */
function isSingle(mode: BindingMode, values: Values): boolean {
  return values.id !== undefined && mode !== 'axyb';
}

function refuseOtherCount(count: number, expected: number): void {
  if (count === expected) return;
  throw new AppError(
    'expectation-failed',
    {
      zh: `将解除 ${count} 个绑定关系，而不是 ${expected} 个：什么也没有做`,
      en: `${counted(count, 'binding')} would go, not ${expected}: nothing was done`,
    },
    {
      hint: { zh: '用 --dry-run 查看。', en: 'Look at them with --dry-run.' },
    },
  );
}

/**
 * Asks before everything on an X goes. More than one binding wants its count: typed by a person, or given by a script.
 * @throws AppError `confirmation-missing`, `interrupted` when the answer is no.
 */
async function confirmAll(
  context: CommandContext,
  asked: {
    readonly mode: BindingMode;
    readonly values: Values;
    readonly count: number;
    readonly expected: number | undefined;
  },
): Promise<void> {
  const { mode, values, count, expected } = asked;
  const x = typeof values.x === 'string' ? maskPhoneNumber(values.x) : undefined;
  const where = `(${formatMode(mode)})`;
  const effect = {
    zh: `将解除${x === undefined ? '' : ` ${x} 上${count === 1 ? '' : '的'}`}${count === 1 ? '唯一的绑定关系' : `全部 ${count} 个绑定关系`} ${where}`,
    en: `this removes ${count === 1 ? 'the one binding' : `all ${count} bindings`}${x === undefined ? '' : ` on ${x}`} ${where}`,
  };
  if (count < 2 || (context.global.yes && expected !== undefined)) return context.confirm(effect);
  if (context.global.yes || !context.interactive) {
    const words = { zh: `${effect.zh}；仅有 --yes 还不够`, en: `${effect.en}; --yes alone is not enough for that` };
    throw new AppError('confirmation-missing', words, {
      hint: { zh: `确实如此请加 --yes --expect ${count}。`, en: `Give --yes --expect ${count} if it is meant.` },
    });
  }
  const message = {
    zh: `${effect.zh}。输入 ${count} 以继续：`,
    en: `T${effect.en.slice(1)}. Type ${count} to go on:`,
  }[context.lang];
  if ((await context.prompt({ type: 'text', message })).trim() !== String(count)) {
    throw new AppError('interrupted', { zh: '未确认：什么也没有做', en: 'not confirmed: nothing was done' });
  }
}

function wouldGo(count: number): Words {
  return {
    zh: `没有发送（--dry-run）；将删除 ${count} 个`,
    en: `nothing was sent (--dry-run); ${count} would go`,
  };
}

function goneView(bindings: readonly Binding[], warnings: readonly Words[]): ListView<Binding> {
  return {
    view: 'list',
    kind: 'BindingList',
    items: bindings,
    columns: BINDING_COLUMNS,
    single: () => BINDING_COLUMNS,
    warnings,
    footer: countFooter(NOUNS.binding),
  };
}
