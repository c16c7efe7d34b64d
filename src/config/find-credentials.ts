import { AppError } from '../errors.js';
import { type Credentials, readCredentials } from './credentials-file.js';

/**
 * The credentials to sign with, whole from one layer: both environment variables, else the profile's.
 * @throws AppError `credentials-missing` with what to type; `config-invalid` when only one of the variables is set.
 */
export async function findCredentials(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  profile: string | undefined,
): Promise<Credentials> {
  // An empty variable is how scripts and CI unset one.
  const { PRIVACY_CALL_APP_KEY: appKey = '', PRIVACY_CALL_APP_SECRET: appSecret = '' } = env;
  if (appKey !== '' && appSecret !== '') return { appKey, appSecret };
  if (appKey !== '' || appSecret !== '') {
    throw new AppError('config-invalid', 'PRIVACY_CALL_APP_KEY and PRIVACY_CALL_APP_SECRET must be set together');
  }
  const found = profile === undefined ? undefined : (await readCredentials(folder))[profile];
  if (found !== undefined) return found;
  throw new AppError(
    'credentials-missing',
    profile === undefined
      ? 'no profile is chosen and no credentials are set'
      : `the profile ${profile} has no credentials`,
    {
      hint: `Log in with: privacy-call login${profile === undefined ? '' : ` ${profile}`}. To try the tool without an account: privacy-call -p sandbox …`,
    },
  );
}
