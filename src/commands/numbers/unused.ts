import { counted } from '../../domain/counted.js';
import type { Words } from '../../domain/text-pair.js';
import { formatInstant } from '../../domain/instant.js';
import { feeAdvice } from '../../numbers/fee-advice.js';
import { listNumbers, type NumberRecord } from '../../numbers/list-numbers.js';
import type { Column } from '../../output/view.js';
import type { CommandContext } from '../command-context.js';
import { defineCommand } from '../command.js';
import { stoppableLog } from '../stoppable.js';
import { parseCount, parseMode } from '../parse-flags.js';
import { NUMBER_COLUMNS, NUMBER_FIELD_LIST } from './number-columns.js';
import { DAY_MS, type JournalUse, readUse } from './read-use.js';

interface UnusedOptions {
  readonly days: string;
  readonly bound?: boolean;
  readonly mode?: string;
  readonly city?: string;
  readonly area?: string;
}

const SHOWN = ['x', 'mode', 'city', 'areaCode', 'status', 'activeBindings', 'origins'];
const COLUMNS: readonly Column<NumberRecord>[] = [
  ...NUMBER_COLUMNS.filter(({ field }) => SHOWN.includes(field)),
  { field: 'firstAt', title: { zh: '录入', en: 'Known since' }, drops: 5 },
  { field: 'askedAt', title: { zh: '查询平台于', en: 'Platform asked' }, drops: 4 },
];

export const command = defineCommand<UnusedOptions>({
  help: {
    purpose:
      'List X numbers without a call or SMS in the journal of the last days and without an active binding in the ledger, and say what cancelling them saves: up to the 25th of the month (Beijing time) a number costs nothing from the next month on, later one month more. Numbers that entered the inventory within these days are left out. Cancelling is done in the console; a released number cannot be got back.\n' +
      'The list is as good as journal and ledger are: it says where the journal begins, and which numbers the platform was not asked about ("numbers refresh").',
    examples: [
      { says: 'before the 25th', line: 'privacy-call -p sandbox numbers unused --days 30' },
      { says: 'bound, but nobody calls', line: 'privacy-call -p sandbox numbers unused --days 30 --bound -o csv' },
    ],
    output: NUMBER_FIELD_LIST,
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    target
      .option('--days <count>', 'without a call or SMS for so many days', '30')
      .option('--bound', 'numbers with active bindings too')
      .option('--mode <mode>', 'numbers of this mode')
      .option('--city <text>', "part of the city's name")
      .option('--area <code>', 'city code, such as 0755');
  },
  async run(options, context) {
    const { inventory, ledger } = await context.store();
    const days = parseCount('--days', options.days);
    const mode = options.mode === undefined ? undefined : parseMode('--mode', options.mode);
    const now = context.now();
    const from = new Date(now.getTime() - days * DAY_MS);
    const criteria = {
      mode,
      city: options.city,
      areaCode: options.area,
      unused: options.bound !== true,
      unusedSince: from,
    };
    const warnings: Words[] = [];
    const items = async function* () {
      const read = await readUse(context, from);
      let [young, stale] = [0, 0];
      for await (const number of listNumbers(
        { inventory, ledger: stoppableLog(ledger, context.signal), use: read.use },
        criteria,
        now,
      )) {
        if (number.firstAt !== undefined && number.firstAt > from) {
          young += 1;
          continue;
        }
        if (number.askedAt === undefined || now.getTime() - number.askedAt.getTime() > DAY_MS) stale += 1;
        yield number;
      }
      for (const told of cautions(context, { read, from, days, young, stale })) warnings.push(told);
      warnings.push(feeAdvice(now));
    };
    return {
      view: 'list',
      kind: 'NumberList',
      items: items(),
      columns: COLUMNS,
      warnings,
      footer: (count) => ({
        zh: `${count} 个号码 ${days} 天未使用`,
        en: `${counted(count, 'number')} unused for ${counted(days, 'day')}`,
      }),
    };
  },
});

function cautions(
  context: CommandContext,
  seen: {
    readonly read: JournalUse;
    readonly from: Date;
    readonly days: number;
    readonly young: number;
    readonly stale: number;
  },
): Words[] {
  const { read, from, days, young, stale } = seen;
  const told: Words[] = [...read.warnings];
  const span = days === 1 ? 'day' : `${days} days`;
  if (read.firstAt === undefined) {
    told.push({
      zh: `推送日志中没有最近 ${days} 天的推送：无法得知这些号码是否有呼叫`,
      en: `the journal has no pushes of the last ${span}: whether the numbers were called is not known`,
    });
  } else if (read.firstAt.getTime() - from.getTime() > DAY_MS) {
    const first = formatInstant(read.firstAt, context.zone);
    told.push({
      zh: `最近 ${days} 天的第一个推送到达于 ${first}：此前的呼叫可能缺失`,
      en: `the first push of the last ${span} came at ${first}: calls before it may be missing`,
    });
  }
  if (young > 0)
    told.push({
      zh: `略过 ${young} 个在此期间才进入号码清单的号码`,
      en: `${counted(young, 'number entered the inventory within this time and is', 'numbers entered the inventory within this time and are')} left out`,
    });
  if (stale > 0) {
    told.push({
      zh: `其中 ${stale} 个号码一天内没有向平台查询：别处建立的绑定未计入；请先执行 numbers refresh`,
      en: `about ${stale} of them the platform was not asked within a day: bindings made elsewhere are not counted; run numbers refresh first`,
    });
  }
  return told;
}
