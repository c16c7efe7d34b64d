import { SMS_COLUMNS } from '../columns.js';
import { FIELD_LISTS, FIELD_NAMES } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { type ListRecordsOptions, listRecords } from '../list-records.js';
import { addRecordFlags } from '../record-flags.js';
import { SORT_HELP } from '../sort-items.js';

export const command = defineCommand<ListRecordsOptions, [string[]]>({
  help: {
    purpose:
      'List SMS notices: from whom, through which X, to whom, and what became of each. The text is there only where support has switched it on. Reads what "inspect" reads; without files, the journal of the profile.',
    examples: [
      { says: 'what was not delivered', line: 'privacy-call sms list messages/ --failed' },
      { says: 'as JSON', line: 'privacy-call sms list messages/ --json' },
    ],
    get output() {
      return FIELD_LISTS.sms;
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
      kind: 'Sms',
      listKind: 'SmsList',
      columns: SMS_COLUMNS,
      fields: () => FIELD_NAMES.sms,
    }),
});
