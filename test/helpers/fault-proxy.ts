import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a proxy does to one answer. Of its body `keep` bytes come through. */
export interface WireFault {
  readonly kind: 'refuse' | 'reset' | 'cut' | 'http-1.0' | 'close-delimited' | 'longer' | 'replace' | 'stall';
  readonly keep?: number;
  /** The whole answer, for `replace`. */
  readonly answer?: Buffer;
}

/** A request that came by. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fault: WireFault['kind'] | undefined;
}

/** Stands between the program and a server and spoils answers on the wire, as no handler can. */
export interface FaultProxy {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/**
 * Starts one for the test that is running. One request a connection: the servers behind it close after each answer.
 * @param choose the fault of a request, if it is to have one.
 */
export async function startFaultProxy(
  target: string,
  choose: (path: string, headers: Readonly<Record<string, string>>) => WireFault | undefined,
): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    track(socket);
    let head = Buffer.alloc(0);
    const gather = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', gather);
      const [line = '', ...lines] = head.toString('latin1', 0, end).split('\r\n');
      const headers = Object.fromEntries(
        lines.map((text) => [text.split(':')[0]!.toLowerCase(), text.replace(/^[^:]*: */, '')]),
      );
      const path = line.split(' ')[1] ?? '';
      const fault = choose(path, headers);
      seen.push({ path, headers, fault: fault?.kind });
      pass(socket, head, fault);
    };
    socket.on('data', gather);
  });
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  };
  const pass = (socket: Socket, request: Buffer, fault: WireFault | undefined): void => {
    if (fault?.kind === 'refuse') {
      socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'replace') {
      socket.end(fault.answer ?? '');
      return;
    }
    const { hostname, port } = new URL(target);
    const onward = connect(Number(port), hostname);
    track(onward);
    onward.write(request);
    socket.on('data', (bytes) => onward.write(bytes));
    if (fault === undefined) {
      onward.pipe(socket);
      return;
    }
    const pieces: Buffer[] = [];
    onward.on('data', (bytes) => pieces.push(bytes));
    onward.on('end', () => {
      spoil(socket, Buffer.concat(pieces), fault);
    });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function spoil(socket: Socket, answer: Buffer, { kind, keep = 0 }: WireFault): void {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4;
  const kept = answer.subarray(0, bodyAt + keep);
  const withoutLength = (version: string): Buffer =>
    Buffer.concat([
      Buffer.from(
        answer
          .toString('latin1', 0, bodyAt)
          .replace(/^HTTP\/1\.1/, version)
          .replace(/content-length: \d+\r\n/i, ''),
        'latin1',
      ),
      answer.subarray(bodyAt, bodyAt + keep),
    ]);
  if (kind === 'cut') socket.end(kept);
  else if (kind === 'http-1.0') socket.end(withoutLength('HTTP/1.0'));
  else if (kind === 'close-delimited') socket.end(withoutLength('HTTP/1.1'));
  else if (kind === 'longer') socket.end(Buffer.concat([answer, Buffer.alloc(1000, 0x41)]));
  else if (kind === 'stall') socket.write(kept);
  else socket.write(kept, () => socket.resetAndDestroy());
}
