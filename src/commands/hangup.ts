import { callStop } from '../platform/declarations/common-interfaces.js';
import { defineCommand } from './command.js';
import { resolveMode } from './resolve-mode.js';
import { checkRequest, previewRequest } from './preview-request.js';

export const command = defineCommand<{ readonly mode?: string }, [string]>({
  help: {
    purpose:
      'End a running call, both legs. Legacy: no mode lists this interface any more, though it answered until 2024-11 at least. The session is the sessionId of a call event.',
    examples: [
      {
        says: 'see the request',
        line: 'privacy-call -p sandbox hangup 1200_366_0_20161228102743@callenabler.home1.com --mode axb --dry-run',
      },
    ],
    output: 'HangUp: sessionId',
    exits: ['auth', 'notFound', 'busy', 'network', 'lockedOut', 'account'],
  },
  define: (target) => {
    target
      .argument('<session>', 'sessionId of a call event')
      .option('--mode <mode>', "mode of the application (default: the profile's)");
  },
  async run(options, context, sessionId) {
    const values = { sessionId };
    const warnings = checkRequest(callStop, values);
    const mode = await resolveMode(context, { mode: options.mode });
    const platform = await context.platform(mode);
    if (context.global.dryRun) return previewRequest(platform, { declaration: callStop, values, warnings });
    await platform.hangUp(sessionId);
    return {
      view: 'item',
      kind: 'HangUp',
      item: { sessionId },
      columns: [{ field: 'sessionId', title: { zh: '会话', en: 'Session' } }],
    };
  },
});
