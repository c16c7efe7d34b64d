import { type BindingMode, formatMode } from '../domain/mode.js';
import { joinPairs } from '../domain/text-pair.js';
import { AppError, type ErrorCode } from '../errors.js';
import { axClient } from './ax.js';
import { axbClient } from './axb.js';
import { axeClient } from './axe.js';
import { axybClient } from './axyb.js';
import { bindingDeclarations } from './declarations/all.js';
import { axCallee } from './declarations/ax.js';
import { checkValues, type Problem } from './declarations/check-values.js';
import { callStop, recordingAddress } from './declarations/common-interfaces.js';
import type { InterfaceDeclaration, Values } from './declarations/declaration.js';
import { type EncodedRequest, encodeRequest } from './declarations/encode-request.js';
import type { ModeClient } from './mode-client.js';
import type { Answer, Platform } from './platform.js';
import { jsonObjectOf } from './read-answer.js';
import { buildSignedRequests, type SignedRequestsOptions } from './signed-requests.js';
import type { WireRequest } from './transport.js';
import { parseUrl } from './parse-url.js';

const CLIENTS: Readonly<Record<BindingMode, ModeClient>> = {
  ax: axClient,
  axb: axbClient,
  axe: axeClient,
  axyb: axybClient,
};

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const satisfies readonly WireRequest['method'][];

const PROBLEM_CODES: Readonly<Record<Problem['kind'], ErrorCode>> = {
  missing: 'flag-missing',
  conflict: 'flag-conflict',
  invalid: 'flag-invalid',
};

/**
 * The platform over a transport. Values are checked against the declaration, and the application's mode against the interface's,
 * before anything leaves.
 */
export function buildPlatform(options: SignedRequestsOptions): Platform {
  const { appSecret: _, ...application } = options.application;
  const requests = buildSignedRequests(options);

  const prepare = (declaration: InterfaceDeclaration, values: Values): { url: URL; encoded: EncodedRequest } => {
    refuseOtherMode(declaration, application.mode);
    refuseProblems(checkValues(declaration, values).problems);
    const encoded = encodeRequest(declaration, values, application.appKey);
    return {
      url: urlOf(application.endpoint, encoded.path + (encoded.query === '' ? '' : `?${encoded.query}`)),
      encoded,
    };
  };

  const call = async (declaration: InterfaceDeclaration, values: Values): Promise<Answer> => {
    const { url, encoded } = prepare(declaration, values);
    const body = encoded.body === undefined ? undefined : JSON.stringify(encoded.body);
    return requests.ask(declaration, { method: encoded.method, url, body });
  };

  return {
    application,
    preview: (declaration, values) => {
      const { url, encoded } = prepare(declaration, values);
      return { method: encoded.method, url: url.href, ...(encoded.body === undefined ? {} : { body: encoded.body }) };
    },
    call,
    bind: (mode, values) => CLIENTS[mode].bind(call, values, options.now),
    unbind: async (mode, values) => {
      await call(bindingDeclarations(mode).unbind, values);
    },
    update: async (mode, values) => {
      const declaration = bindingDeclarations(mode).update;
      if (declaration === undefined) {
        throw new AppError(
          'flag-invalid',
          { zh: `${formatMode(mode)} 的绑定关系不能修改`, en: `${formatMode(mode)} bindings cannot be changed` },
          {
            hint: { zh: '请先解绑，再重新绑定。', en: 'Unbind, then bind anew.' },
          },
        );
      }
      await call(declaration, values);
    },
    query: (mode, values) => CLIENTS[mode].query(call, values),
    setCallee: async (values) => {
      await call(axCallee, values);
    },
    hangUp: async (sessionId) => {
      await call(callStop, { sessionId });
    },
    recordingAddress: async ({ fileName, domain }) => {
      const answer = await call(recordingAddress, { fileName, domain });
      return locationOf(answer, application.endpoint);
    },
    raw: async ({ method, path, body }) => {
      const known = METHODS.find((one) => one === method.toUpperCase());
      if (known === undefined)
        throw new AppError('flag-invalid', {
          zh: `方法必须是 ${METHODS.join('、')} 之一`,
          en: `the method must be one of ${METHODS.join(', ')}`,
        });
      if (!path.startsWith('/'))
        throw new AppError('flag-invalid', { zh: '路径必须以 / 开头', en: 'the path must begin with /' });
      // A POST or PUT without a body still says so with a length of 0.
      const sent = body ?? (known === 'POST' || known === 'PUT' ? '' : undefined);
      const reply = await requests.once({ method: known, url: urlOf(application.endpoint, path), body: sent });
      return { ...reply, body: jsonObjectOf(reply.text) ?? {} };
    },
  };
}

function urlOf(endpoint: string, target: string): URL {
  const found = /^https?:\/\//i.test(endpoint) ? parseUrl(endpoint.replace(/\/+$/, '') + target) : undefined;
  if (found === undefined) {
    throw new AppError(
      'config-invalid',
      { zh: `APP接入地址 ${endpoint} 无法识别`, en: `the access address ${endpoint} cannot be read` },
      {
        hint: {
          zh: '写法：https://rtcpns.cn-north-1.myhuaweicloud.com。',
          en: 'Write it like https://rtcpns.cn-north-1.myhuaweicloud.com.',
        },
      },
    );
  }
  return found;
}

function refuseOtherMode(declaration: InterfaceDeclaration, own: Platform['application']['mode']): void {
  if (declaration.mode === undefined || own === undefined || declaration.mode === own) return;
  const [needed, has] = [formatMode(declaration.mode), formatMode(own)];
  const words = {
    zh: `应用属于 ${has} 模式，不能调用 ${needed} 接口`,
    en: `the application is of mode ${has}, the interface of ${needed}`,
  };
  throw new AppError('mode-mismatch', words, {
    hint: { zh: '用 --profile 选择该模式的应用。', en: 'Choose a profile of that mode with --profile.' },
  });
}

function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const words = joinPairs(
    problems.map((problem) => problem.words),
    { zh: '；', en: '; ' },
  );
  throw new AppError(PROBLEM_CODES[first.kind], words);
}

function locationOf(answer: Answer, endpoint: string): string {
  const { location } = answer.headers;
  const found = location === undefined ? undefined : parseUrl(location, urlOf(endpoint, recordingAddress.path));
  if (found === undefined) {
    throw new AppError(
      'answer-unreadable',
      {
        zh: `平台没有给出录音的下载地址（HTTP ${answer.status}）`,
        en: `the platform named no address for the recording (HTTP ${answer.status})`,
      },
      {
        hint: {
          zh: '请试其他接口；若有应答，可能是代理跟随了重定向。',
          en: 'Ask another interface; where that answers, a proxy may be following redirects.',
        },
        platform: { httpStatus: answer.status },
      },
    );
  }
  return found.href;
}
