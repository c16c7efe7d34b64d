import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { InterfaceDeclaration, Values } from './declarations/declaration.js';

/** An application as the platform knows it, and how to reach it. */
export interface Application {
  /** Access address: `https://rtcpns.cn-north-1.myhuaweicloud.com`. */
  readonly endpoint: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly signing: 'aksk' | 'wsse';
  /** `undefined` when the profile does not say; then the platform judges. */
  readonly mode: BindingMode | 'x' | undefined;
}

/** A request that is ready but not sent, for `--dry-run`. The signature is left out. */
export interface RequestPreview {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

/** What the platform answered to a successful request, as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body; `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The platform as its client sees it. All methods reject with `AppError`; a change whose answer was lost rejects with
 * `outcome-unknown` and is never repeated here.
 */
export interface Platform {
  readonly application: Omit<Application, 'appSecret'>;
  /** The request as it would leave. @throws AppError `flag-…` when the values do not fit the declaration. */
  preview(declaration: InterfaceDeclaration, values: Values): RequestPreview;
  /** Sends one request of a declared interface. */
  call(declaration: InterfaceDeclaration, values: Values): Promise<Answer>;
  /** A new binding, or for AXYB with `id` a Y for B. */
  bind(mode: BindingMode, values: Values): Promise<Binding>;
  unbind(mode: BindingMode, values: Values): Promise<void>;
  update(mode: BindingMode, values: Values): Promise<void>;
  /** Every binding found, page after page; none found is an empty result, not an error. */
  query(mode: BindingMode, values: Values): AsyncIterable<Binding>;
  /** Sets whom the next call of A reaches, AX. */
  setCallee(values: Values): Promise<void>;
  /** Ends a running call, legacy. */
  hangUp(sessionId: string): Promise<void>;
  /** The address of a recording; to be used at once, without signature headers. */
  recordingAddress(recording: { readonly fileName: string; readonly domain: string }): Promise<string>;
  /** A signed request of any kind; every answer of the platform is handed back, also a refusal. */
  raw(request: {
    readonly method: string;
    readonly path: string;
    readonly body?: string | undefined;
  }): Promise<Answer & { readonly text: string }>;
}
