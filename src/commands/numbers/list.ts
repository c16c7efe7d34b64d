import { countFooter, NOUNS } from '../../domain/counted.js';
import type { Words } from '../../domain/text-pair.js';
import { listNumbers, type NumberCriteria } from '../../numbers/list-numbers.js';
import type { Mode } from '../../domain/mode.js';
import type { CommandContext } from '../command-context.js';
import { defineCommand } from '../command.js';
import { parseCount, parseMode, parseTime } from '../parse-flags.js';
import { stoppableLog } from '../stoppable.js';
import { parseSort, SORT_HELP, sortItems } from '../sort-items.js';
import { NUMBER_COLUMNS, NUMBER_FIELD_LIST, NUMBER_FIELD_NAMES } from './number-columns.js';
import { DAY_MS, readUse } from './read-use.js';

interface ListOptions {
  readonly mode?: string;
  readonly city?: string;
  readonly area?: string;
  readonly status?: string;
  readonly unused?: boolean;
  readonly free?: string | boolean;
  readonly unusedSince?: string;
  readonly days: string;
  readonly sort?: string;
}

export const command = defineCommand<ListOptions>({
  help: {
    purpose:
      'List X numbers: those imported from the console, and those that binds, queries, CDRs and status pushes have shown. The platform has no such list. Bindings are counted from the ledger of this tool, not by the platform ("numbers refresh" brings the ledger to it); calls from the journal of the last days. AXE takes as many bindings as its extensions have digits for.',
    examples: [
      {
        says: 'numbers without a binding in Shenzhen',
        line: 'privacy-call -p sandbox numbers list --area 0755 --unused',
      },
      { says: 'the fullest first', line: 'privacy-call -p sandbox numbers list --sort activeBindings:desc' },
      { says: 'the numbers alone', line: 'privacy-call -p sandbox numbers list -o tsv --fields x --days 0' },
    ],
    output: NUMBER_FIELD_LIST,
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    target
      .option('--mode <mode>', 'numbers of this mode')
      .option('--city <text>', "part of the city's name")
      .option('--area <code>', 'city code, such as 0755')
      .option('--status <text>', 'state as listed')
      .option('--unused', 'only numbers without an active binding')
      .option('--free [count]', 'only numbers that take so many more bindings (without a count: one)')
      .option('--unused-since <time>', 'only numbers without a call or SMS in the journal since then')
      .option('--days <count>', 'calls of so many days are counted; 0 reads no journal', '7')
      .option('--sort <field>', SORT_HELP);
  },
  async run(options, context) {
    const { inventory, ledger } = await context.store();
    const criteria = readCriteria(options, context);
    const order = options.sort === undefined ? undefined : parseSort(options.sort, NUMBER_FIELD_NAMES);
    const days = parseCount('--days', options.days, 0);
    const now = context.now();
    const warnings: Words[] = [];
    const items = async function* () {
      const start = Math.min(
        days === 0 ? Number.POSITIVE_INFINITY : now.getTime() - days * DAY_MS,
        criteria.unusedSince?.getTime() ?? Number.POSITIVE_INFINITY,
      );
      const read = Number.isFinite(start) ? await readUse(context, new Date(start)) : undefined;
      for (const warning of read?.warnings ?? []) warnings.push(warning);
      yield* listNumbers({ inventory, ledger: stoppableLog(ledger, context.signal), use: read?.use }, criteria, now);
    };
    const how = { columns: NUMBER_COLUMNS, limit: Number.POSITIVE_INFINITY };
    return {
      view: 'list',
      kind: 'NumberList',
      items: order === undefined ? items() : sortItems(items(), order, how),
      columns: NUMBER_COLUMNS,
      warnings,
      footer: countFooter(NOUNS.number),
    };
  },
});

function readCriteria(options: ListOptions, context: CommandContext): NumberCriteria {
  const mode: Mode | undefined = options.mode === undefined ? undefined : parseMode('--mode', options.mode);
  const when = { now: context.now(), zone: context.zone };
  const { free } = options;
  return {
    mode,
    city: options.city,
    areaCode: options.area,
    status: options.status,
    unused: options.unused,
    free: free === undefined || free === false ? undefined : free === true ? 1 : parseCount('--free', free),
    unusedSince: options.unusedSince === undefined ? undefined : parseTime('--unused-since', options.unusedSince, when),
  };
}
