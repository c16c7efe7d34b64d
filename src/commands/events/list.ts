import { EVENT_COLUMNS } from '../columns.js';
import { FIELD_LISTS, FIELD_NAMES } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { type ListRecordsOptions, listRecords } from '../list-records.js';
import { addRecordFlags } from '../record-flags.js';
import { SORT_HELP } from '../sort-items.js';

export const command = defineCommand<ListRecordsOptions, [string[]]>({
  help: {
    purpose:
      'List call events. Numbers in events are not the real ones; the CDR has those. Reads what "inspect" reads; without files, the journal of the profile.',
    examples: [
      { says: 'one call, step by step', line: 'privacy-call -p sandbox events list --session "$SESSION"' },
      {
        says: 'hang-ups with their causes',
        line: 'privacy-call events list calls/ --failed -o tsv --fields at,sessionId,cause.code',
      },
    ],
    get output() {
      return FIELD_LISTS.event;
    },
    exits: ['partial', 'empty', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    addRecordFlags(target, false);
    target.option('--sort <field>', SORT_HELP);
  },
  run: (options, context, files) =>
    listRecords(context, files, {
      options,
      kind: 'CallEvent',
      listKind: 'CallEventList',
      columns: EVENT_COLUMNS,
      fields: () => FIELD_NAMES.event,
    }),
});
