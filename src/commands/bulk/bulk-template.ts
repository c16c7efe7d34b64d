import { templateHeading } from '../../bindings/bulk/column-headings.js';
import { rowDeclaration, type BulkOperation } from '../../bindings/bulk/operations.js';
import type { BindingMode } from '../../domain/mode.js';
import { csvLine } from '../../output/separated-text.js';
import type { Parameter } from '../../platform/declarations/declaration.js';

const EXAMPLES: Readonly<Record<string, string>> = {
  id: '0ab1c2d3-0000-4000-8000-000000000001',
  a: '+8613800000001',
  b: '+8613800000002',
  x: '+8617000000201',
  y: '+8617000000402',
  extension: '1234',
  area: '0755',
  ttl: '2h',
};
/** Beside what a row must have: what most people want. */
const USUAL = new Set(['ttl']);

/**
 * The headings of a file, and one row that can be run, as CSV.
 * @param lang Chinese headings, or own names.
 * @throws AppError `flag-invalid` for an operation that the mode does not have.
 */
export function bulkTemplate(operation: BulkOperation, mode: BindingMode, lang: 'zh' | 'en'): string {
  const declaration = rowDeclaration(operation, mode, false);
  const parameters = declaration.parameters.filter(({ fixed }) => fixed === undefined);
  const filled = new Set(
    parameters
      .filter(({ required, name }) => required === true || (operation !== 'unbind' && USUAL.has(name)))
      .map(({ name }) => name),
  );
  for (const rule of declaration.rules) {
    const [first] = rule.kind === 'one-of' ? rule.names : [];
    if (first !== undefined) filled.add(first);
  }
  for (const rule of declaration.rules) if (rule.kind === 'needs' && filled.has(rule.name)) filled.add(rule.other);
  // An update changes something.
  if (operation === 'update' && !parameters.some(({ name }) => USUAL.has(name))) filled.add('userData');
  const cell = ({ name }: Parameter): string => (filled.has(name) ? (EXAMPLES[name] ?? 'order-1') : '');
  return csvLine(parameters.map((one) => templateHeading(one, lang))) + csvLine(parameters.map(cell));
}
