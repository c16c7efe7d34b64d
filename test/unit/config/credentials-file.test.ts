import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCredentials, writeCredentials } from '../../../src/config/credentials-file.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const SHOP = { appKey: 'shop-key', appSecret: 'shop-secret' };
const CARS = { appKey: 'cars-key', appSecret: 'cars-secret' };

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe('credentials file', () => {
  it('keeps the credentials of each profile by themselves', async () => {
    const folder = join(await temporaryFolder(), 'privacy-call');
    expect(await readCredentials(folder)).toEqual({});
    await writeCredentials(folder, 'shop', SHOP);
    await writeCredentials(folder, 'cars', CARS);
    expect(await readCredentials(folder)).toEqual({ shop: SHOP, cars: CARS });
    await writeCredentials(folder, 'shop', undefined);
    expect(await readCredentials(folder)).toEqual({ cars: CARS });
  });

  it('is 0600 in a 0700 folder whatever the umask', async () => {
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const folder = join(await temporaryFolder(), 'privacy-call');
    await writeCredentials(folder, 'shop', SHOP);
    expect(await modeOf(join(folder, 'credentials.json'))).toBe('600');
    expect(await modeOf(folder)).toBe('700');
  });

  it.each([0o644, 0o640, 0o604, 0o660])('is refused at mode %o', async (mode) => {
    const folder = await temporaryFolder();
    await writeCredentials(folder, 'shop', SHOP);
    const path = join(folder, 'credentials.json');
    await chmod(path, mode);
    await expect(readCredentials(folder)).rejects.toMatchObject({
      code: 'credentials-insecure',
      message: `${path} can be read by others`,
      hint: `chmod 600 ${path}`,
    });
  });

  it.each([0o770, 0o707, 0o777])('is refused in a folder of mode %o that others can write', async (mode) => {
    const folder = await temporaryFolder();
    await writeCredentials(folder, 'shop', SHOP);
    await chmod(folder, mode);
    await expect(readCredentials(folder)).rejects.toMatchObject({
      code: 'credentials-insecure',
      message: `${folder} can be written by others`,
    });
  });

  it('writes no secret into a folder that others can write', async () => {
    const folder = join(await temporaryFolder(), 'open');
    await mkdir(folder);
    await chmod(folder, 0o777);
    await expect(writeCredentials(folder, 'shop', SHOP)).rejects.toMatchObject({ code: 'credentials-insecure' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['{"shop":', '{"shop":"shop-secret"}', '{"shop":{"appKey":"shop-secret"}}', '[null]'])(
    'does not quote a damaged file: %s',
    async (content) => {
      const folder = await temporaryFolder();
      const path = join(folder, 'credentials.json');
      await writeFile(path, content, { mode: 0o600 });
      const failure = await readCredentials(folder).catch((error: unknown) => error as Error);
      expect(failure).toMatchObject({ code: 'config-invalid', message: `${path} is damaged` });
      expect(inspect(failure)).not.toContain('shop-secret');
    },
  );

  it('keeps the old file when it cannot be replaced', async () => {
    const folder = await temporaryFolder();
    await writeCredentials(folder, 'shop', SHOP);
    const before = await readFile(join(folder, 'credentials.json'), 'utf8');
    await chmod(join(folder, 'credentials.json'), 0o644);
    await expect(writeCredentials(folder, 'cars', CARS)).rejects.toMatchObject({ code: 'credentials-insecure' });
    expect(await readFile(join(folder, 'credentials.json'), 'utf8')).toBe(before);
  });
});
