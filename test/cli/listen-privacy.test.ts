import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld } from '../helpers/world.js';

/** What a receiver shows of what it is sent: neither numbers nor contents, and nothing that steers a terminal. */

const NUMBERS = ['13800000987', '17000000986', '13800000985'];
const CONTENT = 'canary content';
const SECRET = 'canary-secret';

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent: false, headers }, (answer) => {
      answer.resume().on('end', () => {
        resolve(answer.statusCode ?? 0);
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => {
        resolve(text);
      });
    })
      .on('error', reject)
      .end();
  });
}

/** What the server says to bytes that are no HTTP. */
function talk(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const { port, hostname } = new URL(url);
    let said = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (part: string) => (said += part));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(said);
    });
  });
}

const [CALLER, X, CALLEE] = NUMBERS.map((number) => `+86${number}`) as [string, string, string];
const session = `1200_${CALLER}_${X}_4_x`;
const BODIES = {
  cdr: { eventType: 'fee', feeLst: [{ icid: `i-${CALLER}`, sessionId: session, callerNum: CALLER, bindNum: X }] },
  event: { eventType: 'callin', statusInfo: { sessionId: session, caller: CALLER, called: X, timestamp: 'never' } },
  question: {
    eventType: 'callin',
    statusInfo: { sessionId: `${session}2`, caller: CALLER, called: X, notifyMode: 'Block', userData: CALLEE },
  },
  sms: {
    appKey: 'key',
    smsEvent: {
      smsIdentifier: `sms-${CALLER}`,
      calling: CALLER,
      virtualNumber: X,
      called: CALLEE,
      smsContent: CONTENT,
    },
  },
  unknown: { [CALLER]: X },
};

describe('S10: what a receiver is sent', () => {
  it.each([
    ['table', 'off'],
    ['ndjson', 'warn'],
    ['csv', 'strict'],
    ['json', 'warn'],
  ])('shows up in no row, message, metric or answer: -o %s --verify %s --debug', async (format, verify) => {
    const world = await openWorld();
    await world.write('secret.txt', SECRET);
    const login = ['login', 'shop', '--app-key', 'key', '--app-secret-file', 'secret.txt', '--mode', 'axb'];
    expect((await world.cli(...login)).code).toBe(0);
    const flags = ['-p', 'shop', 'listen', '--verify', verify, '--max-body', '4096', '-o', format, '--debug', '-v'];
    const { url, stop } = await startCommand(world, flags);
    const path = `/push/${CALLER}?x=${encodeURIComponent(X)}&b=${NUMBERS[2] ?? ''}`;
    const said: unknown[] = [];
    for (const body of Object.values(BODIES)) said.push(await post(`${url}${path}`, JSON.stringify(body)));
    const wrong = { 'x-aksk': `UsernameToken Username="${CALLER}",PasswordDigest="${SECRET}",Nonce="n",Created="c"` };
    said.push(await post(`${url}${path}`, JSON.stringify(BODIES.cdr), wrong));
    said.push(await post(`${url}${path}`, `{"feeLst":[{"callerNum":"${CALLER}"`));
    said.push(await post(`${url}${path}`, CALLER.repeat(1000)));
    said.push(await post(`${url}${path}`, CALLER, { 'content-encoding': CALLER }));
    said.push(await talk(url, `BREW /${CALLER} HTTP/1.1\r\nHost: ${X}\r\n\r\n`));
    said.push(await get(`${url}/metrics`), await get(`${url}/healthz`));
    const { code, stdout, stderr } = await stop();
    expect(code).toBe(0);
    const shown = `${JSON.stringify(said)}${stdout}${stderr}`;
    expect(shown).toContain(verify === 'strict' ? '401' : '200');
    for (const canary of [...NUMBERS, CONTENT, SECRET]) expect(shown).not.toContain(canary);
    // The journal is where they belong, unless they were refused.
    const kept = await world.cli('-p', 'shop', 'inspect', '--json');
    expect(kept.stdout.includes(CALLER)).toBe(verify !== 'strict');
  });
});

describe('S8: what steers a terminal', () => {
  const HOSTILE = 'a\u001b[2J\u001b]52;c;cm0=\u0007\u009b31m\rb\u202e\u200bc\u007f';

  it.each([['table'], ['ndjson'], ['csv'], ['tsv']])('leaves no receiver: -o %s', async (format) => {
    const world = await openWorld();
    const { url, stop } = await startCommand(world, ['listen', '--verify', 'warn', '-o', format], { terminal: true });
    const event = { eventType: HOSTILE, statusInfo: { sessionId: HOSTILE, caller: HOSTILE, called: HOSTILE } };
    await post(`${url}/${encodeURIComponent(HOSTILE)}`, JSON.stringify({ ...event, eventType: 'callin' }));
    await post(url, JSON.stringify(event), {
      'x-aksk': Buffer.from(HOSTILE.replaceAll(/[^\t\u0020-\u00ff]|\u007f/g, '')).toString('latin1'),
    });
    await post(url, JSON.stringify({ eventType: 'fee', feeLst: [{ icid: HOSTILE, sessionId: HOSTILE }] }));
    await talk(url, `POST /${HOSTILE} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`);
    const { code, stdout, stderr } = await stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/callin|event/);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
    expect((stdout + stderr).replaceAll('\r\n', '')).not.toContain('\r');
  });
});
