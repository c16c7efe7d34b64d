import { SANDBOX_PROFILE } from '../config/resolve-settings.js';
import { decodeText } from '../domain/text-encoding.js';
import { AppError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { defineCommand } from './command.js';
import { readInputText, readStdin } from './read-input.js';
import { resolveMode } from './resolve-mode.js';

interface ApiOptions {
  readonly data?: string;
  readonly mode?: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

export const command = defineCommand<ApiOptions, [string, string]>({
  help: {
    purpose:
      'Send a signed request of any kind to the access address and print the answer as it came. For interfaces that this tool has no command for; nothing is checked and the ledger is not kept. Write + as %2B in the path. An HTTP status of 400 and more ends with the exit code of its meaning.',
    examples: [
      {
        says: 'the pairs on an X',
        line: "privacy-call -p sandbox api GET '/rest/caas/relationnumber/partners/v1.0?relationNum=%2B8617000000201' --mode axb",
      },
    ],
    output: 'The body of the answer, unchanged.',
    exits: ['auth', 'notFound', 'conflict', 'busy', 'network', 'lockedOut', 'account'],
  },
  define: (target) => {
    target
      .argument('<method>', METHODS.join(', '))
      .argument('<path>', 'path and query')
      .option('--data <json>', 'body; @file reads it from a file, - from stdin')
      .option('--mode <mode>', 'application of the sandbox to sign for');
  },
  async run(options, context, method, path) {
    const verb = method.toUpperCase();
    if (!METHODS.includes(verb))
      throw new AppError('flag-invalid', {
        zh: `${method}：必须是 ${METHODS.join('、')}`,
        en: `${method}: must be ${METHODS.join(', ')}`,
      });
    if (!path.startsWith('/'))
      throw new AppError('flag-invalid', { zh: `${path}：必须以 / 开头`, en: `${path}: must begin with /` });
    const body = await readBody(options.data, context);
    const mode = context.profile === SANDBOX_PROFILE ? await resolveMode(context, { mode: options.mode }) : undefined;
    const platform = await context.platform(mode);
    if (context.global.dryRun) {
      return { view: 'text', text: `${verb} ${platform.application.endpoint}${path}\n${body ?? ''}\n` };
    }
    const answer = await platform.raw({ method: verb, path, body });
    if (context.global.verbose) await context.note(`HTTP ${answer.status}`);
    const text = answer.text.endsWith('\n') ? answer.text : `${answer.text}\n`;
    if (answer.status < 400) return { view: 'text', text };
    await context.stdout.write(text);
    const resultcode = typeof answer.body.resultcode === 'string' ? answer.body.resultcode : undefined;
    throw await refusal(answer.status, resultcode);
  },
});

async function refusal(status: number, resultcode: string | undefined): Promise<AppError> {
  const { resultError } = await import('../platform/result-errors.js');
  return resultError({
    httpStatus: status,
    resultcode,
    resultdesc: undefined,
    declaration: undefined,
  });
}

async function readBody(data: string | undefined, context: CommandContext): Promise<string | undefined> {
  if (data === '-') return decodeText(await readStdin(context));
  if (data?.startsWith('@') === true) return readInputText('--data', data.slice(1), context);
  return data;
}
