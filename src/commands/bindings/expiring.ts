import { counted } from '../../domain/counted.js';
import type { Words } from '../../domain/text-pair.js';
import { findExpiring } from '../../bindings/find-bindings.js';
import { FIELD_LISTS } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { stoppableLog } from '../stoppable.js';
import { parseSeconds } from '../parse-flags.js';
import { withDamage } from './ledger-warnings.js';
import { addLedgerFlags, type LedgerFlags, readLedgerFlags } from './ledger-flags.js';
import { ENDING_COLUMNS, rowOf } from './list.js';

interface ExpiringOptions extends LedgerFlags {
  readonly within: string;
}

export const command = defineCommand<ExpiringOptions>({
  help: {
    purpose:
      'List bindings that end soon, by the time of binding and the time to live that the ledger knows; soonest first. A call that runs when its binding ends goes on, the next one fails. Bindings whose end the ledger does not know (made elsewhere) are not among them: how many is told.',
    examples: [
      { says: 'within a day', line: 'privacy-call -p sandbox bindings expiring --within 24h' },
      {
        says: 'an alarm for cron: exit code 9 when nothing ends',
        line: 'privacy-call -p sandbox bindings expiring --within 1h --fail-if-empty || echo nothing ends',
      },
    ],
    output: `${FIELD_LISTS.ledgerBinding}, state, note, changedAt`,
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    addLedgerFlags(target);
    target.option('--within <time>', 'how far to look ahead', '24h');
  },
  async run(options, context) {
    const { ledger } = await context.store();
    const withinSeconds = parseSeconds('--within', options.within);
    const criteria = { ...readLedgerFlags(options, context), withinSeconds };
    const warnings: Words[] = [];
    const rows = async function* () {
      let unknown = 0;
      const onUnknownEnd = (): void => {
        unknown += 1;
      };
      const expiring = await findExpiring(
        stoppableLog(ledger, context.signal),
        { ...criteria, onUnknownEnd },
        context.now(),
      );
      for (const row of expiring) yield rowOf(row);
      if (unknown > 0)
        warnings.push({
          zh: `台账不知道另外 ${unknown} 条绑定关系何时结束`,
          en: `the ledger does not know when ${counted(unknown, 'other binding ends', 'other bindings end')}`,
        });
    };
    return {
      view: 'list',
      kind: 'BindingList',
      items: withDamage(rows(), ledger, warnings),
      columns: ENDING_COLUMNS,
      warnings,
      footer: (count) => ({
        zh: `${count} 条绑定关系将在 ${options.within} 内到期`,
        en: `${counted(count, 'binding ends', 'bindings end')} within ${options.within}`,
      }),
    };
  },
});
