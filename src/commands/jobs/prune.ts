import { counted, countFooter, NOUNS } from '../../domain/counted.js';
import { AppError } from '../../errors.js';
import type { Jobs } from '../../store/jobs.js';
import { JOB_COLUMNS, JOB_FIELDS, type JobItem, jobItem } from '../bulk/job-view.js';
import { openJobs } from '../bulk/open-jobs.js';
import { defineCommand } from '../command.js';
import { NOTHING_REMOVED } from '../dry-run-words.js';
import { parseSeconds } from '../parse-flags.js';

interface PruneFlags {
  readonly olderThan?: string;
}

export const command = defineCommand<PruneFlags>({
  help: {
    purpose:
      'Remove bulk jobs that have ended, with the copies of their input: they hold phone numbers. Jobs with rows that are left or in doubt stay. The ledger keeps what they did. Asks first.',
    examples: [
      { says: 'what would go', line: 'privacy-call -p sandbox jobs prune --older-than 30d --dry-run' },
      { says: 'every night', line: 'privacy-call -p sandbox jobs prune --older-than 30d --yes' },
    ],
    output: JOB_FIELDS,
    exits: ['storage'],
  },
  define: (target) => {
    target.option('--older-than <time>', 'jobs whose last change is older than this: 30d');
  },
  async run(options, context) {
    if (options.olderThan === undefined)
      throw new AppError('flag-missing', { zh: '请给出 --older-than，如 30d', en: 'give --older-than, such as 30d' });
    const before = context.now().getTime() - parseSeconds('--older-than', options.olderThan) * 1000;
    const jobs = await openJobs(context);
    const old: JobItem[] = [];
    for await (const job of jobs.list()) {
      const item = jobItem(job);
      if (item.state === 'finished' && item.updatedAt.getTime() < before) old.push(item);
    }
    const { dryRun } = context.global;
    if (old.length > 0 && !dryRun)
      await context.confirm({
        zh: `将删除 ${old.length} 个批量任务及其输入副本`,
        en: `this removes ${counted(old.length, 'job')} with the copies of their input`,
      });
    return {
      view: 'list',
      kind: 'JobList',
      items: dryRun ? old : removed(jobs, old),
      columns: JOB_COLUMNS,
      warnings: dryRun ? [NOTHING_REMOVED] : [],
      footer: countFooter(NOUNS.job),
    };
  },
});

async function* removed(jobs: Jobs, old: readonly JobItem[]): AsyncGenerator<JobItem> {
  for (const item of old) if (await jobs.remove(item.id)) yield item;
}
