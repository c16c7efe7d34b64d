import { AppError } from '../errors.js';
import { readCredentialText } from './credential-text.js';
import { type Credentials, readCredentials } from './credentials-file.js';

/**
 * The credentials to sign with, whole from one layer: both environment variables, else the profile's.
 * @throws AppError `credentials-missing` with what to type; `config-invalid` when only one of the variables is set, or one has blanks inside.
 */
export async function findCredentials(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  profile: string | undefined,
): Promise<Credentials> {
  // An empty variable is how scripts and CI unset one.
  const { PRIVACY_CALL_APP_KEY: appKey = '', PRIVACY_CALL_APP_SECRET: appSecret = '' } = env;
  if (appKey !== '' && appSecret !== '')
    return {
      appKey: readVariable('PRIVACY_CALL_APP_KEY', appKey),
      appSecret: readVariable('PRIVACY_CALL_APP_SECRET', appSecret),
    };
  if (appKey !== '' || appSecret !== '') {
    throw new AppError('config-invalid', {
      zh: 'PRIVACY_CALL_APP_KEY 和 PRIVACY_CALL_APP_SECRET 必须同时设置',
      en: 'PRIVACY_CALL_APP_KEY and PRIVACY_CALL_APP_SECRET must be set together',
    });
  }
  const found = profile === undefined ? undefined : (await readCredentials(folder))[profile];
  if (found !== undefined) return found;
  throw new AppError(
    'credentials-missing',
    profile === undefined
      ? { zh: '没有选择 profile，也没有设置凭证', en: 'no profile is chosen and no credentials are set' }
      : { zh: `profile ${profile} 没有凭证`, en: `the profile ${profile} has no credentials` },
    {
      hint: {
        zh: `登录：privacy-call login${profile === undefined ? '' : ` ${profile}`}。没有账号也可试用：privacy-call -p sandbox …`,
        en: `Log in with: privacy-call login${profile === undefined ? '' : ` ${profile}`}. To try the tool without an account: privacy-call -p sandbox …`,
      },
    },
  );
}

function readVariable(name: string, text: string): string {
  const value = readCredentialText(text);
  if (value !== undefined) return value;
  throw new AppError('config-invalid', {
    zh: `${name} 中只有空格，或其中有空格或换行`,
    en: `${name} is blank or has blanks or line breaks inside`,
  });
}
