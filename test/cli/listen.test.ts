import { readdir, stat } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

const fee = (n: number | string): string => `{"eventType":"fee","feeLst":[{"icid":"r-${n}","sessionId":"s-${n}"}]}`;
const X = '+8617000000001';
const CALLER = '+8613800000001';
const block = (session: string, x = X): string =>
  JSON.stringify({
    eventType: 'callin',
    statusInfo: {
      sessionId: session,
      timestamp: '2026-11-22 00:00:00',
      caller: CALLER,
      called: x,
      notifyMode: 'Block',
    },
  });
const blockSms = (id: string, content: string): string =>
  JSON.stringify({
    appKey: 'key',
    smsEvent: {
      smsIdentifier: id,
      notificationMode: 'Block',
      calling: CALLER,
      virtualNumber: X,
      event: 'TextSMS',
      timeStamp: '2026-11-22T00:00:00.000Z',
      smsContent: content,
    },
  });

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

function send(url: string, body: string, method = 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Target {
  readonly url: string;
  readonly bodies: string[];
  answer: (body: string, request: IncomingMessage) => { status: number; body?: string } | undefined;
}

/** A server of the team; no answer hangs. */
async function startTarget(): Promise<Target> {
  const target: Target = { url: '', bodies: [], answer: () => ({ status: 200 }) };
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (part: string) => (body += part));
    incoming.on('end', () => {
      target.bodies.push(body);
      const answer = target.answer(body, incoming);
      if (answer !== undefined) outgoing.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(target, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const listen = (world: World, ...more: string[]): ReturnType<typeof startCommand> =>
  startCommand(world, ['listen', '--verify', 'off', ...more]);

const RULES = JSON.stringify({
  calls: [{ name: 'shop', x: X, connect: { calleeNum: '+8613800000002' } }],
  sms: [{ content: 'order', forward: { called: '+8613800000002' } }],
});

describe('listen --forward-to', () => {
  it('hands each push on after it was answered, by kind where it is asked', async () => {
    const world = await openWorld();
    const [all, cdrs] = [await startTarget(), await startTarget()];
    const { url } = await listen(world, '--forward-to', all.url, `cdr=${cdrs.url}/fee`);
    expect((await send(url, fee(1))).status).toBe(200);
    expect((await send(url, block('call-1'))).status).toBe(200);
    await expect.poll(() => all.bodies.toSorted()).toEqual([block('call-1'), fee(1)].toSorted());
    await expect.poll(() => cdrs.bodies).toEqual([fee(1)]);
  });

  it('hands on after a restart what the target had not taken', async () => {
    const world = await openWorld();
    const target = await startTarget();
    target.answer = () => ({ status: 500 });
    const first = await listen(world, '--forward-to', target.url);
    await send(first.url, fee(1));
    await expect.poll(() => target.bodies.length).toBeGreaterThan(0);
    expect((await first.stop()).code).toBe(0);
    const got: string[] = [];
    target.answer = (body) => {
      got.push(body);
      return { status: 200 };
    };
    const second = await listen(world, '--forward-to', target.url);
    await send(second.url, fee(2));
    await expect.poll(() => got.toSorted()).toEqual([fee(1), fee(2)]);
    const metrics = await send(`${second.url}/metrics`, '', 'GET');
    expect(metrics.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.text).toContain(`privacy_call_delivered_total{to="${new URL(target.url).host}"} 2`);
    expect(metrics.text).toContain('privacy_call_pushes_total{kind="fee",result="new"} 1');
    expect(metrics.text).toContain('privacy_call_answers_total{status="200"} 1');
    expect(metrics.text).toMatch(/^# TYPE privacy_call_answer_seconds histogram$/m);
  });

  it.each([
    [['--forward-timeout', '5s'], '--forward-timeout needs --forward-to'],
    [['--forward-concurrency', '2'], '--forward-concurrency needs --forward-to'],
    [['--forward-mode', 'async'], '--forward-mode needs --forward-to'],
    [['--answer-within', '2s', '--forward-to', 'http://a'], '--answer-within needs --forward-mode sync'],
    [
      ['--forward-to', 'http://a', '--forward-mode', 'sync', '--forward-concurrency', '2'],
      '--forward-mode sync does not go with --forward-concurrency',
    ],
    [['--exec-timeout', '5s'], '--exec-timeout needs --exec'],
    [['--exec-concurrency', '1', '--forward-to', 'http://a'], '--exec-concurrency needs --exec'],
  ])('says of %j: %s', async (flags, message) => {
    const world = await openWorld();
    const refused = await world.cli('listen', '--port', '0', ...flags, '--json');
    expect(refused.error).toMatchObject({ code: 'flag-conflict', exitCode: 2, message });
  });

  it.each([
    [['--forward-to', 'ftp://a'], 'flag-invalid'],
    [['--forward-to', 'fax=http://a'], 'flag-invalid'],
    [['--forward-to', 'http://a', 'http://a/'], 'flag-conflict'],
    [['--forward-mode', 'sync'], 'flag-missing'],
    [['--forward-mode', 'sync', '--forward-to', 'http://a', 'http://b'], 'flag-conflict'],
    [['--forward-to', 'http://a', '--forward-timeout', '0'], 'flag-invalid'],
    [['--exec', 'a "b'], 'flag-invalid'],
    [['--exec', './no-such-program'], 'flag-invalid'],
    [['--path', 'fee'], 'flag-invalid'],
    [['--path', '/fee', '/sms?a=1'], 'flag-invalid'],
    [['--max-connections', '0'], 'flag-invalid'],
    [['--allow-file', 'missing'], 'input-unreadable'],
  ])('refuses %j', async (flags, code) => {
    const world = await openWorld();
    const { error } = await world.cli('listen', '--port', '0', '--json', ...flags);
    expect(error).toMatchObject({ code });
    expect(await world.files()).toEqual([]);
  });
});

describe('listen --path', () => {
  it('takes pushes on its paths alone', async () => {
    const world = await openWorld();
    const { url, stop } = await listen(world, '--path', '/fee', '/sms');
    expect((await send(`${url}/fee`, fee(1))).status).toBe(200);
    expect((await send(`${url}/other`, fee(2))).status).toBe(404);
    await stop();
    expect((await world.cli('cdr', 'list', '--query', 'items[].sessionId')).stdout.trim().split('\n')).toHaveLength(1);
  });
});

describe('listen --forward-mode sync', () => {
  it('answers with the status and the body of the target; the push is in the journal in any case', async () => {
    const world = await openWorld();
    const target = await startTarget();
    const flags = ['--forward-to', target.url, '--forward-mode', 'sync', '--forward-timeout', '300ms'];
    const { url, stop } = await listen(world, ...flags, '--answer-within', '200ms');
    target.answer = () => ({ status: 418, body: 'teapot' });
    expect(await send(url, fee(1))).toMatchObject({ status: 418, text: 'teapot' });
    target.answer = () => ({ status: 200 });
    expect(await send(url, fee(1))).toMatchObject({ status: 200, text: '' });
    target.answer = () => undefined;
    expect((await send(url, fee(2))).status).toBe(504);
    target.answer = () => ({ status: 200, body: '{"operation":"close","closeInfo":{"userData":"ours"}}' });
    expect((await send(url, block('a'))).text).toContain('ours');
    target.answer = () => undefined;
    expect(await send(url, block('b'))).toMatchObject({ status: 200, text: '{"operation":"close","closeInfo":{}}' });
    expect((await send(url, blockSms('m', 'hi'))).status).toBe(504);
    await stop();
    expect(target.bodies).toHaveLength(6);
    const { json } = await world.cli('cdr', 'list', '--json');
    expect(json.count).toBe(2);
  });

  it('answers 503 where nobody is there', async () => {
    const world = await openWorld();
    const { url } = await listen(world, '--forward-to', 'http://127.0.0.1:9', '--forward-mode', 'sync');
    expect((await send(url, fee(1))).status).toBe(503);
  });
});

describe('listen --answers', () => {
  it('answers by the rules, else by the default', async () => {
    const world = await openWorld();
    await world.write('rules.json', RULES);
    const { url } = await listen(world, '--answers', 'rules.json');
    const connect = '{"operation":"connect","connectInfo":{"calleeNum":"+8613800000002"}}';
    expect(await send(url, block('a'))).toEqual({ status: 200, type: 'application/json;charset=UTF-8', text: connect });
    expect((await send(url, block('b', '+8617000000009'))).text).toBe('{"operation":"close","closeInfo":{}}');
    expect((await send(url, blockSms('1', 'my order'))).text).toBe(
      `{"actions":[{"operation":"vNumberRoute","message":{"called":"+8613800000002","calling":"${CALLER}"}}]}`,
    );
    expect((await send(url, blockSms('2', 'hello'))).text).toBe('{"actions":[{"operation":"DiscardMessage"}]}');
  });

  it('does not start with rules that cannot be used, and names file and line', async () => {
    const world = await openWorld();
    await world.write('rules.json', '{\n"calls": [{}]}');
    const { code, error } = await world.cli('listen', '--port', '0', '--answers', 'rules.json', '--json');
    expect([code, error.message]).toEqual([2, 'rules.json:2: calls[0] needs either connect or close']);
  });
});

describe('listen --exec', () => {
  it('runs the program for each new push with its body in a file, and counts failures', async () => {
    const world = await openWorld();
    const hook = await world.write(
      'hook.cjs',
      `const fs = require('node:fs');
const body = fs.readFileSync(process.argv.at(-1));
if (process.argv.at(-1) !== process.env.PRIVACY_CALL_PUSH_FILE) process.exit(9);
fs.appendFileSync('seen.txt', process.env.PRIVACY_CALL_PUSH_KIND + ' ' + process.argv[2] + ' ' + body + (process.env.PRIVACY_CALL_APP_SECRET ?? '') + '\\n');
process.exit(body.includes('r-2') ? 3 : 0);`,
    );
    const { url, stop } = await startCommand(
      world,
      ['listen', '--verify', 'off', '--exec', `'${process.execPath}' '${hook}' "two words"`, '--exec-concurrency', '1'],
      { env: { PRIVACY_CALL_APP_SECRET: 'canary' } },
    );
    for (const n of [1, 2, 2, 3]) expect((await send(url, fee(n))).status).toBe(200);
    const metrics = async (): Promise<string> => (await send(`${url}/metrics`, '', 'GET')).text;
    await expect.poll(metrics, { timeout: 10_000 }).toContain('privacy_call_delivered_total{to="exec"} 2');
    await expect.poll(metrics).toContain('privacy_call_delivery_failed_total{to="exec"} 1');
    const lines = (await world.read('seen.txt')).trim().split('\n');
    expect(lines).toEqual([1, 2, 3].map((n) => `fee two words ${fee(n)}`));
    expect((await stop()).stderr).toMatch(/exec: push \S+ failed: the hook ended with 3; it is in the journal/);
  });
});

describe('answers test', () => {
  it('shows which rule answers which saved push', async () => {
    const world = await openWorld();
    await world.write('rules.json', RULES);
    await world.write(
      'block.ndjson',
      [block('a'), block('b', '+8617000000009'), blockSms('1', 'order'), fee(1)].join('\n'),
    );
    const { code, json } = await world.cli('answers', 'test', 'rules.json', 'block.ndjson', '--json');
    expect(code).toBe(0);
    expect(json.items).toMatchObject([
      { question: 'call', x: X, rule: 'shop', line: 1, answer: { operation: 'connect' } },
      { question: 'call', rule: 'default', answer: { operation: 'close' } },
      { question: 'sms', rule: 'sms[0]', answer: { actions: [{ operation: 'vNumberRoute' }] } },
    ]);
    const failing = await world.cli('answers', 'test', 'rules.json', 'block.ndjson', '--fail-if-default', '--json');
    expect([failing.code, failing.error.code]).toEqual([10, 'expectation-failed']);
  });

  it('asks as if it were another time', async () => {
    const world = await openWorld();
    await world.write('rules.json', '{"calls":[{"name":"night","time":"22:00-06:00","close":{}}]}');
    await world.write('block.json', block('a'));
    const ruleAt = async (...at: string[]): Promise<unknown> =>
      (await world.cli('answers', 'test', 'rules.json', 'block.json', '--json', ...at)).json.items[0].rule;
    expect(await ruleAt()).toBe('default');
    expect(await ruleAt('--at', '2026-11-22 23:00')).toBe('night');
  });

  it("reads what PowerShell's > writes, rules and pushes", async () => {
    const world = await openWorld();
    await world.write('rules.json', Buffer.from(`\uFEFF${RULES.replaceAll('\n', '\r\n')}`, 'utf16le'));
    await world.write('block.json', Buffer.from(`\uFEFF${block('a')}\r\n`, 'utf16le'));
    const { code, json } = await world.cli('answers', 'test', 'rules.json', 'block.json', '--json');
    expect([code, json.items.length, json.items[0].rule]).toEqual([0, 1, 'shop']);
  });

  it('says of wrong rules where they are described', async () => {
    const world = await openWorld();
    await world.write('rules.json', '{"calls":\n[{"close":}]}');
    expect((await world.cli('answers', 'test', 'rules.json', '--json')).error).toEqual({
      code: 'input-invalid',
      exitCode: 2,
      message: 'rules.json:2: "}" stands where a value is expected',
      hint: 'privacy-call answers test --help tells what a file of rules holds.',
    });
  });
});

describe('the log of listen', () => {
  const session = '1200_+8613800000001_+8613800000002_4_x';
  const path = '/x?num=13800000001&x=%2B8617000000001';

  async function logOf(...flags: string[]): Promise<string> {
    const world = await openWorld();
    const { url, stop } = await startCommand(world, ['listen', '--verify', 'off', ...flags]);
    const event = { eventType: 'callin', statusInfo: { sessionId: session, timestamp: '2026-11-22 00:00:00' } };
    expect((await send(`${url}${path}`, JSON.stringify(event))).status).toBe(200);
    const { stdout, stderr } = await stop();
    return stdout + stderr;
  }

  it.each([['-o', 'ndjson'], ['-o', 'csv'], ['-o', 'tsv'], ['-o', 'table'], ['--json'], ['-o', 'ndjson', '--debug']])(
    'shows no number in full: %s %s',
    async (...flags) => {
      const log = await logOf(...flags);
      expect(log).toContain('1200_+86138****0001_+86138****0002_4_x');
      expect(log).toContain('/x?num=138****0001&x=%2B86170****0001');
      expect(log).not.toMatch(/[17]\d{2}0000000/);
    },
  );

  it('shows them where it is asked to', async () => {
    const log = await logOf('-o', 'ndjson', '--no-mask');
    expect(log).toContain(session);
    expect(log).toContain(path);
  });
});

describe('events export and prune', () => {
  async function journalOf(days: readonly string[]): Promise<World> {
    const world = await openWorld();
    for (const [index, day] of days.entries()) {
      const now = (): Date => new Date(`${day}T04:00:00Z`);
      const { url, stop } = await startCommand(world, ['listen', '--verify', 'off'], { now });
      await send(url, fee(index));
      await stop();
    }
    return world;
  }

  it('exports what every reader takes, compressed or not', async () => {
    const world = await journalOf(['2026-11-20', '2026-11-21']);
    const { json } = await world.cli('events', 'export', 'all.ndjson.gz', '--json');
    expect(json.item).toMatchObject({ pushes: 2, damaged: 0, first: '2026-11-20T12:00:00+08:00' });
    expect((await world.cli('cdr', 'list', 'all.ndjson.gz', '--json')).json.count).toBe(2);
    const day = await world.cli('events', 'export', 'day.ndjson', '--since', '2026-11-21', '--kind', 'cdr', '--json');
    expect(day.json.item.pushes).toBe(1);
    expect(await world.read('day.ndjson')).toContain(`"body":${fee(1)},"sha"`);
    const again = await world.cli('events', 'export', 'day.ndjson', '--json');
    expect(again.error.code).toBe('confirmation-missing');
    expect((await world.cli('events', 'export', 'day.ndjson', '--yes', '--json')).json.item.pushes).toBe(2);
    expect((await world.files()).filter((file) => file.endsWith('.part'))).toEqual([]);
    expect((await world.cli('events', 'export', '-', '--json')).error).toMatchObject({ code: 'flag-invalid' });
    expect(await world.files()).not.toContain('-');
  });

  it('makes the folder of the file, and says what is in its way', async () => {
    const world = await journalOf(['2026-11-21']);
    const made = await world.cli('events', 'export', 'saved/november/all.ndjson', '--json');
    expect([made.code, made.json.item.pushes]).toEqual([0, 1]);
    expect((await stat(world.path('saved/november'))).mode & 0o777).toBe(0o700);
    const dry = await world.cli('events', 'export', 'elsewhere/all.ndjson', '--dry-run', '--json');
    expect([dry.code, await readdir(world.home)]).toEqual([0, expect.not.arrayContaining(['elsewhere'])]);
    const inFile = await world.cli('events', 'export', 'saved/november/all.ndjson/all.ndjson', '--json');
    expect(inFile.error).toMatchObject({
      code: 'storage-failed',
      message: 'cannot write saved/november/all.ndjson/all.ndjson: a file is in the place of a folder (EEXIST)',
    });
  });

  it('removes old days after a question, compresses others, and leaves the last two alone', async () => {
    const world = await journalOf(['2026-01-01', '2026-11-10', '2026-11-21', '2026-11-22']);
    const journal = world.path('.local/share/privacy-call/default/journal');
    const prune = ['events', 'prune', '--older-than', '90d', '--compress-older-than', '1d', '--json'];
    const dry = await world.cli(...prune, '--dry-run');
    expect((dry.json.items as { day: string; action: string }[]).map(({ day, action }) => [day, action])).toEqual([
      ['2026-01-01', 'remove'],
      ['2026-11-10', 'compress'],
    ]);
    expect((await world.cli(...prune)).error).toMatchObject({
      code: 'confirmation-missing',
      message: 'this removes 1 day of pushes (2026-01-01) for good, and nobody can be asked here',
    });
    expect(await readdir(journal)).toHaveLength(4);
    expect((await world.cli(...prune, '--yes')).code).toBe(0);
    expect(await readdir(journal)).toEqual(['2026-11-10', '2026-11-21', '2026-11-22']);
    expect((await readdir(`${journal}/2026-11-10`))[0]).toMatch(/\.ndjson\.gz$/);
    expect((await world.cli('cdr', 'list', '--json')).json.count).toBe(3);
    expect((await world.cli('events', 'prune', '--json')).error.code).toBe('flag-missing');
    const none = await world.run(['events', 'prune', '--older-than', '90d'], { terminal: true });
    expect([none.stdout, none.stderr]).toEqual(['', 'no day of the journal is that old\n']);
    expect((await world.cli('events', 'prune', '--older-than', '12h', '--json')).error.code).toBe('flag-invalid');
  });

  it('keeps a day that has not been handed on, unless it is forced', async () => {
    const world = await openWorld();
    const now = (): Date => new Date('2026-11-01T04:00:00Z');
    const flags = ['listen', '--verify', 'off', '--forward-to', 'http://127.0.0.1:9'];
    const { url, stop } = await startCommand(world, flags, { now });
    await send(url, fee(1));
    await expect.poll(async () => (await send(`${url}/metrics`, '', 'GET')).text).toMatch(/delivery_waiting\S+ 1/);
    await stop();
    const prune = ['events', 'prune', '--older-than', '7d', '--yes', '--json'];
    const kept = await world.cli(...prune);
    expect(kept.json.items).toMatchObject([{ action: 'needed', gainedBytes: 0 }]);
    expect(kept.code).toBe(3);
    expect((await world.cli(...prune, '--force')).json.items).toMatchObject([{ action: 'remove' }]);
  });

  const SECRET = 'hunter2hunter2hunter2';
  const GONE = `http://user:${SECRET}@127.0.0.1:9/hook/${SECRET}?key=${SECRET}`;

  /** A day on which pushes came while `flags` were given, then one on which a push came without them. */
  async function abandon(world: World, day: string, flags: readonly string[], waiting: string): Promise<void> {
    for (const [index, more] of [flags, []].entries()) {
      const now = (): Date => new Date(`${day}T0${4 + index}:00:00Z`);
      const { url, stop } = await startCommand(world, ['listen', '--verify', 'off', ...more], { now });
      await send(url, fee(`${day}-${index}`));
      if (more.length > 0)
        await expect.poll(async () => (await send(`${url}/metrics`, '', 'GET')).text).toMatch(new RegExp(waiting));
      await stop();
    }
  }

  it('does not keep days for a hook that had run for everything before it was changed', async () => {
    const world = await openWorld();
    await abandon(world, '2026-10-01', ['--exec', 'true'], 'delivered_total\\S+ 1');
    const pruned = await world.cli('events', 'prune', '--older-than', '7d', '--yes', '--json');
    expect(pruned.json).toMatchObject({ items: [{ day: '2026-10-01', action: 'remove' }], warnings: [] });
    expect(pruned.code).toBe(0);
    expect((await world.cli('consumers', 'list', '--json')).json.items).toMatchObject([
      { address: 'exec true', inUse: false, undelivered: 0, usedAt: '2026-10-01T12:00:00+08:00' },
    ]);
  });

  it('names a target that is no longer used and keeps old days, without its secrets, and forgets it after a question', async () => {
    const world = await openWorld();
    await abandon(world, '2026-10-01', ['--forward-to', GONE], 'waiting\\S+ 1');
    await abandon(world, '2026-10-02', [], '');
    const prune = ['events', 'prune', '--older-than', '7d', '--yes', '--json'];
    const kept = await world.cli(...prune);
    expect(kept.code).toBe(3);
    const { name } = (await world.cli('consumers', 'list', '--json')).json.items[0] as { name: string };
    expect(kept.json).toMatchObject({
      items: [
        { day: '2026-10-01', action: 'needed', neededBy: [name] },
        { day: '2026-10-02', action: 'remove' },
      ],
      warnings: [
        `2026-10-01: kept, not everything has been handed on to http://127.0.0.1:9/hook/**** (${name}), last used 2026-10-01T12:00:00+08:00; no longer wanted? privacy-call consumers forget ${name}`,
      ],
    });
    expect(kept.stdout + kept.stderr).not.toContain(SECRET);
    for (const file of await world.files())
      if (file.includes('consumers')) expect(await world.read(file.slice(world.home.length + 1))).not.toContain(SECRET);
    const forget = ['consumers', 'forget', name, '--json'];
    expect((await world.cli(...forget, '--dry-run')).json.item).toMatchObject({ undelivered: 1, inUse: false });
    const asked = await world.run(['consumers', 'forget', name], {
      terminal: true,
      answers: [{ asks: 'drops 1 push not yet handed on to http://127.0.0.1:9/hook/****', answer: 'no' }],
    });
    expect(asked.code).toBe(130);
    expect((await world.cli(...forget)).error.code).toBe('confirmation-missing');
    expect((await world.cli(...forget, '--yes')).code).toBe(0);
    expect((await world.cli(...forget, '--yes')).error.code).toBe('consumer-not-found');
    expect((await world.cli(...prune)).json.items).toMatchObject([{ day: '2026-10-01', action: 'remove' }]);
  });

  it('does not forget a target that is in use', async () => {
    const world = await openWorld();
    await startCommand(world, ['listen', '--verify', 'off', '--forward-to', 'http://127.0.0.1:9']);
    const { items } = (await world.cli('consumers', 'list', '--json')).json as { items: { name: string }[] };
    expect(items).toMatchObject([{ inUse: true }]);
    const refused = await world.cli('consumers', 'forget', items[0]!.name, '--yes', '--json');
    expect(refused.error.code).toBe('storage-locked');
  });
});
