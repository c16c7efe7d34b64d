import { wordsIn } from '../domain/text-pair.js';
import { AppError, isAppError } from '../errors.js';
import { runControl } from './control.js';
import { type Deliver, type DeliveryAnswer, sendPushes, signDelivery } from './deliver.js';
import { IN_PROCESS, jsonResponse, type SandboxRequest, type SandboxResponse, splitTarget } from './exchange.js';
import { expire } from './expire.js';
import { answerInstead, spoilAnswer, spoilRequest, takeFault } from './faults.js';
import { handlePlatform } from './handle-platform.js';
import { settlePush, takeDuePushes } from './push-queue.js';
import { handleStorage, STORAGE_PATH } from './recordings.js';
import type { Ask } from './send-sms.js';
import { sandboxTime, type SandboxApplication, type SandboxState } from './state.js';

/** Path below which the sandbox itself is steered. */
export const CONTROL_PATH = '/_sandbox/';

/** What the sandbox is made of. */
export interface SandboxParts {
  /** Changed in place by every request. */
  readonly state: SandboxState;
  /** The host's time. */
  readonly now: () => Date;
  readonly deliver: Deliver;
}

/** The platform, embedded: requests in, answers out, pushes on their way. It keeps nothing itself but `state`. */
export interface SandboxCore {
  readonly state: SandboxState;
  /** Answers one request. Pushes are only queued; see {@link SandboxCore.deliverDue}. */
  handle(request: SandboxRequest): Promise<SandboxResponse>;
  /** Ends what is due and sends every push that is due, the first try and retries; rejects never. */
  deliverDue(): Promise<void>;
}

/** Whether `remote` is this machine: only such may steer the sandbox. */
function isLoopback(remote: string): boolean {
  return remote === IN_PROCESS || remote === '::1' || /^(::ffff:)?127\./.test(remote);
}

function buildAsk(parts: SandboxParts, application: SandboxApplication): Ask {
  return async (url, body) => {
    if (url === undefined) return undefined;
    const delivery = signDelivery(application, { url, body: JSON.stringify(body) }, parts.now());
    try {
      const answer: DeliveryAnswer = await parts.deliver({ ...delivery, timeoutMs: parts.state.blockWaitMs });
      return answer.status === 200 ? (JSON.parse(answer.body) as unknown) : undefined;
    } catch {
      // No answer and one that cannot be read are the same to the platform: the call ends with 8014, the text is discarded.
      return undefined;
    }
  };
}

/** Questions go out in the name of the application whose address is asked. */
function askInName(parts: SandboxParts): Ask {
  return async (url, body) => {
    const application = parts.state.applications.find(({ push }) => push.event === url || push.smsBlock === url);
    return application === undefined ? undefined : buildAsk(parts, application)(url, body);
  };
}

async function control(parts: SandboxParts, request: SandboxRequest, hostNow: Date): Promise<SandboxResponse> {
  // A page in a browser on this machine must not steer the sandbox behind its user's back.
  if (!isLoopback(request.remote) || request.headers.origin !== undefined) {
    return jsonResponse(403, { error: { code: 'flag-invalid', message: 'only this machine may steer the sandbox' } });
  }
  const { path } = splitTarget(request.target);
  const { state } = parts;
  try {
    const fields = parseFields(request.body);
    const context = { state, ask: askInName(parts), hostNow, now: sandboxTime(state, hostNow) };
    return jsonResponse(200, await runControl(context, `${request.method} ${path.slice(CONTROL_PATH.length)}`, fields));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, words, hint } = error;
    const status = error.exitCode === 5 ? 404 : 400;
    const toldIn = (lang: 'zh' | 'en'): object => ({
      message: wordsIn(words, lang),
      hint: hint === undefined ? undefined : wordsIn(hint, lang),
    });
    return jsonResponse(status, { error: { code, ...toldIn('en'), zh: toldIn('zh') } });
  }
}

function parseFields(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const fields: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
      return fields as Record<string, unknown>;
  } catch {
    // Told below like every other body that is no object.
  }
  throw new AppError('input-invalid', {
    zh: '控制请求的消息体必须是 JSON 对象',
    en: 'the body of a control request must be a JSON object',
  });
}

/** Makes the sandbox from its state. No I/O but the pushes. */
export function buildSandbox(parts: SandboxParts): SandboxCore {
  const { state, now, deliver } = parts;
  return {
    state,
    async handle(request) {
      const hostNow = now();
      expire(state, sandboxTime(state, hostNow));
      const { path } = splitTarget(request.target);
      if (path.startsWith(CONTROL_PATH)) return dated(await control(parts, request, hostNow), hostNow);
      const fault = takeFault(state, path);
      const instants = { hostNow, now: sandboxTime(state, hostNow) };
      const response =
        answerInstead(fault, request) ??
        spoilAnswer(
          fault,
          path.startsWith(STORAGE_PATH)
            ? handleStorage(state, spoilRequest(fault, request), instants.now)
            : handlePlatform(state, request, instants),
          request,
        );
      return dated(response, hostNow);
    },
    async deliverDue() {
      const sandboxNow = sandboxTime(state, now());
      expire(state, sandboxNow);
      const due = takeDuePushes(state, sandboxNow);
      for (const { id, ...result } of await sendPushes(due, state.applications, { deliver, now })) {
        settlePush(state, id, result);
      }
    },
  };
}

function dated(response: SandboxResponse, hostNow: Date): SandboxResponse {
  return { ...response, headers: { ...response.headers, date: hostNow.toUTCString() } };
}
