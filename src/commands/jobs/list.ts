import { countFooter, NOUNS } from '../../domain/counted.js';
import { openJobs } from '../bulk/open-jobs.js';
import { JOB_COLUMNS, JOB_FIELDS, jobItem } from '../bulk/job-view.js';
import { defineCommand } from '../command.js';

interface ListFlags {
  readonly open?: boolean;
}

export const command = defineCommand<ListFlags>({
  help: {
    purpose:
      'List the bulk jobs of this user, the newest first. An open job has rows left, or rows of which nobody knows the outcome.',
    examples: [{ says: 'what was not finished', line: 'privacy-call -p sandbox jobs list --open' }],
    output: JOB_FIELDS,
    exits: ['empty', 'storage'],
  },
  define: (target) => {
    target.option('--open', 'only jobs that are not finished');
  },
  async run(options, context) {
    const jobs = await openJobs(context);
    const items = async function* () {
      for await (const job of jobs.list()) {
        const item = jobItem(job);
        if (options.open !== true || item.state === 'open') yield item;
      }
    };
    return {
      view: 'list',
      kind: 'JobList',
      items: items(),
      columns: JOB_COLUMNS,
      footer: countFooter(NOUNS.job),
    };
  },
});
