import { AppError } from '../../errors.js';
import { formatMode, type BindingMode } from '../../domain/mode.js';
import { bindingDeclarations } from '../../platform/declarations/all.js';
import { axybBindY } from '../../platform/declarations/axyb.js';
import type { InterfaceDeclaration, Parameter } from '../../platform/declarations/declaration.js';
import type { JobHead } from '../../store/jobs.js';

/** What can be done with many rows at once. */
export type BulkOperation = JobHead['operation'];

/** Numbers by which the ledger knows a binding, where a row of an unbind or update has no ID. */
const KEYS = ['a', 'b', 'x', 'y', 'extension'];

/**
 * The interface that a row asks.
 * @param withId whether the row names a binding ID: in AXYB that makes a bind one of B and Y.
 * @throws AppError `flag-invalid` for an update in AXYB, which the platform does not offer.
 */
export function rowDeclaration(operation: BulkOperation, mode: BindingMode, withId: boolean): InterfaceDeclaration {
  if (operation === 'bind' && mode === 'axyb' && withId) return axybBindY;
  const declaration = bindingDeclarations(mode)[operation];
  if (declaration !== undefined) return declaration;
  throw new AppError(
    'flag-invalid',
    { zh: `${formatMode(mode)} 的绑定关系不能修改`, en: `${formatMode(mode)} bindings cannot be changed` },
    {
      hint: { zh: '请先解绑，再重新绑定。', en: 'Unbind, then bind again.' },
    },
  );
}

/** Parameters that a file may have columns for: those of the interfaces, and for an unbind the numbers by which the ledger finds the ID. */
export function columnParameters(operation: BulkOperation, mode: BindingMode): readonly Parameter[] {
  const declarations = [rowDeclaration(operation, mode, false)];
  if (operation === 'bind' && mode === 'axyb') declarations.push(axybBindY);
  if (operation === 'unbind') declarations.push(bindingDeclarations(mode).query);
  if (operation === 'unbind') declarations.push(bindingDeclarations(mode).bind);
  const all = new Map<string, Parameter>();
  declarations.forEach(({ parameters }, index) => {
    for (const parameter of parameters) {
      if (parameter.fixed !== undefined || all.has(parameter.name)) continue;
      if (index === 0 || operation === 'bind' || KEYS.includes(parameter.name)) all.set(parameter.name, parameter);
    }
  });
  return [...all.values()];
}
