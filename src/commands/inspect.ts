import { RECORD_COLUMNS } from './columns.js';
import { FIELD_LISTS } from './field-lists.js';
import { defineCommand } from './command.js';
import { fieldNames } from './field-names.js';
import { type ListRecordsOptions, listRecords } from './list-records.js';
import { addRecordFlags } from './record-flags.js';
import { SORT_HELP } from './sort-items.js';

export const command = defineCommand<ListRecordsOptions, [string[]]>({
  help: {
    purpose:
      'Show any saved push: CDRs, SMS notices, call events, number states, in any mix. Reads one body a file, arrays, JSON lines, concatenated JSON, bare feeLst arrays, logs with a JSON body in the line, .http files, the journal; gzipped or not. Files, folders, globs, - for stdin; without any, the journal of the profile. Times of the platform are UTC; they are shown in Beijing time unless --tz says otherwise.\n' +
      'A file with one call shows its fields. What cannot be read is named with file and line, and the rest is shown (exit code 3). A file with nothing in it is named, too, and is no failure.',
    examples: [
      { says: 'one saved CDR', line: 'privacy-call inspect cdr.json' },
      {
        says: 'a folder in a script: who talked how long',
        line: 'privacy-call inspect calls/ -o tsv --fields startedAt,caller,talkSeconds',
      },
      { says: 'from a pipe', line: 'gzip -c cdr.json | privacy-call inspect - --query "items[].talkSeconds"' },
    ],
    get output() {
      return recordLists();
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
      kind: undefined,
      listKind: 'RecordList',
      columns: RECORD_COLUMNS,
      fields: () => fieldNames(recordLists()),
    }),
});

function recordLists(): string {
  return [
    'Record: kind, at, what (outcome, code, event or state; not in JSON), and by kind',
    FIELD_LISTS.call,
    FIELD_LISTS.sms,
    FIELD_LISTS.event,
    FIELD_LISTS.status,
  ].join('\n');
}
