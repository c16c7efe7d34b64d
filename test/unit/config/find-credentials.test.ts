import { describe, expect, it } from 'vitest';
import { writeCredentials } from '../../../src/config/credentials-file.js';
import { findCredentials } from '../../../src/config/find-credentials.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const FROM_FILE = { appKey: 'file-key', appSecret: 'file-secret' };
const FROM_ENV = { PRIVACY_CALL_APP_KEY: 'env-key', PRIVACY_CALL_APP_SECRET: 'env-secret' };

async function folderWithShop(): Promise<string> {
  const folder = await temporaryFolder();
  await writeCredentials(folder, 'shop', FROM_FILE);
  return folder;
}

describe('findCredentials', () => {
  it('takes both from the environment before the file', async () => {
    const folder = await folderWithShop();
    expect(await findCredentials(FROM_ENV, folder, 'shop')).toEqual({ appKey: 'env-key', appSecret: 'env-secret' });
    expect(await findCredentials({}, folder, 'shop')).toEqual(FROM_FILE);
  });

  it.each([
    { PRIVACY_CALL_APP_KEY: 'env-key' },
    { PRIVACY_CALL_APP_SECRET: 'env-secret' },
    { ...FROM_ENV, PRIVACY_CALL_APP_KEY: '' },
  ])('never mixes the two: %j', async (env) => {
    await expect(findCredentials(env, await folderWithShop(), 'shop')).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'PRIVACY_CALL_APP_KEY and PRIVACY_CALL_APP_SECRET must be set together',
    });
  });

  it('leaves out the line end of a file in a variable, and refuses blanks inside', async () => {
    const folder = await folderWithShop();
    const env = { PRIVACY_CALL_APP_KEY: 'env-key ', PRIVACY_CALL_APP_SECRET: 'env-secret\r' };
    expect(await findCredentials(env, folder, 'shop')).toEqual({ appKey: 'env-key', appSecret: 'env-secret' });
    for (const [name, value] of [
      ['PRIVACY_CALL_APP_KEY', 'env key'],
      ['PRIVACY_CALL_APP_SECRET', ' '],
    ] as const) {
      await expect(findCredentials({ ...FROM_ENV, [name]: value }, folder, 'shop')).rejects.toMatchObject({
        code: 'config-invalid',
        message: `${name} is blank or has blanks or line breaks inside`,
      });
    }
  });

  it('does not look at empty variables', async () => {
    const env = { PRIVACY_CALL_APP_KEY: '', PRIVACY_CALL_APP_SECRET: '' };
    expect(await findCredentials(env, await folderWithShop(), 'shop')).toEqual(FROM_FILE);
  });

  it('says how to log in, and how to try the sandbox', async () => {
    const folder = await folderWithShop();
    await expect(findCredentials({}, folder, undefined)).rejects.toMatchObject({
      code: 'credentials-missing',
      hint: {
        en: 'Log in with: privacy-call login. To try the tool without an account: privacy-call -p sandbox …',
      },
    });
    await expect(findCredentials({}, folder, 'cars')).rejects.toMatchObject({
      code: 'credentials-missing',
      message: 'the profile cars has no credentials',
      hint: { en: expect.stringContaining('privacy-call login cars') as string },
    });
  });
});
