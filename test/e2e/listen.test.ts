import { readFile, writeFile } from 'node:fs/promises';
import { Agent as PlainAgent, createServer, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeWorld, until, type World } from '../helpers/bin.js';
import { makeCertificate } from '../helpers/certificate.js';
import { amount } from '../helpers/nightly.js';
import { post, seededRandom } from '../helpers/receiver-process.js';

/** What is promised of a receiver beside durability: TLS, files read again on SIGHUP, pushes handed on across kills, a clean end under load. */

const SEED = Number(process.env.LISTEN_SEED ?? Math.floor(Math.random() * 1e9));
const STOPS = amount('LISTEN_STOPS', 20, 100);
const LISTEN = ['listen', '--port', '0', '--verify', 'off', '-o', 'ndjson'] as const;
const fee = (n: number): string => `{"eventType":"fee","feeLst":[{"icid":"record-${n}","sessionId":"s${n % 10}"}]}`;

interface TlsAnswer {
  readonly status: number | undefined;
  readonly text: string;
  /** Common name of the server's certificate. */
  readonly name: string;
  readonly reused: boolean;
}

function sendTls(url: string, body: string, options: { agent?: Agent; ca: string }): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const { agent = new Agent(), ca } = options;
    const outgoing = request(url, { method: 'POST', agent, ca }, (response) => {
      let text = '';
      const { CN: name } = (response.socket as unknown as Pick<TLSSocket, 'getPeerCertificate'>).getPeerCertificate()
        .subject;
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode, text, name: String(name), reused: outgoing.reusedSocket });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const block = (session: string): string =>
  JSON.stringify({
    eventType: 'callin',
    statusInfo: { sessionId: session, called: '+8617000000001', notifyMode: 'Block' },
  });
const closing = (userData: string): string => JSON.stringify({ calls: [{ close: { userData } }] });

describe('TLS and SIGHUP', () => {
  it('serves HTTPS, and takes a new certificate, rules and allow-list without dropping a connection', async () => {
    const world = await makeWorld();
    const [one, two] = [makeCertificate(world.folder, 'one'), makeCertificate(world.folder, 'two')];
    const [cert, key] = [join(world.folder, 'cert.pem'), join(world.folder, 'key.pem')];
    const [rules, allow] = [join(world.folder, 'rules.json'), join(world.folder, 'allow.txt')];
    const use = async (files: typeof one): Promise<void> => {
      await writeFile(cert, await readFile(files.cert));
      await writeFile(key, await readFile(files.key));
    };
    await use(one);
    await writeFile(rules, closing('first'));
    await writeFile(allow, '127.0.0.1 # this machine\n');
    const files = ['--tls-cert', cert, '--tls-key', key, '--answers', rules, '--allow-file', allow];
    const receiver = await world.serve([...LISTEN, ...files]);
    expect(receiver.url).toMatch(/^https:/);
    const ca = `${await readFile(one.cert, 'utf8')}${await readFile(two.cert, 'utf8')}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => {
      agent.destroy();
    });
    const reload = async (said: RegExp): Promise<void> => {
      const before = receiver.stderr().length;
      receiver.child.kill('SIGHUP');
      await until(() => said.test(receiver.stderr().slice(before)));
    };

    expect(await sendTls(receiver.url, block('a'), { agent, ca })).toMatchObject({ status: 200, name: 'one' });
    await use(two);
    await writeFile(rules, closing('second'));
    await reload(/read again: 1 rule\b/);
    const kept = await sendTls(receiver.url, block('b'), { agent, ca });
    expect(kept).toMatchObject({ status: 200, name: 'one', reused: true });
    expect(kept.text).toBe('{"operation":"close","closeInfo":{"userData":"second"}}');
    expect(await sendTls(receiver.url, block('c'), { ca })).toMatchObject({ status: 200, name: 'two' });

    // Nothing of a bad set counts, be it rules or certificate.
    await writeFile(rules, '{"calls": [');
    await use(one);
    await reload(/nothing was changed: .*rules\.json:1: the file ends/);
    await writeFile(rules, closing('third'));
    await writeFile(cert, 'no certificate');
    await reload(/nothing was changed: --tls-cert .*cert\.pem: holds no certificate in PEM/);
    const after = await sendTls(receiver.url, block('d'), { ca });
    expect([after.name, after.text]).toEqual(['two', '{"operation":"close","closeInfo":{"userData":"second"}}']);

    await use(two);
    await writeFile(allow, '192.0.2.0/24\n');
    await reload(/read again/);
    expect((await sendTls(receiver.url, block('e'), { ca })).status).toBe(403);
    expect((await receiver.stop('SIGTERM')).code).toBe(0);
  });
});

interface Target {
  readonly url: string;
  readonly bodies: string[];
}

/** A server that refuses every twentieth push. */
async function startTarget(random: () => number): Promise<Target> {
  const bodies: string[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (part: string) => (body += part));
    incoming.on('end', () => {
      const status = random() < 0.05 ? 500 : 200;
      if (status === 200) bodies.push(body);
      outgoing.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

describe('--forward-to', () => {
  it(
    `every acknowledged push reaches the target although the receiver is killed ten times (seed ${SEED})`,
    { timeout: 120_000 },
    async () => {
      const random = seededRandom(SEED);
      const world = await makeWorld();
      const target = await startTarget(random);
      const acknowledged: number[] = [];
      let n = 0;
      for (let round = 0; round <= 10; round += 1) {
        const receiver = await world.serve([...LISTEN, '--forward-to', target.url]);
        const port = Number(new URL(receiver.url).port);
        const agent = new PlainAgent({ keepAlive: true });
        for (let count = 0; count < 20; count += 1, n += 1) {
          if ((await post(port, fee(n), { agent })) === 200) acknowledged.push(n);
        }
        agent.destroy();
        if (round === 10) {
          const reached = (): boolean => {
            const found = new Set(target.bodies);
            return acknowledged.every((one) => found.has(fee(one)));
          };
          await until(reached);
          expect((await receiver.stop('SIGTERM')).code).toBe(0);
        } else {
          // The moment of the kill is the point of the test, not a wait for something.
          await delay(random() * 300);
          await receiver.stop('SIGKILL');
        }
      }
      const distinct = new Set(target.bodies);
      console.log(
        `seed ${SEED}: ${n} pushes sent, ${acknowledged.length} acknowledged, ${distinct.size} reached the target, ` +
          `${target.bodies.length - distinct.size} of them twice`,
      );
      expect(acknowledged).toHaveLength(220);
      // Within a session first arrivals are in order.
      for (let session = 0; session < 10; session += 1) {
        const order = [...distinct]
          .map((body) => Number(/record-(\d+)/.exec(body)?.[1]))
          .filter((one) => one % 10 === session);
        expect(order).toEqual(order.toSorted((left, right) => left - right));
      }
    },
  );
});

/** Posts until the receiver takes no more; tells what became of each. */
async function loadUntilRefused(port: number, from: number): Promise<{ answered: number[]; broken: number[] }> {
  const answered: number[] = [];
  const broken: number[] = [];
  let n = from;
  let open = true;
  const agent = new PlainAgent({ keepAlive: true, maxSockets: 16 });
  const worker = async (): Promise<void> => {
    while (open) {
      const own = n++;
      const good = await new Promise<boolean>((resolve) => {
        const outgoing = plainRequest({ host: '127.0.0.1', port, method: 'POST', agent }, (response) => {
          response.resume().on('end', () => {
            resolve(true);
          });
        });
        outgoing.on('error', () => {
          resolve(false);
        });
        outgoing.end(fee(own));
      });
      (good ? answered : broken).push(own);
      open = good;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  agent.destroy();
  return { answered, broken };
}

describe('SIGTERM under load', () => {
  it(
    `R7: × ${STOPS}: everything in flight is answered, exit code 0 within ten seconds (seed ${SEED})`,
    { timeout: 30_000 + STOPS * 6000 },
    async () => {
      const random = seededRandom(SEED);
      const world: World = await makeWorld();
      const answered: number[] = [];
      const broken: number[] = [];
      let slowestMs = 0;
      for (let round = 0; round < STOPS; round += 1) {
        const receiver = await world.serve([...LISTEN]);
        const loading = loadUntilRefused(Number(new URL(receiver.url).port), round * 1_000_000);
        await delay(30 + random() * 150);
        const begunMs = performance.now();
        const { code } = await receiver.stop('SIGTERM');
        slowestMs = Math.max(slowestMs, performance.now() - begunMs);
        const load = await loading;
        answered.push(...load.answered);
        broken.push(...load.broken);
        expect(code).toBe(0);
      }
      const kept = await world.json(['cdr', 'list', '--json', '--fields', 'icid']);
      const found = new Set((kept.items as { icid: string }[]).map(({ icid }) => icid));
      console.log(
        `R7 seed ${SEED}: ${STOPS} stops, ${answered.length} pushes answered, ${found.size} found, ${broken.length} not taken any more, ` +
          `slowest end ${Math.round(slowestMs)} ms`,
      );
      // A connection may end before it was read; none after.
      expect(broken.filter((one) => found.has(`record-${one}`))).toEqual([]);
      expect(answered.filter((one) => !found.has(`record-${one}`))).toEqual([]);
      expect(answered.length).toBeGreaterThan(STOPS);
      expect(slowestMs).toBeLessThan(10_000);
    },
  );
});
