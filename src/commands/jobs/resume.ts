import { AppError } from '../../errors.js';
import { addRunFlags, readRunFlags, type RunFlags } from '../bulk/bulk-flags.js';
import { checkOutputs } from '../bulk/check-outputs.js';
import { openJobRows } from '../bulk/job-rows.js';
import { JOB_FIELDS } from '../bulk/job-view.js';
import { openJobs } from '../bulk/open-jobs.js';
import { runJob } from '../bulk/run-job.js';
import { NO_PROFILE, typedCommand } from '../typed-command.js';
import { defineCommand } from '../command.js';

export const command = defineCommand<RunFlags, [string]>({
  help: {
    purpose:
      'Go on with a bulk job that was stopped, killed or failed in part. Rows that are over are not touched. A row whose request left before the end is asked for first, and sent again only when the platform does not have it; where the platform cannot be asked, the row stays in doubt.',
    examples: [
      {
        says: 'after a stop, with the results in a file',
        line: 'privacy-call -p sandbox jobs resume "$JOB" --out resumed.csv',
      },
    ],
    output: JOB_FIELDS,
    exits: ['partial', 'auth', 'notFound', 'conflict', 'busy', 'network', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.argument('<id>', 'job');
    addRunFlags(target);
  },
  async run(options, context, id) {
    const settings = readRunFlags(options);
    const job = await (await openJobs(context)).resume(id);
    context.defer(() => job.close());
    const { profile } = job.head;
    if (profile !== (context.profile ?? NO_PROFILE)) {
      throw new AppError(
        'flag-invalid',
        { zh: `${id} 是 profile ${profile} 的批量任务`, en: `${id} is a job of the profile ${profile}` },
        {
          hint: typedCommand(profile, `jobs resume ${id}`),
        },
      );
    }
    const { out, rejects } = settings;
    await checkOutputs({ file: job.head.file, out, rejects }, { cwd: context.cwd });
    return runJob(context, job, { rows: await openJobRows(job.head, () => job.input()), settings });
  },
});
