import { join } from 'node:path';
import { asWarning } from '../../domain/text-pair.js';
import { describeLeftOut } from '../../store/file/describe-left-out.js';
import type { Jobs } from '../../store/jobs.js';
import type { CommandContext } from '../command-context.js';

/** The bulk jobs of this user, in the state folder. */
export async function openJobs(context: Pick<CommandContext, 'folders' | 'now' | 'pid' | 'note'>): Promise<Jobs> {
  const { openFileJobs } = await import('../../store/file/open-jobs.js');
  return openFileJobs({
    folder: join(context.folders.state, 'jobs'),
    now: () => context.now(),
    pid: context.pid,
    onDamage: (damage) => void context.note(asWarning(describeLeftOut(damage))).catch(() => undefined),
  });
}
