import { defineCommand } from '../command.js';
import { PROFILE_COLUMNS, profileRows } from './profile-rows.js';

export const command = defineCommand({
  help: {
    purpose: 'List the applications that this tool knows. The sandbox is always there.',
    examples: [{ says: 'all of them', line: 'privacy-call profiles list' }],
    output: 'Profile: name, inUse, mode, endpoint, signing, appKey, loggedIn',
    exits: ['auth', 'storage'],
  },
  async run(_options, context) {
    return { view: 'list', kind: 'ProfileList', items: await profileRows(context), columns: PROFILE_COLUMNS };
  },
});
