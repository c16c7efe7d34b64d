import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

const PATH = '/rest/caas/relationnumber/partners/v1.0';
const BODY = '{"callerNum":"+8613800000001","calleeNum":"+8613800000002","relationNum":"+8617000000201"}';

describe('api', () => {
  it('sends a signed request and prints the answer as it came', async () => {
    const world = await openWorld();
    const bound = await world.cli('-p', 'sandbox', 'api', 'post', PATH, '--mode', 'axb', '--data', BODY);
    expect(bound.code).toBe(0);
    expect(bound.json).toMatchObject({ resultcode: '0', relationNum: '+8617000000201' });
    const found = await world.cli(
      '-p',
      'sandbox',
      'api',
      'GET',
      `${PATH}?relationNum=%2B8617000000201`,
      '--mode',
      'axb',
    );
    expect(found.json).toMatchObject({ resultcode: '0' });
  });

  it('takes the body from a file or stdin', async () => {
    const world = await openWorld();
    await world.write('body.json', BODY);
    const post = ['-p', 'sandbox', 'api', 'POST', PATH, '--mode', 'axb', '--data'];
    expect((await world.cli(...post, '@body.json')).json).toMatchObject({ resultcode: '0' });
    const again = await world.run([...post, '-'], { stdin: BODY });
    expect(again).toMatchObject({ code: 6, json: { resultcode: '1012010' } });
    expect((await world.cli(...post, '@none.json')).code).toBe(2);
  });

  it('ends with the exit code of the refusal, the answer on stdout', async () => {
    const world = await openWorld();
    const refused = await world.cli('-p', 'sandbox', 'api', 'GET', '/rest/nothing', '--mode', 'axb', '-o', 'json');
    expect(refused.code).toBe(5);
    expect(refused.stdout).toContain('404');
    expect(refused.error).toMatchObject({ code: 'path-not-found', httpStatus: 404 });
  });

  it('sends nothing with --dry-run', async () => {
    const world = await openWorld();
    const shown = await world.cli('-p', 'sandbox', 'api', 'POST', PATH, '--mode', 'axb', '--data', BODY, '-n');
    expect(shown.stdout).toBe(`POST http://sandbox.invalid${PATH}\n${BODY}\n`);
    expect(
      (await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201', '--json')).json,
    ).toMatchObject({
      count: 0,
    });
  });

  it.each([
    [['TRACE', PATH], 'TRACE: must be GET, POST, PUT, DELETE'],
    [['GET', 'rest/caas'], 'rest/caas: must begin with /'],
  ])('refuses %j', async (words, message) => {
    const world = await openWorld();
    const refused = await world.cli('-p', 'sandbox', 'api', ...words, '--mode', 'axb', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', message });
  });
});
