import { countFooter, NOUNS } from '../../domain/counted.js';
import { type NumberRecord, listNumbers } from '../../numbers/list-numbers.js';
import { NUMBER_HEADINGS } from '../../numbers/number-columns.js';
import type { Column } from '../../output/view.js';
import { stoppableLog } from '../stoppable.js';
import { defineCommand } from '../command.js';

/** The first of the headings that `numbers import` knows for a field: no further column of a file goes before it. */
const COLUMNS: readonly Column<NumberRecord>[] = (
  [
    ['number', 'x'],
    ['mode', 'mode'],
    ['city', 'city'],
    ['areaCode', 'areaCode'],
    ['status', 'status'],
    ['sms', 'sms'],
  ] as const
).map(([field, member]) => {
  const [heading = field] = NUMBER_HEADINGS[field];
  return { field: heading, title: { zh: heading, en: heading }, value: (number) => number[member] };
});

export const command = defineCommand({
  help: {
    purpose:
      'Write the inventory, in CSV unless -o says otherwise, with headings that "numbers import" knows and the further columns of the files that were imported.',
    examples: [{ says: 'a copy', line: 'privacy-call -p sandbox numbers export > inventory.csv' }],
    output:
      'X号码, 模式, 城市, 城市码, 状态, 短信 and the further columns, by their headings; JSON has the fields of "numbers list"',
    exits: ['empty', 'storage'],
  },
  async run(_options, context) {
    const { inventory, ledger } = await context.store();
    const headings = new Set<string>();
    for await (const { extra, forgotten } of inventory.entries())
      if (forgotten !== true) for (const heading of Object.keys(extra ?? {})) headings.add(heading);
    return {
      view: 'list',
      kind: 'NumberRowList',
      items: listNumbers({ inventory, ledger: stoppableLog(ledger, context.signal) }, {}, context.now()),
      columns: [...COLUMNS, ...[...headings].map(extraColumn)],
      unlessAsked: 'csv',
      footer: countFooter(NOUNS.number),
    };
  },
});

function extraColumn(heading: string): Column<NumberRecord> {
  return { field: heading, title: { zh: heading, en: heading }, value: ({ extra }) => extra?.[heading] };
}
