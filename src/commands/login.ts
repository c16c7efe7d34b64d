import { readConfigFile, writeConfigFile } from '../config/config-file.js';
import { readCredentialText } from '../config/credential-text.js';
import { writeCredentials } from '../config/credentials-file.js';
import { SANDBOX_PROFILE } from '../config/resolve-settings.js';
import { settingOf } from '../config/setting-catalogue.js';
import { MODES } from '../domain/mode.js';
import { decodeText } from '../domain/text-encoding.js';
import { wordsOfError } from '../domain/text-error.js';
import { sameText } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';
import { invalidFlag } from './parse-flags.js';
import { readInputText, readStdin } from './read-input.js';

interface LoginOptions {
  readonly appKey?: string;
  readonly appSecretFile?: string;
  readonly secretStdin?: boolean;
  readonly mode?: string;
  readonly endpoint?: string;
  readonly signing?: string;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

export const command = defineCommand<LoginOptions, [string | undefined]>({
  help: {
    purpose:
      'Keep the APP_Key and APP_Secret of one application under a name, with its mode and access address. One application has one mode: make one profile for each. The secret is asked for, or read from a file, stdin or PRIVACY_CALL_APP_SECRET; it is never a flag. It is kept in credentials.json (0600). The first profile becomes the one in use.\n' +
      'Nothing is sent: "doctor" checks the credentials.',
    examples: [
      {
        says: 'from a script, the secret in a file of its own',
        line: 'privacy-call login shop --app-key a1d1f50cad21415fbdd13d8f53d36d60 --app-secret-file secret.txt --mode axb',
      },
    ],
    output: 'Profile: name, mode, endpoint, signing, appKey',
    exits: ['storage'],
  },
  define: (target) => {
    target
      .argument('[name]', 'name of the profile', 'default')
      .option('--app-key <key>', 'APP_Key of the application')
      .option('--app-secret-file <file>', 'file that holds the APP_Secret and nothing else')
      .option('--secret-stdin', 'read the APP_Secret from stdin')
      .option('--mode <mode>', `mode of the application: ${MODES.join(', ')}`)
      .option('--endpoint <address>', 'access address (APP接入地址), as the console shows it')
      .option('--signing <kind>', 'aksk, or wsse for old applications');
  },
  async run(options, context, name = 'default') {
    if (!NAME.test(name))
      throw new AppError('flag-invalid', {
        zh: `${name}：profile 的名称由字母、数字、点和连字符组成`,
        en: `${name}: a profile's name has letters, digits, dots, dashes`,
      });
    if (name === SANDBOX_PROFILE)
      throw new AppError('flag-invalid', {
        zh: 'profile sandbox 是内置的，无需登录',
        en: 'the profile sandbox is built in and needs no login',
      });
    const settings = { mode: options.mode, endpoint: options.endpoint, signing: options.signing };
    const values = Object.fromEntries(
      Object.entries(settings)
        .filter((entry): entry is [string, string] => entry[1] !== undefined)
        .map(([key, text]) => [key, checked(key, text)]),
    );
    const appKey = checkedCredential('APP_Key', await readKey(options, context));
    const appSecret = checkedCredential('APP_Secret', await readSecret(options, context));
    const file = readConfigFile(context.folders.config);
    if (!context.global.dryRun) {
      await writeCredentials(context.folders.config, name, { appKey, appSecret });
      await writeConfigFile(context.folders.config, {
        ...file,
        profile: file.profile ?? name,
        profiles: { ...file.profiles, [name]: { ...file.profiles[name], ...values } },
      });
    }
    const item = { name, ...file.profiles[name], ...values, appKey };
    return {
      view: 'item',
      kind: 'Profile',
      item,
      columns: [
        { field: 'name', title: { zh: '名称', en: 'Name' } },
        { field: 'mode', title: { zh: '模式', en: 'Mode' } },
        { field: 'endpoint', title: { zh: '接入地址', en: 'Endpoint' } },
        { field: 'signing', title: { zh: '签名', en: 'Signing' } },
        { field: 'appKey', title: { zh: 'APP_Key', en: 'APP_Key' } },
      ],
      warnings:
        options.mode === undefined && file.profiles[name]?.mode === undefined
          ? [
              {
                zh: '该 profile 没有模式：命令会要求给出 --mode',
                en: 'the profile has no mode: commands will ask for --mode',
              },
            ]
          : [],
      hint: { zh: `检查：privacy-call -p ${name} doctor`, en: `Check it with: privacy-call -p ${name} doctor` },
    };
  },
});

function checked(key: string, text: string): string {
  try {
    return settingOf(key)?.read(text) ?? text;
  } catch (error) {
    throw invalidFlag(`--${key}`, text, wordsOfError(error));
  }
}

function checkedCredential(what: 'APP_Key' | 'APP_Secret', text: string): string {
  const value = readCredentialText(text);
  if (value !== undefined) return value;
  throw new AppError('input-invalid', {
    zh: `${what} 为空，或其中有空格或换行`,
    en: `the ${what} is empty or has blanks or line breaks inside`,
  });
}

async function readKey({ appKey }: LoginOptions, context: CommandContext): Promise<string> {
  return appKey ?? filled(context.env.PRIVACY_CALL_APP_KEY) ?? askFor(context, 'APP_Key', 'text');
}

async function readSecret({ appSecretFile, secretStdin }: LoginOptions, context: CommandContext): Promise<string> {
  if (appSecretFile !== undefined) return readInputText('--app-secret-file', appSecretFile, context);
  if (secretStdin === true) return decodeText(await readStdin(context));
  return filled(context.env.PRIVACY_CALL_APP_SECRET) ?? askFor(context, 'APP_Secret', 'secret');
}

/** An empty variable is how scripts and CI unset one. */
function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

async function askFor(
  context: CommandContext,
  what: 'APP_Key' | 'APP_Secret',
  type: 'text' | 'secret',
): Promise<string> {
  if (context.interactive)
    return context.prompt({
      type,
      message: what,
      validate: (text) => {
        if (text.trim() === '') return { zh: '需要一个值', en: 'a value is needed' }[context.lang];
        if (readCredentialText(text) !== undefined) return undefined;
        return { zh: '其中不能有空格或换行', en: 'there must be no blanks or line breaks inside' }[context.lang];
      },
    });
  const flag =
    what === 'APP_Key'
      ? sameText('--app-key')
      : { zh: '--app-secret-file 或 --secret-stdin', en: '--app-secret-file or --secret-stdin' };
  const variable = what === 'APP_Key' ? 'PRIVACY_CALL_APP_KEY' : 'PRIVACY_CALL_APP_SECRET';
  throw new AppError('flag-missing', {
    zh: `缺少 ${what}：请给出 ${flag.zh}，或设置 ${variable}`,
    en: `the ${what} is missing: give ${flag.en}, or set ${variable}`,
  });
}
