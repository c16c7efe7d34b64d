import { readConfigFile, writeConfigFile } from '../../config/config-file.js';
import { settingOf } from '../../config/setting-catalogue.js';
import { wordsOfError } from '../../domain/text-error.js';
import { AppError } from '../../errors.js';
import { defineCommand } from '../command.js';
import { invalidFlag } from '../parse-flags.js';

interface SetOptions {
  readonly unset?: boolean;
  readonly forProfile?: string;
}

export const command = defineCommand<SetOptions, [string, string | undefined]>({
  help: {
    purpose: 'Keep a setting in the configuration file, for every profile or for one. Credentials are kept by "login".',
    examples: [
      { says: 'explanations in Chinese', line: 'privacy-call config set lang zh' },
      { says: 'back to the default', line: 'privacy-call config set lang --unset' },
    ],
    output: 'Setting: key, value',
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target
      .argument('<key>', 'name of the setting, see config list')
      .argument('[value]', 'its value')
      .option('--unset', 'forget the setting')
      .option('--for-profile <name>', 'for this profile only');
  },
  async run(options, context, key, value) {
    const setting = settingOf(key);
    if (setting === undefined)
      throw new AppError(
        'flag-invalid',
        { zh: `没有设置项 ${key}`, en: `there is no setting ${key}` },
        { hint: 'privacy-call config list' },
      );
    if (key === 'profile')
      throw new AppError('flag-invalid', {
        zh: '选择 profile：privacy-call profiles use <name>',
        en: 'the profile is chosen by: privacy-call profiles use <name>',
      });
    if ((value === undefined) !== (options.unset === true))
      throw new AppError('flag-missing', { zh: '请给出一个值，或 --unset', en: 'give either a value or --unset' });
    const text = value === undefined ? undefined : checked(setting.read, key, value);
    const file = readConfigFile(context.folders.config);
    const profile = options.forProfile;
    if (profile !== undefined && !Object.hasOwn(file.profiles, profile))
      throw new AppError('profile-not-found', { zh: `没有 profile ${profile}`, en: `there is no profile ${profile}` });
    const before = profile === undefined ? file.settings : (file.profiles[profile] ?? {});
    if (profile !== undefined && !setting.perProfile)
      throw new AppError('flag-invalid', {
        zh: `${key} 不能只为一个 profile 设置`,
        en: `${key} cannot be set for one profile`,
      });
    const { [key]: _old, ...rest } = before;
    const after = text === undefined ? rest : { ...rest, [key]: text };
    const changed =
      profile === undefined
        ? { ...file, settings: after }
        : { ...file, profiles: { ...file.profiles, [profile]: after } };
    if (!context.global.dryRun) await writeConfigFile(context.folders.config, changed);
    return {
      view: 'item',
      kind: 'Setting',
      item: { key, value: text ?? null },
      columns: [
        { field: 'key', title: { zh: '设置', en: 'Setting' }, cell: ({ key: name }: { key: string }) => name },
        { field: 'value', title: { zh: '值', en: 'Value' } },
      ],
    };
  },
});

function checked(read: (text: string) => string, key: string, value: string): string {
  try {
    return read(value);
  } catch (error) {
    throw invalidFlag(key, value, wordsOfError(error));
  }
}
