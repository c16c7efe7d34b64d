import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile, writeConfigFile } from '../../../src/config/config-file.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

async function folderWith(content: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'config.json'), content);
  return folder;
}

describe('readConfigFile', () => {
  it('is empty where there is no file', async () => {
    expect(readConfigFile(await temporaryFolder())).toEqual({ settings: {}, profiles: {} });
  });

  it('reads settings, profiles and the chosen profile', async () => {
    const content = { settings: { lang: 'zh' }, profiles: { shop: { mode: 'AXB' } }, profile: 'shop' };
    expect(readConfigFile(await folderWith(JSON.stringify(content)))).toEqual({
      settings: { lang: 'zh' },
      profiles: { shop: { mode: 'axb' } },
      profile: 'shop',
    });
  });

  it.each([
    ['ends too early', '{"settings":', /config\.json:1:13: the file ends where a value is expected$/],
    ['is empty', '', /config\.json:1:1: the file ends where a value is expected$/],
    [
      'lacks a comma',
      '{\n  "lang": "zh"\r\n   "tz": "UTC"}',
      /config\.json:3:4: "\\"" stands where a comma or } is expected$/,
    ],
    [
      'has a comma too many',
      '{"settings":{},}',
      /config\.json:1:16: "}" stands where a name in double quotes is expected$/,
    ],
    ['has a word that is none', '{"profile":secret}', /config\.json:1:12: "s" stands where a value is expected$/],
    ['is no object', '[]', /: the file must be an object$/],
    ['has an unknown key', '{"settings":{"color":"red"}}', /: settings\.color is not a setting$/],
    ['has a value of another type', '{"settings":{"retries":3}}', /: settings\.retries must be a text$/],
    ['has a bad value', '{"settings":{"tz":"Mars"}}', /: settings\.tz must be a time zone/],
    ['has a bad value in a profile', '{"profiles":{"shop":{"mode":"xx"}}}', /: profiles\.shop\.mode must be ax/],
    ['has a profile that is no object', '{"profiles":{"shop":1}}', /: profiles\.shop must be an object$/],
    ['chooses no name', '{"profile":1}', /: profile must be the name of a profile$/],
    ['carries a secret', '{"profiles":{"shop":{"appSecret":"s"}}}', /: profiles\.shop\.appSecret is not a setting$/],
  ])('names file and key where it %s', async (_, content, message) => {
    const folder = await folderWith(content);
    expect(() => readConfigFile(folder)).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringMatching(message) as string }),
    );
    expect(() => readConfigFile(folder)).toThrow(join(folder, 'config.json'));
  });

  it('says what to do', async () => {
    for (const content of ['{', '{"settings":{"color":"red"}}']) {
      const folder = await folderWith(content);
      expect(() => readConfigFile(folder)).toThrow(
        expect.objectContaining({
          hint: {
            zh: '请在编辑器中改正，或移走该文件：没有它时使用默认值。其中没有 APP_Key 和 APP_Secret。',
            en: 'Correct it in an editor, or move the file away: without it the defaults count. Keys and secrets are not in it.',
          },
        }),
      );
    }
  });

  it("reads what PowerShell's > writes", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'config.json'), Buffer.from('\uFEFF{"settings":{"lang":"zh"}}\r\n', 'utf16le'));
    expect(readConfigFile(folder).settings).toEqual({ lang: 'zh' });
  });

  it('says so where it cannot be read', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'config.json'));
    expect(() => readConfigFile(folder)).toThrow(expect.objectContaining({ code: 'storage-failed' }));
  });
});

describe('writeConfigFile', () => {
  it('replaces the file, for its owner alone, and leaves nothing else', async () => {
    const folder = await folderWith('{}');
    await chmod(join(folder, 'config.json'), 0o644);
    await writeConfigFile(folder, { settings: { tz: 'UTC' }, profiles: {}, profile: 'shop' });
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual({
      settings: { tz: 'UTC' },
      profiles: {},
      profile: 'shop',
    });
    expect((await stat(join(folder, 'config.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it('says which file it could not write', async () => {
    const folder = join(await folderWith('{}'), 'config.json');
    await expect(writeConfigFile(folder, { settings: {}, profiles: {} })).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining(`cannot write ${join(folder, 'config.json')}`) as string,
    });
  });
});
