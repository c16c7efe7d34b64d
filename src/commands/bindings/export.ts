import { countFooter, NOUNS } from '../../domain/counted.js';
import type { Words } from '../../domain/text-pair.js';
import { exportColumns, exportRow } from '../../bindings/export-row.js';
import { findBindings } from '../../bindings/find-bindings.js';
import { mapBatched } from '../../domain/batched.js';
import { isBindingMode } from '../../domain/mode.js';
import { AppError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { CommandContext } from '../command-context.js';
import { stoppableLog } from '../stoppable.js';
import { defineCommand } from '../command.js';
import { withDamage } from './ledger-warnings.js';
import { addLedgerFlags, type LedgerFlags, readLedgerFlags } from './ledger-flags.js';

export const command = defineCommand<LedgerFlags>({
  help: {
    purpose:
      'Write the bindings of one mode that the ledger holds, in CSV unless -o says otherwise, with the columns that "bind --file" takes: to bind them again after numbers were moved between applications, for one. ttl is what is left of the life of a binding, in seconds. "unbind --file" and "update --file" take the same file by its column id.\n' +
      'What only the platform knows (tones of a binding made elsewhere) is not in it.',
    examples: [
      { says: 'what stands now', line: 'privacy-call -p sandbox bindings export --mode axb > axb.csv' },
      {
        says: 'whether it can be bound',
        line: 'privacy-call -p sandbox bindings export --mode axb > axb.csv && privacy-call -p sandbox bind --mode axb --file axb.csv --dry-run',
      },
    ],
    output: 'the parameters of bind by their own names (a, b, x, …), ttl in seconds, id',
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    addLedgerFlags(target);
  },
  async run(options, context) {
    const mode = await modeOf(context, options);
    const { ledger } = await context.store();
    const criteria = { ...readLedgerFlags(options, context), mode };
    const now = context.now();
    const warnings: Words[] = [];
    const rows = mapBatched(findBindings(stoppableLog(ledger, context.signal), criteria, now), ({ entry }) =>
      exportRow(entry, now),
    );
    return {
      view: 'list',
      kind: 'BindingRowList',
      items: withDamage(rows, ledger, warnings),
      warnings,
      columns: exportColumns(mode).map((field): Column<Values> => ({ field, title: { zh: field, en: field } })),
      unlessAsked: 'csv',
      footer: countFooter(NOUNS.binding),
    };
  },
});

/** The flag, the profile's, or the only mode that the ledger has. */
async function modeOf(context: CommandContext, flags: LedgerFlags) {
  const said = flags.mode?.toLowerCase() ?? context.mode;
  if (said !== undefined) {
    if (isBindingMode(said)) return said;
    throw new AppError('flag-invalid', {
      zh: `--mode ${said}：必须是 ax、axb、axe 或 axyb`,
      en: `--mode ${said}: must be ax, axb, axe or axyb`,
    });
  }
  const { ledger } = await context.store();
  const modes = new Set<string>();
  for await (const { entry } of findBindings(
    stoppableLog(ledger, context.signal),
    readLedgerFlags(flags, context),
    context.now(),
  ))
    modes.add(entry.mode);
  const [only = 'axb', other] = modes;
  if (other === undefined && isBindingMode(only)) return only;
  throw new AppError(
    'flag-missing',
    {
      zh: `缺少 --mode：台账中有 ${[...modes].join('、')} 的绑定关系`,
      en: `--mode is missing: the ledger has bindings in ${[...modes].join(', ')}`,
    },
    {
      hint: { zh: '各模式的列不同：请逐个导出。', en: 'Each mode has its own columns: export one after the other.' },
    },
  );
}
