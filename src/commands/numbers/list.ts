import { listNumbers, type NumberRecord } from '../../numbers/list-numbers.js';
import type { Column } from '../../output/view.js';
import { defineCommand } from '../command.js';
import { parseMode } from '../parse-flags.js';

interface ListOptions {
  readonly mode?: string;
  readonly city?: string;
  readonly area?: string;
  readonly status?: string;
  readonly unused?: boolean;
}

const COLUMNS: readonly Column<NumberRecord>[] = [
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'mode', title: { zh: '模式', en: 'Mode' }, cell: ({ mode }) => mode?.toUpperCase() },
  { field: 'city', title: { zh: '城市', en: 'City' }, drops: 2 },
  { field: 'areaCode', title: { zh: '城市码', en: 'Area' } },
  { field: 'status', title: { zh: '状态', en: 'Status' } },
  { field: 'sms', title: { zh: '短信', en: 'SMS' } },
  { field: 'activeBindings', title: { zh: '有效绑定', en: 'Bindings' }, align: 'right' },
  {
    field: 'origins',
    title: { zh: '来源', en: 'Known from' },
    cuts: true,
    drops: 3,
    cell: ({ origins }) => origins.join(', '),
    value: ({ origins }) => origins.join(','),
  },
  { field: 'updatedAt', title: { zh: '更新', en: 'Updated' }, drops: 4 },
];

export const command = defineCommand<ListOptions>({
  help: {
    purpose:
      'List X numbers: those imported from the console, and those that binds, queries, CDRs and status pushes have shown. The platform has no such list. Bindings are counted from the ledger of this tool, not by the platform.',
    examples: [
      {
        says: 'numbers without a binding in Shenzhen',
        line: 'privacy-call -p sandbox numbers list --area 0755 --unused',
      },
      { says: 'the numbers alone', line: 'privacy-call -p sandbox numbers list -o tsv --fields x' },
    ],
    output: 'Number: x, mode, city, areaCode, status, sms, activeBindings, origins, updatedAt, extra',
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    target
      .option('--mode <mode>', 'numbers of this mode')
      .option('--city <text>', "part of the city's name")
      .option('--area <code>', 'city code, such as 0755')
      .option('--status <text>', 'state as listed')
      .option('--unused', 'only numbers without an active binding');
  },
  async run(options, context) {
    const mode = options.mode === undefined ? undefined : parseMode('--mode', options.mode);
    const criteria = {
      mode,
      city: options.city,
      areaCode: options.area,
      status: options.status,
      unused: options.unused,
    };
    return {
      view: 'list',
      kind: 'NumberList',
      items: listNumbers(await context.store(), criteria, context.now()),
      columns: COLUMNS,
      footer: (count) => `${count} ${count === 1 ? 'number' : 'numbers'}`,
    };
  },
});
