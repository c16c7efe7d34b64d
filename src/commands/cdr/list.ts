import { CALL_COLUMNS } from '../columns.js';
import { FIELD_LISTS, FIELD_NAMES } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { type ListRecordsOptions, listRecords } from '../list-records.js';
import { addRecordFlags } from '../record-flags.js';
import { SORT_HELP } from '../sort-items.js';

export const command = defineCommand<ListRecordsOptions, [string[]]>({
  help: {
    purpose:
      'List calls from their CDRs: who called whom through which X, how long, how it ended and why. Talk is from the answer to the hang-up; the platform bills each started minute. Reads what "inspect" reads; without files, the journal of the profile.',
    examples: [
      { says: 'the calls that failed since yesterday', line: 'privacy-call cdr list --since yesterday --failed' },
      {
        says: 'talk seconds of one X as CSV',
        line: 'privacy-call cdr list calls/ -x 0022 -o csv --fields startedAt,caller,callee,talkSeconds',
      },
    ],
    get output() {
      return FIELD_LISTS.call;
    },
    exits: ['partial', 'empty', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    addRecordFlags(target, true);
    target.option('--sort <field>', SORT_HELP);
  },
  run: (options, context, files) =>
    listRecords(context, files, {
      options,
      kind: 'CallRecord',
      listKind: 'CallRecordList',
      columns: CALL_COLUMNS,
      fields: () => FIELD_NAMES.call,
    }),
});
