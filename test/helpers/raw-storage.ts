import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a raw server reads it. */
export interface RawRequest {
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers one request with bytes of its own making. */
export type RawHandler = (socket: Socket, request: RawRequest) => void;

/** A storage below HTTP: it writes, cuts and resets as it is told. */
export interface RawStorage {
  readonly url: string;
  readonly asked: readonly RawRequest[];
}

/**
 * Starts one on 127.0.0.1 for the test that is running. Each request is answered by the next handler; the last one stays. A
 * connection takes one request.
 */
export async function startRawStorage(...handlers: RawHandler[]): Promise<RawStorage> {
  const asked: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const [line = '', ...lines] = text.split('\r\n');
      text = '';
      const headers = Object.fromEntries(
        lines.filter(Boolean).map((header) => [header.split(':')[0]!.toLowerCase(), header.replace(/^[^:]*: */, '')]),
      );
      const request = { path: line.split(' ')[1] ?? '', headers };
      asked.push(request);
      (handlers.length > 1 ? handlers.shift() : handlers[0])?.(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** How {@link send} answers. */
export interface RawAnswer {
  /** `HTTP/1.1 200 OK` unless given. */
  readonly line?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer;
  /** `close` (FIN) unless given; `reset` sends RST, `stall` does nothing more. */
  readonly then?: 'close' | 'reset' | 'stall';
}

/** A handler that writes exactly this. */
export function send({ line = 'HTTP/1.1 200 OK', headers = {}, body = Buffer.alloc(0), then }: RawAnswer): RawHandler {
  return (socket) => {
    // Without it the client would take the connection for its next request, just while we close it.
    const closing = then === undefined || then === 'close' ? { connection: 'close' } : {};
    const head = [
      line,
      ...Object.entries({ ...closing, ...headers }).map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n');
    socket.write(head);
    socket.write(body, () => {
      if (then === 'stall') return;
      // What was written must arrive before a reset overtakes it.
      if (then === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      else socket.end();
    });
  };
}

/** A file on a storage that can do ranges. */
export interface StoredFile {
  readonly bytes: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The file, or the rest of it, as asked; `spoil` changes the answer. */
export function serveFile(file: StoredFile, spoil: (answer: RawAnswer) => RawAnswer = (answer) => answer): RawHandler {
  return (socket, request) => {
    const { bytes, headers = {} } = file;
    const first = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const condition = request.headers['if-range'];
    const fits = condition === undefined || Object.values(headers).includes(condition);
    const answer: RawAnswer =
      request.headers.range !== undefined && fits
        ? {
            line: 'HTTP/1.1 206 Partial Content',
            headers: {
              ...headers,
              'content-length': bytes.length - first,
              'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}`,
            },
            body: bytes.subarray(first),
          }
        : { headers: { ...headers, 'content-length': bytes.length }, body: bytes };
    send(spoil(answer))(socket, request);
  };
}
