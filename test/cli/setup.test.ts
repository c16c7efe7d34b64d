import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const KEY = 'a1d1f50cad21415fbdd13d8f53d36d60';
const SECRET = 'login-secret';
const CREDENTIALS = '.config/privacy-call/credentials.json';

function login(world: World, ...more: readonly string[]) {
  return world.run(['login', 'shop', '--app-key', KEY, '--secret-stdin', ...more], { stdin: `${SECRET}\n` });
}

describe('login', () => {
  it('keeps key and secret, for the owner alone, and uses the first profile', async () => {
    const world = await openWorld();
    const done = await login(world, '--mode', 'AXB', '--endpoint', 'https://example.com:443/', '--json');
    expect(done.json).toEqual({
      kind: 'Profile',
      item: { name: 'shop', mode: 'axb', endpoint: 'https://example.com:443', appKey: KEY },
    });
    expect(done.stdout + done.stderr).not.toContain(SECRET);
    expect(JSON.parse(await world.read(CREDENTIALS))).toEqual({ shop: { appKey: KEY, appSecret: SECRET } });
    expect((await stat(world.path(CREDENTIALS))).mode & 0o777).toBe(0o600);
    expect(await world.read('.config/privacy-call/config.json')).not.toContain(SECRET);
    expect((await world.cli('profiles', 'list', '--query', 'items[?inUse].name')).stdout).toBe('shop\n');
  });

  it('takes the secret from a file, the environment, or asks for it unseen', async () => {
    const world = await openWorld();
    await world.write('secret.txt', '\ufefffile-secret\r\n');
    await world.cli('login', 'one', '--app-key', KEY, '--app-secret-file', 'secret.txt');
    await world.run(['login', 'two', '--app-key', KEY], { env: { PRIVACY_CALL_APP_SECRET: 'env-secret' } });
    const asked = await world.run(['login', 'three'], {
      terminal: true,
      answers: [
        { asks: 'APP_Key', answer: KEY },
        { asks: 'APP_Secret', answer: 'typed-secret' },
      ],
    });
    expect(asked.questions.map(({ type }) => type)).toEqual(['text', 'secret']);
    expect(JSON.parse(await world.read(CREDENTIALS))).toEqual({
      one: { appKey: KEY, appSecret: 'file-secret' },
      two: { appKey: KEY, appSecret: 'env-secret' },
      three: { appKey: KEY, appSecret: 'typed-secret' },
    });
  });

  it('keeps nothing with --dry-run', async () => {
    const world = await openWorld();
    expect((await login(world, '--dry-run')).code).toBe(0);
    expect(await world.files()).toEqual([]);
  });

  it.each([
    [['login', 'sandbox', '--app-key', KEY, '--secret-stdin'], 'flag-invalid'],
    [['login', '../shop', '--app-key', KEY, '--secret-stdin'], 'flag-invalid'],
    [['login', 'shop', '--app-key', KEY, '--secret-stdin', '--mode', 'xx'], 'flag-invalid'],
    [['login', 'shop', '--secret-stdin'], 'flag-missing'],
    [['login', 'shop', '--app-key', KEY], 'flag-missing'],
    [['login', 'shop', '--app-key', KEY, '--app-secret-file', 'none.txt'], 'input-unreadable'],
  ])('refuses %j', async (argv, code) => {
    const world = await openWorld();
    const refused = await world.run([...argv, '--json'], { stdin: SECRET });
    expect(refused.error).toMatchObject({ code, exitCode: 2 });
    expect(await world.files()).toEqual([]);
  });

  it.each(['', ' \n', 'two words'])('refuses the secret %j without showing it', async (secret) => {
    const world = await openWorld();
    const refused = await world.run(['login', 'shop', '--app-key', KEY, '--secret-stdin', '--json'], { stdin: secret });
    expect(refused.error).toMatchObject({
      code: 'input-invalid',
      message: 'the APP_Secret is empty or has blanks or line breaks inside',
    });
  });

  it.each([' \n', 'two words', 'a\tb'])('refuses the key %j', async (key) => {
    const world = await openWorld();
    const refused = await world.run(['login', 'shop', '--app-key', key, '--secret-stdin', '--json'], { stdin: SECRET });
    expect(refused.error).toMatchObject({
      code: 'input-invalid',
      message: 'the APP_Key is empty or has blanks or line breaks inside',
    });
    expect(await world.files()).toEqual([]);
  });

  it('leaves out what stands around a pasted key, and asks where a variable is empty', async () => {
    const world = await openWorld();
    await login(world, '--app-key', ` ${KEY}\t`);
    await world.run(['login', 'asked'], {
      terminal: true,
      env: { PRIVACY_CALL_APP_KEY: '', PRIVACY_CALL_APP_SECRET: '' },
      answers: [
        { asks: 'APP_Key', answer: `${KEY} ` },
        { asks: 'APP_Secret', answer: SECRET },
      ],
    });
    const kept = { appKey: KEY, appSecret: SECRET };
    expect(JSON.parse(await world.read(CREDENTIALS))).toEqual({ shop: kept, asked: kept });
  });

  it('says at the question what cannot be a key', async () => {
    const world = await openWorld();
    const asked = await world.run(['login', 'shop'], {
      terminal: true,
      env: { PRIVACY_CALL_APP_SECRET: SECRET },
      answers: [{ asks: 'APP_Key', answer: KEY }],
    });
    const [question] = asked.questions;
    if (question?.type !== 'text') throw new Error('the key was not asked for');
    expect(question.validate?.(' ')).toBe('a value is needed');
    expect(question.validate?.('two words')).toBe('there must be no blanks or line breaks inside');
    expect(question.validate?.(` ${KEY} `)).toBeUndefined();
  });
});

describe('logout and profiles', () => {
  it('forgets the credentials and keeps the settings', async () => {
    const world = await openWorld();
    await login(world, '--mode', 'axb');
    expect((await world.cli('logout', 'shop', '--json')).json).toEqual({ kind: 'Profile', item: { name: 'shop' } });
    expect((await world.cli('profiles', 'show', 'shop', '--json')).json).toMatchObject({
      item: { name: 'shop', mode: 'axb', loggedIn: false },
    });
    expect((await world.cli('logout', 'shop', '--json')).error).toMatchObject({
      code: 'profile-not-found',
      exitCode: 5,
    });
  });

  it('shows the key and never the secret', async () => {
    const world = await openWorld();
    await login(world);
    for (const argv of [
      ['profiles', 'list'],
      ['profiles', 'show', 'shop'],
    ]) {
      const shown = await world.cli(...argv, '--json');
      expect(shown.stdout).toContain(KEY);
      expect(shown.stdout).not.toContain(SECRET);
    }
  });

  it('chooses another profile', async () => {
    const world = await openWorld();
    await login(world);
    expect((await world.cli('profiles', 'use', 'sandbox', '--json')).json).toMatchObject({ item: { inUse: true } });
    expect((await world.cli('query', '--mode', 'axb', '-x', '17000000201', '--json')).json).toMatchObject({ count: 0 });
    expect((await world.cli('profiles', 'use', 'nobody', '--json')).error).toMatchObject({ code: 'profile-not-found' });
  });

  it('removes a profile after a question', async () => {
    const world = await openWorld();
    await login(world);
    const remove = ['profiles', 'remove', 'shop'];
    expect((await world.cli(...remove, '--json')).error).toMatchObject({ code: 'confirmation-missing' });
    const no = { terminal: true, answers: [{ asks: 'forgets the key and secret of shop', answer: 'no' }] };
    expect((await world.run(remove, no)).code).toBe(130);
    expect((await world.cli(...remove, '--dry-run')).code).toBe(0);
    expect((await world.cli('profiles', 'list', '--query', 'items[].name')).stdout).toBe('shop\nsandbox\n');
    expect((await world.cli(...remove, '--yes')).code).toBe(0);
    expect((await world.cli('profiles', 'list', '--query', 'items[].name')).stdout).toBe('sandbox\n');
    expect((await world.cli('profiles', 'remove', 'sandbox', '--yes', '--json')).error).toMatchObject({ exitCode: 2 });
  });

  it('knows no profile that was never made', async () => {
    const world = await openWorld();
    const unknown = await world.cli('-p', 'shop', 'bindings', 'list', '--json');
    expect(unknown.error).toMatchObject({
      code: 'profile-not-found',
      hint: expect.stringContaining('sandbox') as string,
    });
  });

  it('never falls back to the sandbox by itself', async () => {
    const world = await openWorld();
    const none = await world.cli('query', '--mode', 'axb', '--id', 'x', '--json');
    expect(none.error).toMatchObject({
      code: 'credentials-missing',
      exitCode: 4,
      hint: expect.stringContaining('privacy-call -p sandbox') as string,
    });
  });
});

describe('config', () => {
  it('keeps a setting for all profiles or for one, and says where each comes from', async () => {
    const world = await openWorld();
    await login(world);
    expect((await world.cli('config', 'set', 'tz', 'UTC', '--json')).json).toMatchObject({
      item: { key: 'tz', value: 'UTC' },
    });
    expect((await world.cli('config', 'set', 'tz', 'Asia/Tokyo', '--for-profile', 'shop')).code).toBe(0);
    const tz = async (...flags: string[]) =>
      (await world.cli('config', 'get', 'tz', ...flags, '--query', 'item.[value, source][]')).stdout;
    expect(await tz()).toBe('Asia/Tokyo\nprofile\n');
    expect(await tz('-p', 'sandbox')).toBe('UTC\nconfig\n');
    expect(await tz('--tz', 'Europe/Berlin')).toBe('Europe/Berlin\nflag\n');
    await world.cli('config', 'set', 'tz', '--unset', '--for-profile', 'shop');
    await world.cli('config', 'set', 'tz', '--unset');
    expect(await tz()).toBe('default: Asia/Shanghai\n');
  });

  it.each(['http://user:word@proxy.example:3128', 'user:word@proxy.example:3128'])(
    'lists every setting, the password of %s hidden',
    async (proxy) => {
      const world = await openWorld({ PRIVACY_CALL_PROXY: proxy });
      const list = await world.cli('config', 'list', '--json');
      expect(list.json).toMatchObject({ kind: 'SettingList', count: 15 });
      expect(list.stdout).toContain('http://user:****@proxy.example:3128/');
      expect(list.stdout).not.toContain('word@');
    },
  );

  it('takes the output format from the file, for errors too', async () => {
    const world = await openWorld();
    await world.cli('config', 'set', 'output', 'json');
    expect((await world.cli('bindings', 'list')).json).toMatchObject({ kind: 'BindingList' });
    expect((await world.cli('bindings', 'show', 'nobody')).error).toMatchObject({ code: 'binding-not-found' });
  });

  it.each([
    [['set', 'colour', 'red'], 'flag-invalid'],
    [['set', 'tz', 'Mars'], 'flag-invalid'],
    [['set', 'tz'], 'flag-missing'],
    [['set', 'tz', 'UTC', '--unset'], 'flag-missing'],
    [['set', 'profile', 'shop'], 'flag-invalid'],
    [['set', 'tz', 'UTC', '--for-profile', 'nobody'], 'profile-not-found'],
    [['set', 'tz', 'UTC', '--for-profile', 'constructor'], 'profile-not-found'],
    [['set', 'appSecret', 'config-secret'], 'flag-invalid'],
    [['get', 'colour'], 'flag-invalid'],
  ])('refuses %j', async (words, code) => {
    const world = await openWorld();
    const refused = await world.cli('config', ...words, '--json');
    expect(refused.error).toMatchObject({ code });
    expect(refused.stderr).not.toContain('config-secret');
    expect(await world.files()).toEqual([]);
  });
});

describe('doctor', () => {
  it('finds the sandbox well', async () => {
    const world = await openWorld();
    const well = await world.cli('-p', 'sandbox', 'doctor', '--json');
    expect(well).toMatchObject({ code: 0, json: { kind: 'CheckList', count: 3 } });
    expect(
      (well.json as { items: { check: string; ok: boolean }[] }).items.map(({ check, ok }) => [check, ok]),
    ).toEqual([
      ['profile', true],
      ['store', true],
      ['platform', true],
    ]);
  });

  it('says what is wrong and ends with its code', async () => {
    const world = await openWorld();
    const sick = await world.cli('doctor', '--json');
    expect(sick.code).toBe(4);
    expect(sick.json).toMatchObject({ items: [{ ok: true }, { ok: true }, { check: 'platform', ok: false }] });
    expect(sick.error).toMatchObject({ code: 'credentials-missing' });
  });
});

describe('a broken config.json', () => {
  it('is told with its place and what to do', async () => {
    const world = await openWorld();
    const file = await world.write('.config/privacy-call/config.json', '{\n  "settings": { "lang": "zh", }\n}\n');
    const { code, stderr } = await world.cli('explain', '8014');
    expect([code, stderr]).toEqual([
      2,
      `error: ${file}:2:31: "}" stands where a name in double quotes is expected\n` +
        'hint:  Correct it in an editor, or move the file away: without it the defaults count. Keys and secrets are not in it.\n',
    ]);
  });
});
