import { readConfigFile, writeConfigFile } from '../../config/config-file.js';
import { writeCredentials } from '../../config/credentials-file.js';
import { SANDBOX_PROFILE } from '../../config/resolve-settings.js';
import { AppError } from '../../errors.js';
import { defineCommand, type NoOptions } from '../command.js';
import { profileRow } from './profile-rows.js';

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose: 'Forget a profile: its settings and its credentials. Its data (journal, ledger, archive) stay on disk.',
    examples: [{ says: 'without asking', line: 'privacy-call profiles remove shop --yes' }],
    output: 'Profile: name',
    exits: ['auth', 'notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<name>', 'name of the profile');
  },
  async run(_options, context, name) {
    await profileRow(context, name);
    if (name === SANDBOX_PROFILE)
      throw new AppError(
        'flag-invalid',
        { zh: 'profile sandbox 是内置的', en: 'the profile sandbox is built in' },
        { hint: 'privacy-call sandbox reset' },
      );
    if (!context.global.dryRun) {
      await context.confirm({
        zh: `将删除 ${name} 的 APP_Key 和 APP_Secret`,
        en: `this forgets the key and secret of ${name}`,
      });
      const file = readConfigFile(context.folders.config);
      const { [name]: _removed, ...profiles } = file.profiles;
      await writeCredentials(context.folders.config, name, undefined);
      await writeConfigFile(context.folders.config, {
        ...file,
        profiles,
        profile: file.profile === name ? undefined : file.profile,
      });
    }
    return {
      view: 'item',
      kind: 'Profile',
      item: { name },
      columns: [{ field: 'name', title: { zh: '名称', en: 'Name' } }],
    };
  },
});
