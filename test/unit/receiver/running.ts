import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { AppError } from '../../../src/errors.js';
import { buildReceiver, type ReceiverOptions } from '../../../src/receiver/build-receiver.js';
import type { PushReport } from '../../../src/receiver/push-report.js';
import { startReceiver, type RunningReceiver } from '../../../src/receiver/start-receiver.js';
import type { AppendResult, IncomingPush } from '../../../src/store/journal.js';

/** A journal in memory that can be told to refuse or to wait. */
export class MemoryJournal {
  readonly pushes: IncomingPush[] = [];
  result: AppendResult = 'new';
  failure: AppError | undefined;
  gate: Promise<void> | undefined;
  pendingBytes = 0;

  get healthy(): boolean {
    return this.failure === undefined;
  }

  prepare(): Promise<void> {
    return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure);
  }

  async append(push: IncomingPush): Promise<AppendResult> {
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    this.pushes.push(push);
    return this.result;
  }
}

export interface Running extends RunningReceiver {
  readonly journal: MemoryJournal;
  readonly lines: string[];
  /** Resolves with the next report. */
  nextReport(): Promise<PushReport>;
}

export const NOW = new Date('2026-11-22T08:00:00.000Z');

/** A receiver on a free port, closed when the test ends. */
export async function run(options: Partial<ReceiverOptions> = {}): Promise<Running> {
  const journal = new MemoryJournal();
  const lines: string[] = [];
  const reports: PushReport[] = [];
  const waiting: ((report: PushReport) => void)[] = [];
  const onPush = (report: PushReport): void => {
    const next = waiting.shift();
    if (next === undefined) reports.push(report);
    else next(report);
  };
  const handler = buildReceiver({ journal, now: () => NOW, log: (line) => lines.push(line.en), onPush, ...options });
  const receiver = await startReceiver({ handler, host: '127.0.0.1', port: 0, limits: { drainMs: 2000 } });
  onTestFinished(() => receiver.close());
  const nextReport = (): Promise<PushReport> => {
    const report = reports.shift();
    return report === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(report);
  };
  return { ...receiver, journal, lines, nextReport };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request on a connection of its own. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'POST', headers = {}, body } = options;
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Raw bytes over one connection; everything the server says until it closes. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}
