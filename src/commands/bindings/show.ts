import { findBindings } from '../../bindings/find-bindings.js';
import { describeNote } from '../../bindings/ledger-notes.js';
import { LEDGER_STATES } from '../../bindings/ledger-state.js';
import type { TextPair } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import { BINDING_COLUMNS } from '../columns.js';
import { FIELD_LISTS } from '../field-lists.js';
import { defineCommand, type NoOptions } from '../command.js';
import { typedCommand } from '../typed-command.js';
import { rowOf, STATE_TEXTS } from './list.js';

const ACTION_TEXTS: Readonly<Record<LedgerEntry['action'], TextPair>> = {
  bind: { zh: '绑定', en: 'bind' },
  update: { zh: '修改', en: 'update' },
  unbind: { zh: '解绑', en: 'unbind' },
  seen: { zh: '在平台查到', en: 'seen on the platform' },
};

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose:
      'Show what the ledger knows of one binding: its numbers, its life, what was last done to it. "query --id" asks the platform instead.',
    examples: [{ says: 'by ID', line: 'privacy-call -p sandbox bindings show "$ID"' }],
    output: `${FIELD_LISTS.ledgerBinding}, state, lastAction, changedAt, note`,
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<id>', 'binding ID');
  },
  async run(_options, context, id) {
    const { ledger } = await context.store();
    for await (const row of findBindings(ledger, { id, states: LEDGER_STATES }, context.now())) {
      return {
        view: 'item',
        kind: 'Binding',
        item: { ...rowOf(row), lastAction: row.entry.action, changedAt: row.entry.at },
        columns: [
          ...BINDING_COLUMNS,
          {
            field: 'state',
            title: { zh: '状态', en: 'State' },
            cell: ({ state }: ReturnType<typeof rowOf>, paint) => paint.words(STATE_TEXTS[state]),
          },
          {
            field: 'lastAction',
            title: { zh: '最近操作', en: 'Last action' },
            cell: ({ lastAction }: { readonly lastAction: LedgerEntry['action'] }, paint) =>
              paint.words(ACTION_TEXTS[lastAction]),
          },
          { field: 'changedAt', title: { zh: '操作时间', en: 'Changed' } },
          {
            field: 'note',
            title: { zh: '备注', en: 'Note' },
            cell: ({ note }: { readonly note?: string | undefined }, paint) =>
              note === undefined ? undefined : paint.words(describeNote(note)),
          },
        ],
      };
    }
    throw new AppError(
      'binding-not-found',
      { zh: `台账中没有绑定关系 ${id}`, en: `the ledger has no binding ${id}` },
      {
        hint: {
          zh: `向平台查询：${typedCommand(context.profile, `query --id ${id}`)}`,
          en: `Ask the platform: ${typedCommand(context.profile, `query --id ${id}`)}`,
        },
      },
    );
  },
});
