import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { amount } from '../helpers/nightly.js';
import { seededRandom, startListening } from '../helpers/receiver-process.js';

/** What nobody thought of: bodies of every kind of push, grown, cut and stirred by a seed. */

const SECONDS = amount('FUZZ_SECONDS', 8, 300);
const SEED = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const CONNECTIONS = 16;

const FEE = {
  direction: 1,
  icid: 'i1',
  sessionId: 's1',
  bindNum: '+8617000000201',
  callerNum: '+8613800000001',
  callInTime: '2026-11-22 00:00:00',
  callEndTime: '2026-11-22 00:01:10',
  ulFailReason: 0,
  recordFlag: 1,
  serviceType: '004',
};
const PUSHES: readonly unknown[] = [
  { eventType: 'fee', feeLst: [FEE] },
  { eventType: 'fee', feeLst: Array.from({ length: 50 }, (_, index) => ({ ...FEE, icid: `i${index}` })) },
  { eventType: 'callin', statusInfo: { sessionId: 's1', caller: '+8613800000001', notifyMode: 'Block' } },
  { eventType: 'disconnect', statusInfo: { sessionId: 's1', timestamp: '2026-11-22 00:00:00' } },
  { appKey: 'k', smsEvent: { smsIdentifier: 'm1', notificationMode: 'Block', calling: '+8613800000001' } },
  { appKey: 'k', smsEvent: { smsIdentifier: 'm1', notificationMode: 'Notify', smsContent: '你好' } },
  { eventType: 'numStatus', numInfo: [{ number: '+8617000000022', status: '5' }] },
];
/** Raw JSON, for some of it no value of JavaScript writes. */
const ODD_VALUES = [
  'null',
  '""',
  '0',
  '-0',
  '1e999',
  '12345678901234567890',
  'true',
  '[]',
  '{}',
  '"\\ud800"',
  '"\\u0000"',
  '"9999-99-99 99:99:99"',
  '"__proto__"',
  '"\\u001b[2J"',
  '{"__proto__":{"x":1}}',
  `"${'x'.repeat(5000)}"`,
  `${'['.repeat(300)}${']'.repeat(300)}`,
];

class Fuzz {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  body(): Buffer {
    let text = this.#write(this.pick(PUSHES));
    if (this.below(8) === 0) text = `\ufeff${text}`;
    let bytes: Buffer = Buffer.from(text);
    for (let times = this.below(4); times > 0; times -= 1) bytes = this.#stir(bytes);
    return bytes;
  }

  /** As JSON, with fields left out, doubled, renamed and replaced. */
  #write(value: unknown): string {
    if (this.below(25) === 0) return this.pick(ODD_VALUES);
    if (Array.isArray(value)) return `[${value.map((one) => this.#write(one)).join(this.pick([',', ' ,\n', ',']))}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const fields: string[] = [];
    for (const [name, member] of Object.entries(value)) {
      const dice = this.below(40);
      if (dice === 0) continue;
      const written = dice === 1 ? this.pick(['__proto__', 'constructor', 'toString', 'kind', '']) : name;
      fields.push(`${JSON.stringify(written)}:${this.#write(member)}`);
      if (dice === 2) fields.push(`${JSON.stringify(name)}:${this.pick(ODD_VALUES)}`);
    }
    return `{${fields.join(this.pick([',', ', ', ',\r\n']))}}`;
  }

  #stir(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1);
    const piece = bytes.subarray(at, at + this.below(20));
    switch (this.below(4)) {
      case 0:
        return Buffer.concat([bytes.subarray(0, at), Buffer.of(this.below(256)), bytes.subarray(at)]);
      case 1:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + piece.length)]);
      case 2:
        return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
      default:
        return bytes.subarray(0, at);
    }
  }
}

function post(port: number, agent: Agent, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/', agent }, (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode);
      });
    });
    outgoing.on('error', () => {
      resolve(undefined);
    });
    outgoing.end(body);
  });
}

describe('bodies stirred by chance', () => {
  it(
    `S9: for ${SECONDS} s all are answered and kept byte for byte (seed ${SEED})`,
    { timeout: 120_000 + SECONDS * 2000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'privacy-call-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const receiver = await startListening(folder);
      onTestFinished(() => void receiver.child.kill('SIGKILL'));
      let said = '';
      receiver.child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      const fuzz = new Fuzz(SEED);
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
      const end = performance.now() + SECONDS * 1000;
      /** How often each body was sent, by its hash. */
      const sent = new Map<string, number>();
      const statuses = new Map<number | undefined, number>();
      const worker = async (): Promise<void> => {
        while (performance.now() < end) {
          const body = fuzz.body();
          const sha = createHash('sha256').update(body).digest('hex');
          sent.set(sha, (sent.get(sha) ?? 0) + 1);
          const status = await post(receiver.port, agent, body);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      agent.destroy();
      const code = await receiver.kill('SIGTERM');

      const store = await openFileStore({ folder, now: () => new Date(), pid: process.pid, hostname: 'reader' });
      const found = new Set<string>();
      let [lines, duplicates, damaged] = [0, 0, 0];
      for await (const { bytes, result } of store.journal.read({ duplicates: true, onDamage: () => (damaged += 1) })) {
        lines += 1;
        if (result === 'duplicate') duplicates += 1;
        else found.add(createHash('sha256').update(bytes).digest('hex'));
      }
      await store.close();
      const all = [...sent.values()].reduce((total, count) => total + count, 0);
      console.log(
        `S9 seed ${SEED}: ${all} pushes sent (${sent.size} different), acknowledged ${statuses.get(200) ?? 0}, found ${lines}, duplicates ${duplicates}`,
      );
      expect([...statuses.keys()]).toEqual([200]);
      expect([code, said, damaged]).toEqual([0, '', 0]);
      expect(lines).toBe(all);
      expect([...sent.keys()].filter((sha) => !found.has(sha))).toEqual([]);
      expect(sent.size).toBeGreaterThan(SECONDS * 10);
    },
  );
});
