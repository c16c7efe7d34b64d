import { defineCommand, type NoOptions } from '../command.js';
import { PROFILE_COLUMNS, profileRow } from './profile-rows.js';

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
    const item = await profileRow(context, name);
    return { view: 'item', kind: 'Profile', item, columns: PROFILE_COLUMNS.slice(1) };
  },
});
