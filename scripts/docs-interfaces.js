import { flagOf } from '../dist/platform/declarations/flag-of.js';
import { modesOf } from '../dist/platform/declarations/declaration.js';

/** Parameters that the tool sends by itself while it pages. */
const PAGING = new Set(['page', 'pageSize', 'cursor', 'limit']);
/** Operations whose commands take their values by other names. */
const WITHOUT_FLAGS = new Set(['hangup', 'recording-address']);

const code = (text) => `\`${text}\``;
const escape = (text) => text.replaceAll('|', '\\|');

function row(cells) {
  return `| ${cells.map((cell) => escape(String(cell ?? ''))).join(' | ')} |`;
}

function limits({ type, length, range, orZero, choices, shortNumbers, plain, unit }) {
  return [
    length === undefined ? '' : `${length[0]}–${length[1]} characters`,
    range === undefined ? '' : `${range[0]}–${range[1]}${orZero ? ', or 0' : ''}`,
    choices === undefined
      ? ''
      : Object.entries(choices)
          .map(([own, wire]) => `${own} = ${code(JSON.stringify(wire))}`)
          .join(', '),
    shortNumbers ? '400 and 95 numbers too' : '',
    plain ? 'JSON boolean' : '',
    type === 'expiry' && unit !== undefined
      ? `unit in ${code(unit.wire)}: hours ${code(unit.hours)}, minutes ${code(unit.minutes)}`
      : '',
  ]
    .filter(Boolean)
    .join('; ');
}

function flagCell(parameter, operation) {
  if (parameter.fixed !== undefined) return `always ${code(parameter.fixed)}`;
  if (PAGING.has(parameter.name)) return 'paging';
  return WITHOUT_FLAGS.has(operation) ? '' : code(flagOf(parameter));
}

function parameterRow(parameter, operation) {
  const { wire, type, required, help, mark, fixedUnless } = parameter;
  const notes = [
    help,
    parameter.default === undefined ? '' : `default ${parameter.default}`,
    fixedUnless === undefined ? '' : `not sent with ${fixedUnless}`,
    mark === undefined ? '' : `(${mark})`,
  ];
  return row([
    code(wire),
    flagCell(parameter, operation),
    parameter.in,
    type,
    required ? 'yes' : '',
    limits(parameter),
    notes.filter(Boolean).join('; '),
  ]);
}

function describeRule(rule) {
  const all = (names) => names.map(code).join(', ');
  switch (rule.kind) {
    case 'one-of':
      return `one of ${all(rule.names)} is needed`;
    case 'exclusive':
      return `only one of ${all(rule.names)}`;
    case 'needs':
      return `${code(rule.name)} needs ${code(rule.other)}`;
    case 'distinct':
      return `${code(rule.name)} and ${code(rule.other)} are not the same: ${rule.why.en}`;
    case 'advises':
      return `warning: ${code(rule.name)} without ${code(rule.other)}: ${rule.why.en}`;
    case 'discourages':
      return `warning: ${code(rule.name)} set to ${code(rule.value)}: ${rule.why.en}`;
    case 'at-least':
      return `${code(rule.name)} is not below ${code(rule.other)}; 0 has no end`;
    default:
      throw new Error(`no words for a rule of kind ${rule.kind}`);
  }
}

/** One interface of the platform as a section of docs/platform.md. */
export function describeInterface(declaration) {
  const { id, operation, method, path, page, summary, parameters, rules, answer, list, resultCodes, appKeyInQuery } =
    declaration;
  const modes = modesOf(declaration).map((mode) => mode.toUpperCase());
  const query = appKeyInQuery ? '?app_key=…' : '';
  const lines = [
    `### ${id}`,
    '',
    `${summary}. Modes: ${modes.join(', ')}. Page: ${page} (read 2026-07).`,
    '',
    `\`${method} ${path}${query}\``,
    '',
    row(['Wire name', 'Flag', 'In', 'Type', 'Required', 'Limits', 'Meaning']),
    row(['---', '---', '---', '---', '---', '---', '---']),
    ...parameters.map((parameter) => parameterRow(parameter, operation)),
    '',
  ];
  if (rules.length > 0) lines.push(`Rules: ${rules.map(describeRule).join('; ')}.`, '');
  if (answer.length > 0) {
    const fields = answer.map(({ wire, name }) =>
      name === undefined || name === wire ? code(wire) : `${code(wire)} (${name})`,
    );
    lines.push(`Answer${list === undefined ? '' : `, each in ${code(list)}`}: ${fields.join(', ')}.`, '');
  }
  lines.push(`Result codes beside the common ones: ${resultCodes.map(code).join(', ') || 'none'}.`);
  return lines.join('\n');
}
