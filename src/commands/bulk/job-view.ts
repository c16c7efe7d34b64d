import { counted } from '../../domain/counted.js';
import { wordsOfError } from '../../domain/text-error.js';
import { type TextPair, type Words, joinPairs, BETWEEN_SENTENCES } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { Column, ItemView } from '../../output/view.js';
import type { JobRecord } from '../../store/jobs.js';
import { typedCommand } from '../typed-command.js';

/** A job as data. */
export interface JobItem {
  readonly kind: 'Job';
  readonly id: string;
  /** `open`: rows are left, or in doubt. */
  readonly state: 'open' | 'finished';
  readonly operation: string;
  readonly mode: string;
  readonly profile: string;
  readonly file: string;
  readonly rows: number;
  readonly done: number;
  readonly already: number;
  readonly refused: number;
  readonly inDoubt: number;
  /** Rows to do, those that were under way when the process ended among them. */
  readonly left: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Names of the fields of a {@link JobItem}, for help. */
export const JOB_FIELDS =
  'Job: id, state (open, finished), operation, mode, profile, file, rows, done, already, refused, inDoubt, left, createdAt, updatedAt';

const JOB_STATES = {
  finished: { zh: '已完成', en: 'finished' },
  open: { zh: '未完成', en: 'open' },
} as const satisfies Record<JobItem['state'], TextPair>;

/** Columns of jobs. */
export const JOB_COLUMNS: readonly Column<JobItem>[] = [
  { field: 'id', title: { zh: '任务', en: 'Job' } },
  { field: 'state', title: { zh: '状态', en: 'State' }, cell: ({ state }, paint) => paint.words(JOB_STATES[state]) },
  { field: 'mode', title: { zh: '模式', en: 'Mode' }, drops: 5 },
  { field: 'profile', title: { zh: '应用', en: 'Profile' }, drops: 4 },
  { field: 'file', title: { zh: '文件', en: 'File' }, cuts: true, drops: 2 },
  { field: 'rows', title: { zh: '行数', en: 'Rows' }, align: 'right' },
  { field: 'done', title: { zh: '完成', en: 'Done' }, align: 'right' },
  { field: 'already', title: { zh: '已存在', en: 'Already' }, align: 'right', drops: 1 },
  { field: 'refused', title: { zh: '被拒', en: 'Refused' }, align: 'right' },
  { field: 'inDoubt', title: { zh: '存疑', en: 'In doubt' }, align: 'right' },
  { field: 'left', title: { zh: '剩余', en: 'Left' }, align: 'right' },
  { field: 'updatedAt', title: { zh: '更新', en: 'Updated' }, drops: 3 },
];

/** What a job's log says of it. */
export function jobItem({ head, rows, counts, updatedAt }: JobRecord): JobItem {
  const left = counts.waiting + counts.sent;
  return {
    kind: 'Job',
    id: head.id,
    state: left + counts['in-doubt'] > 0 ? 'open' : 'finished',
    operation: head.operation,
    mode: head.mode,
    profile: head.profile,
    file: head.file,
    rows: rows ?? 0,
    done: counts.done,
    already: counts.already,
    refused: counts.refused,
    inDoubt: counts['in-doubt'],
    left,
    createdAt: head.at,
    updatedAt,
  };
}

/** A job after a run. @param stopped why the run ended early. */
export function jobView(item: JobItem, stopped: AppError | undefined, notes: readonly Words[] = []): ItemView<JobItem> {
  const failed = item.refused + item.inDoubt;
  const resume = typedCommand(item.profile, `jobs resume ${item.id}`);
  return {
    view: 'item',
    kind: 'Job',
    item,
    columns: JOB_COLUMNS,
    warnings: notes,
    hint: item.state === 'open' ? { zh: `继续：${resume}`, en: `Go on with: ${resume}` } : undefined,
    outcome: () => {
      if (stopped !== undefined) {
        const why = wordsOfError(stopped);
        const words = {
          zh: `剩余 ${item.left} 行：${why.zh}`,
          en: `${counted(item.left, 'row is', 'rows are')} left: ${why.en}`,
        };
        const goOn = { zh: `继续：${resume}`, en: `Go on with: ${resume}` };
        const hint = stopped.hint === undefined ? goOn : joinPairs([stopped.hint, goOn], BETWEEN_SENTENCES);
        return new AppError(stopped.code, words, { hint, platform: stopped.platform, cause: stopped });
      }
      if (failed === 0) return undefined;
      const parts = [
        ...(item.refused > 0 ? [{ zh: `${item.refused} 行被拒`, en: `${item.refused} refused` }] : []),
        ...(item.inDoubt > 0 ? [{ zh: `${item.inDoubt} 行存疑`, en: `${item.inDoubt} in doubt` }] : []),
      ];
      const { zh, en } = joinPairs(parts, { zh: '，', en: ' and ' });
      return new AppError(
        'some-failed',
        { zh: `${item.rows} 行中，${zh}`, en: `of ${counted(item.rows, 'row')}, ${en}` },
        {
          hint: {
            zh: `查看原因：privacy-call jobs show ${item.id} --rows refused,in-doubt${item.inDoubt > 0 ? `；再次查询：${resume}` : ''}`,
            en: `See why: privacy-call jobs show ${item.id} --rows refused,in-doubt${item.inDoubt > 0 ? `; ask again: ${resume}` : ''}`,
          },
        },
      );
    },
  };
}
