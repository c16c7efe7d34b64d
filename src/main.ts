import { hostname } from 'node:os';
import { isatty } from 'node:tty';
import { type Context, PipeClosed, type Prompt, type Sink } from './context.js';
import { AppError } from './errors.js';
import { reportUnwritten, run } from './program.js';

const controller = new AbortController();

/** How long a stalled reader is waited for once the process is asked to stop. */
const STALLED_MS = 2000;

/** Whether a reader was given up: what waits for it would keep the process alive for as long as it stalls. */
const reader = { stalled: false };

/** What could not be written, a full disk behind `>`: `data` is what goes to stdout, `talk` what goes to stderr. */
const lost = { data: false, talk: false };

async function noteLoss(stream: NodeJS.WriteStream, error: Error): Promise<void> {
  if (stream === process.stderr) lost.talk = true;
  if (stream !== process.stdout) return;
  lost.data = true;
  await reportUnwritten(error, process.argv.slice(2), context);
}

// Data that is lost counts more than how the command ended, and talk that is lost less.
process.on('exit', (code) => {
  if (lost.data || (lost.talk && code === 0)) process.exitCode = 14;
});

/** A stream as a sink: waits while the other side is slow, and rejects once it is gone. */
function sinkOf(stream: NodeJS.WriteStream): Sink {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!closed && error.code !== 'EPIPE') void noteLoss(stream, error);
    closed = true;
  });
  return {
    get isTerminal() {
      return stream.isTTY;
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    terminal: stream.isTTY ? stream : undefined,
    write: (text) => {
      if (closed) return Promise.reject(new PipeClosed('nobody reads any more'));
      if (stream.write(text)) return Promise.resolve();
      return new Promise((resolve, reject) => {
        let patience: NodeJS.Timeout | undefined;
        // Asked to stop while the other side does not read: it is given a moment, then it counts as gone.
        const hurry = (): void => {
          patience = setTimeout(() => {
            closed = true;
            reader.stalled = true;
            settle();
          }, STALLED_MS);
        };
        const settle = (): void => {
          clearTimeout(patience);
          controller.signal.removeEventListener('abort', hurry);
          stream.off('drain', settle);
          stream.off('error', settle);
          if (closed) reject(new PipeClosed('nobody reads any more'));
          else resolve();
        };
        stream.once('drain', settle);
        stream.once('error', settle);
        if (controller.signal.aborted) hurry();
        else controller.signal.addEventListener('abort', hurry, { once: true });
      });
    },
  };
}

const prompt: Prompt = async (question) => {
  const { default: inquirer } = await import('inquirer');
  const type = ({ text: 'input', secret: 'password', confirm: 'confirm', select: 'select' } as const)[question.type];
  const ask = inquirer.createPromptModule({ output: process.stderr });
  try {
    const { answer } = await ask<{ answer: string | boolean }>([
      {
        type,
        name: 'answer',
        message: question.message,
        choices: question.choices,
        default: question.type === 'confirm' ? false : question.initial,
        validate: (text: string) => question.validate?.(text) ?? true,
      } as never,
    ]);
    return typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : answer;
  } catch (error) {
    // Ctrl-C or a closed terminal while a question stands.
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) {
      throw new AppError(
        'interrupted',
        { zh: '已被 Ctrl-C 停止：什么也没有做', en: 'stopped by Ctrl-C: nothing was done' },
        { cause: error },
      );
    }
    throw error;
  }
};

for (const [signal, code] of [
  ['SIGINT', 'interrupted'],
  ['SIGTERM', 'terminated'],
] as const) {
  process.on(signal, () => {
    const reason = new AppError(
      code,
      code === 'interrupted'
        ? { zh: '已被 Ctrl-C 停止', en: 'stopped by Ctrl-C' }
        : { zh: '已被 SIGTERM 停止', en: 'stopped by SIGTERM' },
    );
    // The second one does not wait for anything. But an exit waits for the threads, and one that opens a pipe which nobody writes to never comes back:
    // then the third one finds no handler, and ends it.
    if (controller.signal.aborted) {
      process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
      process.exit(reason.exitCode);
    }
    controller.abort(reason);
  });
}

// Node writes to pipes synchronously: a reader that stalls would stop the whole process, pushes and signals included.
for (const stream of [process.stdout, process.stderr]) {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => void } };
  if (!stream.isTTY) handle?.setBlocking?.(false);
}

/** Standard input. Who waits for it is not kept waiting when the process is asked to stop: the next read rejects with the reason. */
function readStdin(): AsyncIterator<Uint8Array> {
  // `process.stdin` opens a stream, which costs a tenth of Node's own start: only for who reads it.
  const { stdin } = process;
  const stop = (): void => void stdin.destroy(controller.signal.reason as AppError);
  if (controller.signal.aborted) stop();
  else controller.signal.addEventListener('abort', stop, { once: true });
  return stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
}

const context: Context = {
  stdin: { isTerminal: isatty(0), [Symbol.asyncIterator]: readStdin },
  stdout: sinkOf(process.stdout),
  stderr: sinkOf(process.stderr),
  prompt,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  signal: controller.signal,
  pid: process.pid,
  hostname: hostname(),
  onHangup: (handler) => {
    process.on('SIGHUP', handler);
  },
};

// No top-level await: the package is bundled as CommonJS, which starts faster.
void run(process.argv.slice(2), context).then((code) => {
  process.exitCode = code;
  if (reader.stalled) process.exit();
});
