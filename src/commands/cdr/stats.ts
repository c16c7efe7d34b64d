import { resolve } from 'node:path';
import { maskOf } from '../../config/resolve-settings.js';
import { counted } from '../../domain/counted.js';
import { Batched } from '../../domain/batched.js';
import { joinPairs, sameText, type TextPair, withZone } from '../../domain/text-pair.js';
import { storageError } from '../../errors.js';
import { aggregateCalls, type CallAggregate, type CallStatistics } from '../../notifications/aggregate-calls.js';
import { type CallFacts, callFacts } from '../../notifications/call-facts.js';
import { buildRecordFilter, type RecordCriteria } from '../../notifications/filter-records.js';
import { FIGURE_NAMES } from '../../notifications/call-tally.js';
import { GROUP_KEYS } from '../../notifications/group-key.js';
import type { CallRows } from '../../notifications/quick/call-rows.js';
import { type FoundPart, isCallRows, wholeItemsOf } from '../../notifications/quick/found-part.js';
import { screenCalls } from '../../notifications/quick/screen-calls.js';
import type { SummaryView } from '../../output/render-summary.js';
import { percent } from '../../output/percent.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { openRecords, type OpenRecords } from '../open-records.js';
import { parseChoices, parseCount } from '../parse-flags.js';
import { addRecordFlags, readCriteria, readReader, type RecordOptions } from '../record-flags.js';
import { statisticsColumns } from './stats-columns.js';

interface StatsOptions extends RecordOptions {
  readonly by: string;
  readonly top?: string;
  readonly plot?: boolean;
  readonly html?: string;
}

const FIGURES = FIGURE_NAMES.join(', ');

export const command = defineCommand<StatsOptions, [string[]]>({
  help: {
    purpose:
      'Count calls from their CDRs by hour, day, weekday, X, mode, outcome, cause or area: calls, answer rate, minutes of talk, billed minutes, median and p95 of ring and talk. Hours, days and weekdays are those of --tz. Ring counts calls that rang, talk counts answered calls. Percentiles are exact, by nearest rank over whole seconds: always a length that occurred. The cause is the release point, else the Q.850 cause. The area is the city code that the platform sends by arrangement only; without it --by area has one group.\n' +
      'On a terminal --plot draws bars, calls by day, and the week by hours. --html writes one page with the same figures as charts, light and dark, that opens without a server; phone numbers in it are masked unless --no-mask. Reads what "inspect" reads; without files, the journal of the profile.',
    examples: [
      { says: 'each day', line: 'privacy-call cdr stats calls/' },
      {
        says: 'why calls failed, as CSV',
        line: 'privacy-call cdr stats calls/ --failed --by outcome,cause -o csv',
      },
      {
        says: 'the busiest X, with a page for the team',
        line: 'privacy-call cdr stats calls/ --by x --top 10 --html calls.html',
      },
      {
        says: 'the answer rate of all calls, for a script',
        line: 'privacy-call cdr stats calls/ --query total.answerRate',
      },
      { says: 'in pictures', line: 'privacy-call -p sandbox cdr stats --since 7d --by hour --plot' },
    ],
    output: `CallStatistics: ${FIGURES}, hour (0 to 23), day, weekday (1 = Monday), x, mode, outcome, cause {source, code, zh, en}, area; the document has by, zone, firstAt, lastAt and total with the figures of all calls`,
    exits: ['partial', 'empty', 'storage'],
  },
  define: (target) => {
    target.argument('[files...]', 'files, folders, globs, -');
    target.option('--by <list>', `group by ${GROUP_KEYS.join(', ')}; several with commas`, 'day');
    addRecordFlags(target, true);
    target
      .option('--top <count>', 'only the groups with the most calls; the total counts all')
      .option('--plot', 'draw on the terminal, below the table')
      .option('--html <file>', 'write a page with charts');
  },
  run: async (options, context, files) => {
    const by = [...new Set(parseChoices('--by', options.by, GROUP_KEYS))];
    const top = options.top === undefined ? undefined : parseCount('--top', options.top);
    const criteria = { ...readCriteria(options, context), kind: 'CallRecord' } as const;
    const limit = options.limit === undefined ? undefined : parseCount('--limit', options.limit);
    const records = await openRecords(context, files, { reader: readReader(options), criteria });
    if (options.html !== undefined && !context.global.dryRun) await withPage(options.html, context, 'try');
    const progress = await context.progress({ zh: '正在统计呼叫', en: 'counting calls' });
    const aggregate = await aggregateCalls(callsOf(records, criteria, limit), { by, zone: context.zone }).finally(
      () => {
        progress.stop();
      },
    );
    const rows = top === undefined ? aggregate.rows : busiest(aggregate, top);
    const { since, until } = criteria;
    if (options.html !== undefined) {
      const page = { aggregate, rows, by, since, until, mask: maskOf(context.settings) ?? true };
      const { statisticsPage } = await import('./stats-page.js');
      const html = statisticsPage({ ...page, zone: context.zone, lang: context.lang, madeAt: context.now() });
      await writePage(options.html, html, context);
    }
    if (options.plot === true && !context.stdout.isTerminal)
      await context.note({ zh: '--plot 只在终端上绘图', en: '--plot draws on a terminal only' });
    const { firstAt, lastAt, total } = aggregate;
    const drawing = options.plot === true ? await import('./stats-plot.js') : undefined;
    const view: SummaryView<CallStatistics> = {
      view: 'list',
      kind: 'CallStatisticsList',
      items: rows,
      columns: statisticsColumns(by),
      summary: { by, zone: context.zone, firstAt, lastAt, total },
      plot: drawing && ((frame) => drawing.plotStatistics({ ...aggregate, rows }, by, frame)),
      warnings: records.warnings,
      outcome: () => records.outcome(),
      footer: (count) => withZone(footer(aggregate, count), context.zone),
    };
    return view;
  },
});

/** The calls that are wanted, at most `limit` of them. */
function callsOf(
  records: OpenRecords,
  criteria: RecordCriteria,
  limit = Number.POSITIVE_INFINITY,
): AsyncIterable<CallFacts | CallRows> {
  const wanted = wantedCalls(criteria);
  const calls = async function* (): AsyncGenerator<readonly (CallFacts | CallRows)[]> {
    let left = limit;
    for await (const batch of records.found.batches()) {
      const chosen: (CallFacts | CallRows)[] = [];
      for (const one of batch.flatMap(wanted)) {
        if (left <= 0) break;
        const call = isCallRows(one) ? one.first(left) : one;
        left -= isCallRows(call) ? call.count : 1;
        chosen.push(call);
      }
      if (chosen.length > 0) yield chosen;
      if (left <= 0) return;
    }
  };
  return new Batched(calls());
}

function wantedCalls(criteria: RecordCriteria): (part: FoundPart) => readonly (CallFacts | CallRows)[] {
  const fits = buildRecordFilter(criteria);
  const { isExact } = screenCalls(criteria);
  return (part) => {
    if (isExact && isCallRows(part)) return [part];
    return [...wholeItemsOf([part])].flatMap(({ record, receivedAt }) =>
      record.kind === 'CallRecord' && fits(record, receivedAt) ? [callFacts(record, receivedAt)] : [],
    );
  };
}

/** Groups with as many calls keep their order. */
function busiest({ rows }: CallAggregate, top: number): CallAggregate['rows'] {
  return [...rows].sort((one, other) => other.calls - one.calls).slice(0, top);
}

async function writePage(file: string, html: string, context: CommandContext): Promise<void> {
  if (context.global.dryRun) return context.note({ zh: `将写入 ${file}`, en: `would write ${file}` });
  await withPage(file, context, { html });
  await context.note({ zh: `已写入 ${file}`, en: `wrote ${file}` });
}

/** A page that cannot be written is told before everything is read. */
async function withPage(file: string, context: CommandContext, work: 'try' | { readonly html: string }): Promise<void> {
  const path = resolve(context.cwd, file);
  try {
    const { tryNamedFile, writeNamedFile } = await import('../../disk/write-named-file.js');
    await (work === 'try' ? tryNamedFile(path) : writeNamedFile(path, work.html, 0o644));
  } catch (error) {
    throw storageError(error, { zh: `无法写入 --html ${file}`, en: `cannot write --html ${file}` });
  }
}

function footer({ total, rows }: CallAggregate, count: number): TextPair {
  const rate = percent(total.answered, total.calls);
  const minutes = total.talkMinutes.toFixed(1);
  const parts = [
    ...(count < rows.length
      ? [{ zh: `${rows.length} 组中的 ${count} 组`, en: `${count} of ${counted(rows.length, 'group')}` }]
      : []),
    { zh: `合计 ${total.calls} 次呼叫`, en: `total ${counted(total.calls, 'call')}` },
    { zh: `接通率 ${rate}`, en: `${rate} answered` },
    { zh: `通话 ${minutes} 分钟`, en: `${minutes} min talk` },
    { zh: `计费 ${total.billedMinutes} 分钟`, en: `${total.billedMinutes} min billed` },
  ];
  return joinPairs(parts, sameText(' · '));
}
