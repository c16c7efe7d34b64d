import { countFooter, NOUNS } from '../../domain/counted.js';
import { Told } from '../../domain/text-pair.js';
import type { Column } from '../../output/view.js';
import { type JobRecord, type Jobs, ROW_STATES, type RowLine, type RowState } from '../../store/jobs.js';
import { openTable } from '../../tables/read-table.js';
import { JOB_COLUMNS, JOB_FIELDS, jobItem } from '../bulk/job-view.js';
import { openJobs } from '../bulk/open-jobs.js';
import { defineCommand } from '../command.js';
import { parseChoices } from '../parse-flags.js';

interface ShowFlags {
  readonly rows?: string | boolean;
}

/** One row of a job. */
interface JobRow extends Omit<RowLine, 'row' | 'at' | 'state' | 'message' | 'messageZh'> {
  readonly kind: 'JobRow';
  /** Line of the input, from 1. */
  readonly row: number;
  readonly state: RowState;
  readonly at?: Date | undefined;
  readonly message?: Told | undefined;
}

const STATES: Readonly<Record<RowState, { readonly zh: string; readonly en: string }>> = {
  waiting: { zh: '未发送', en: 'not sent' },
  sent: { zh: '已发送，未收到结果', en: 'sent, no outcome yet' },
  done: { zh: '完成', en: 'done' },
  already: { zh: '已存在', en: 'already' },
  refused: { zh: '被拒', en: 'refused' },
  'in-doubt': { zh: '存疑', en: 'in doubt' },
};

const ROW_COLUMNS: readonly Column<JobRow>[] = [
  { field: 'row', title: { zh: '行', en: 'Row' }, align: 'right' },
  {
    field: 'state',
    title: { zh: '状态', en: 'State' },
    cell: ({ state }, paint) => {
      const words = paint.words(STATES[state]) ?? state;
      return state === 'done'
        ? paint.good(words)
        : state === 'refused' || state === 'in-doubt'
          ? paint.bad(words)
          : words;
    },
  },
  { field: 'id', title: { zh: '绑定ID', en: 'Binding ID' }, drops: 2 },
  { field: 'x', title: { zh: 'X号码', en: 'X' }, drops: 1 },
  { field: 'extension', title: { zh: '分机号', en: 'Ext' }, drops: 4 },
  { field: 'code', title: { zh: '代码', en: 'Code' }, drops: 3 },
  { field: 'message', title: { zh: '说明', en: 'Why' }, cuts: true },
];

export const command = defineCommand<ShowFlags, [string]>({
  help: {
    purpose:
      'Show how a bulk job stands, or its rows: not sent, sent (the process ended before the outcome was known), done, already, refused with code and remedy, in doubt with the reason.',
    examples: [
      { says: 'how it stands', line: 'privacy-call -p sandbox jobs show "$JOB"' },
      { says: 'why rows failed', line: 'privacy-call -p sandbox jobs show "$JOB" --rows refused,in-doubt -o ndjson' },
    ],
    output: `${JOB_FIELDS}; JobRow: row (line of the file), state (${ROW_STATES.join(', ')}), id, x, y, extension, code, message, at`,
    exits: ['notFound', 'empty', 'storage'],
  },
  define: (target) => {
    target
      .argument('<id>', 'job')
      .option('--rows [states]', `its rows; only those in these states: ${ROW_STATES.join(', ')}`);
  },
  async run(options, context, id) {
    const jobs = await openJobs(context);
    const job = await jobs.read(id);
    context.defer(() => job.close());
    if (options.rows === undefined) return { view: 'item', kind: 'Job', item: jobItem(job), columns: JOB_COLUMNS };
    const states = typeof options.rows === 'string' ? parseChoices('--rows', options.rows, ROW_STATES) : ROW_STATES;
    return {
      view: 'list',
      kind: 'JobRowList',
      items: rowsOf(jobs, job, states),
      columns: ROW_COLUMNS,
      footer: countFooter(NOUNS.row),
    };
  },
});

async function* rowsOf(jobs: Jobs, job: JobRecord, states: readonly RowState[]): AsyncGenerator<JobRow> {
  const table = await openTable(() => jobs.input(job.head.id), job.head.file);
  for await (const batch of table.rows()) {
    for (const { index, row } of batch) {
      const state = job.stateOf(index);
      if (!states.includes(state)) continue;
      const { message, messageZh = message, ...line } = (await job.lineOf(index)) ?? {};
      const why = message === undefined ? undefined : new Told({ zh: messageZh ?? message, en: message });
      yield { kind: 'JobRow', ...line, row, state, message: why };
    }
  }
}
