import { AppError } from '../../errors.js';
import { defineCommand, type NoOptions } from '../command.js';
import { PROFILE_COLUMNS, profileRows } from './profile-rows.js';

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose: 'Show one profile. The secret is never shown.',
    examples: [{ says: 'by name', line: 'privacy-call profiles show shop' }],
    output: 'Profile: name, inUse, mode, endpoint, signing, appKey, loggedIn',
    exits: ['auth', 'notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<name>', 'name of the profile');
  },
  async run(_options, context, name) {
    const row = (await profileRows(context)).find((one) => one.name === name);
    if (row === undefined)
      throw new AppError('profile-not-found', `there is no profile ${name}`, { hint: 'privacy-call profiles list' });
    return { view: 'item', kind: 'Profile', item: row, columns: PROFILE_COLUMNS.slice(1) };
  },
});
