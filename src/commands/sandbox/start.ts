import { BINDING_MODES, formatMode } from '../../domain/mode.js';
import { sandboxCredentials } from '../../sandbox/initial-state.js';
import { Told, type Words } from '../../domain/text-pair.js';
import { startSandboxServer } from '../../sandbox/server.js';
import { defineCommand } from '../command.js';
import { addServerFileFlags, readTls, type ServerFileOptions, writeReadyFile } from '../server-files.js';
import { LiveQueue } from '../live-queue.js';
import { parsePort, parseTime } from '../parse-flags.js';
import { sandboxFolder } from '../sandbox-folder.js';
import { parseSeed } from './parse-seed.js';
import { addPushFlags, parsePushFlags, type PushFlags, setPushes } from './push-flags.js';

interface StartOptions extends PushFlags, ServerFileOptions {
  readonly port: string;
  readonly host: string;
  readonly seed?: string;
  readonly clock?: string;
}

interface LineRow {
  readonly kind: 'SandboxLine';
  readonly at: Date;
  readonly text: Told;
}

export const command = defineCommand<StartOptions>({
  help: {
    purpose:
      'Serve the embedded sandbox on a port, for other programs and for as long as you like. Its state is that of -p sandbox, which talks to this server while it runs. It signs pushes and repeats them by the timetable of the platform. Ctrl-C or SIGTERM ends it, exit code 0.\n' +
      'It is a likeness for trying and testing, made from the documentation: see the README for what it does not imitate. It answers everybody who can reach the port; steering (sandbox call …) is taken from this machine only.',
    examples: [
      {
        says: 'pushes to a receiver on the same machine',
        line: 'privacy-call sandbox start --port 0 --push "$SERVER" --ready-file sandbox.url > sandbox.log &\nuntil [ -s sandbox.url ]; do sleep 0.1; done',
      },
    ],
    output: 'SandboxLine: at, text (the first is the address)',
    exits: ['storage'],
  },
  define: (target) => {
    target
      .option('--port <port>', 'port; 0 takes a free one', '18080')
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('--seed <count>', 'seed of a new state: same seed, same answers')
      .option('--clock <time>', 'stand still at this time: "2026-11-22 08:00" (in --tz) or with an offset');
    addServerFileFlags(target);
    addPushFlags(target);
  },
  async run(options, context) {
    const port = parsePort('--port', options.port);
    const seed = options.seed === undefined ? undefined : parseSeed('--seed', options.seed);
    const zoned = { zone: context.zone, now: context.now() };
    const clock = options.clock === undefined ? undefined : parseTime('--clock', options.clock, zoned);
    const pushSettings = parsePushFlags(options);
    const over = new AbortController();
    const lines = new LiveQueue<LineRow>(over.signal);
    const line = (text: Words): LineRow => ({ kind: 'SandboxLine', at: context.now(), text: new Told(text) });
    const server = await startSandboxServer({
      folder: sandboxFolder(context),
      port,
      host: options.host,
      seed,
      tls: await readTls(options, context),
      now: () => context.now(),
      pid: context.pid,
      signal: context.signal,
      log: (text) => {
        lines.push(line(text));
      },
    });
    void server.closed.then(() => {
      over.abort();
    });
    context.defer(() => server.close());
    if (clock !== undefined) await server.control.clock({ set: clock.toISOString(), freeze: true });
    await setPushes(server.control, pushSettings);
    await writeReadyFile(options, context, server.url);
    await context.note({ zh: `沙箱地址 ${server.url}`, en: `sandbox on ${server.url}` });
    for (const mode of BINDING_MODES) {
      const { appKey, appSecret } = sandboxCredentials(mode);
      await context.note(`  ${formatMode(mode).padEnd(4)} APP_Key ${appKey}  APP_Secret ${appSecret}`);
    }
    return {
      view: 'list',
      kind: 'SandboxLineList',
      items: lines.from([line(server.url)]),
      columns: [
        { field: 'at', title: { zh: '时间', en: 'At' } },
        { field: 'text', title: { zh: '内容', en: 'What' } },
      ],
      layout: 'lines',
      live: true,
      outlivesReader: true,
    };
  },
});
