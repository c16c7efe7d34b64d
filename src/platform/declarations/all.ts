import type { BindingMode } from '../../domain/mode.js';
import type { InterfaceDeclaration } from './declaration.js';
import { axBind, axCallee, axQuery, axUnbind, axUpdate } from './ax.js';
import { axbBind, axbQuery, axbUnbind, axbUpdate } from './axb.js';
import { axeBind, axeQuery, axeQueryAll, axeUnbind, axeUpdate } from './axe.js';
import { axybBind, axybBindY, axybQuery, axybUnbind } from './axyb.js';
import { callStop, recordingAddress } from './common-interfaces.js';

/** Every interface of the platform that the tool knows, in the order of the docs. */
export const DECLARATIONS: readonly InterfaceDeclaration[] = [
  axBind,
  axUnbind,
  axUpdate,
  axQuery,
  axCallee,
  axbBind,
  axbUnbind,
  axbUpdate,
  axbQuery,
  axeBind,
  axeUnbind,
  axeUpdate,
  axeQuery,
  axeQueryAll,
  axybBind,
  axybBindY,
  axybUnbind,
  axybQuery,
  recordingAddress,
  callStop,
];

/** The interfaces of one mode by what they do. */
export interface BindingDeclarations {
  readonly bind: InterfaceDeclaration;
  readonly unbind: InterfaceDeclaration;
  /** `undefined` in AXYB: there a binding cannot be changed. */
  readonly update: InterfaceDeclaration | undefined;
  readonly query: InterfaceDeclaration;
}

const BY_MODE: Readonly<Record<BindingMode, BindingDeclarations>> = {
  ax: { bind: axBind, unbind: axUnbind, update: axUpdate, query: axQuery },
  axb: { bind: axbBind, unbind: axbUnbind, update: axbUpdate, query: axbQuery },
  axe: { bind: axeBind, unbind: axeUnbind, update: axeUpdate, query: axeQuery },
  axyb: { bind: axybBind, unbind: axybUnbind, update: undefined, query: axybQuery },
};

/**
 * The interfaces that keep bindings in `mode`. Two have a second form beside these: AXE queries a whole X by `axe.query-all`, AXYB
 * binds a Y by `axyb.bind-y`.
 */
export function bindingDeclarations(mode: BindingMode): BindingDeclarations {
  return BY_MODE[mode];
}
