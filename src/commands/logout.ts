import { readCredentials, writeCredentials } from '../config/credentials-file.js';
import { AppError } from '../errors.js';
import { defineCommand, type NoOptions } from './command.js';

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose: 'Forget the key and secret of a profile. Its settings and its data (journal, ledger, archive) stay.',
    examples: [{ says: 'on a machine that is given away', line: 'privacy-call logout shop' }],
    output: 'Profile: name',
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<name>', 'name of the profile');
  },
  async run(_options, context, name) {
    const known = await readCredentials(context.folders.config);
    if (!Object.hasOwn(known, name))
      throw new AppError('profile-not-found', {
        zh: `profile ${name} 没有凭证`,
        en: `the profile ${name} has no credentials`,
      });
    if (!context.global.dryRun) await writeCredentials(context.folders.config, name, undefined);
    return {
      view: 'item',
      kind: 'Profile',
      item: { name },
      columns: [{ field: 'name', title: { zh: '名称', en: 'Name' } }],
    };
  },
});
