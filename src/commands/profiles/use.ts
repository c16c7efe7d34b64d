import { readConfigFile, writeConfigFile } from '../../config/config-file.js';
import { defineCommand, type NoOptions } from '../command.js';
import { PROFILE_COLUMNS, profileRow } from './profile-rows.js';

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose: 'Choose the profile that commands without -p work with.',
    examples: [{ says: 'work with the shop application from now on', line: 'privacy-call profiles use shop' }],
    output: 'Profile: name, inUse, mode, endpoint, signing, appKey, loggedIn',
    exits: ['auth', 'notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<name>', 'name of the profile');
  },
  async run(_options, context, name) {
    const row = await profileRow(context, name, {
      zh: `新建：privacy-call login ${name}`,
      en: `Make it with: privacy-call login ${name}`,
    });
    const file = readConfigFile(context.folders.config);
    if (!context.global.dryRun) await writeConfigFile(context.folders.config, { ...file, profile: name });
    return { view: 'item', kind: 'Profile', item: { ...row, inUse: true }, columns: PROFILE_COLUMNS.slice(1) };
  },
});
