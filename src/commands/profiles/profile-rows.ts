import { type ConfigFile, readConfigFile } from '../../config/config-file.js';
import { readCredentials } from '../../config/credentials-file.js';
import { SANDBOX_PROFILE } from '../../config/resolve-settings.js';
import type { Words } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import type { CommandContext } from '../command-context.js';

/** One profile as lists show it. The secret is never in it. */
export interface ProfileRow {
  readonly kind: 'Profile';
  readonly name: string;
  readonly inUse: boolean;
  readonly mode?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly signing?: string | undefined;
  readonly appKey?: string | undefined;
  readonly loggedIn: boolean;
}

export const PROFILE_COLUMNS: readonly Column<ProfileRow>[] = [
  { field: 'inUse', title: { zh: '', en: '' }, cell: ({ inUse }) => (inUse ? '*' : undefined) },
  { field: 'name', title: { zh: '名称', en: 'Name' } },
  { field: 'mode', title: { zh: '模式', en: 'Mode' } },
  { field: 'endpoint', title: { zh: '接入地址', en: 'Endpoint' } },
  { field: 'signing', title: { zh: '签名', en: 'Signing' } },
  { field: 'appKey', title: { zh: 'APP_Key', en: 'APP_Key' } },
  { field: 'loggedIn', title: { zh: '有密钥', en: 'Logged in' } },
];

/**
 * The profile called `name`.
 * @param hint what to type where there is none.
 * @throws AppError `profile-not-found`.
 */
export async function profileRow(
  context: CommandContext,
  name: string,
  hint: Words = 'privacy-call profiles list',
): Promise<ProfileRow> {
  const row = (await profileRows(context)).find((one) => one.name === name);
  if (row !== undefined) return row;
  throw new AppError('profile-not-found', { zh: `没有 profile ${name}`, en: `there is no profile ${name}` }, { hint });
}

/** Every profile, the built-in sandbox last. */
export async function profileRows(context: CommandContext): Promise<ProfileRow[]> {
  const file: ConfigFile = readConfigFile(context.folders.config);
  const credentials = await readCredentials(context.folders.config);
  const names = [...new Set([...Object.keys(file.profiles), ...Object.keys(credentials)])].sort();
  const rows = names.map((name): ProfileRow => {
    const { mode, endpoint, signing } = file.profiles[name] ?? {};
    const appKey = credentials[name]?.appKey;
    return {
      kind: 'Profile',
      name,
      inUse: name === context.profile,
      mode,
      endpoint,
      signing,
      appKey,
      loggedIn: appKey !== undefined,
    };
  });
  return [
    ...rows,
    { kind: 'Profile', name: SANDBOX_PROFILE, inUse: context.profile === SANDBOX_PROFILE, loggedIn: true },
  ];
}
