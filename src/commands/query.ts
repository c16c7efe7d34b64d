import { countedPair, NOUNS } from '../domain/counted.js';
import { queryBindings } from '../bindings/query-bindings.js';
import { AppError } from '../errors.js';
import { bindingDeclarations } from '../platform/declarations/all.js';
import { axQuery } from '../platform/declarations/ax.js';
import { axbQuery } from '../platform/declarations/axb.js';
import { axeQuery, axeQueryAll } from '../platform/declarations/axe.js';
import { axybQuery } from '../platform/declarations/axyb.js';
import { BINDING_COLUMNS } from './columns.js';
import { FIELD_LISTS } from './field-lists.js';
import { defineCommand } from './command.js';
import { openBooks } from './open-books.js';
import { addParameterFlags, readParameterValues, type TypedParameters } from './parameter-flags.js';
import { parseCount } from './parse-flags.js';
import { checkRequest } from './preview-request.js';
import { resolveMode } from './resolve-mode.js';

interface QueryOptions extends TypedParameters {
  readonly mode?: string;
  readonly limit: string;
  readonly all?: boolean;
  readonly adopt?: boolean;
}

const DECLARATIONS = [axQuery, axbQuery, axeQuery, axeQueryAll, axybQuery];

export const command = defineCommand<QueryOptions>({
  help: {
    purpose:
      'Ask the platform for bindings: by ID, by X (all on it, page after page), in AX also by A, in AXB by X with A or B. The platform has no list of all bindings: see "bindings list" for what this tool made.\n' +
      'An ID that does not exist ends with exit code 5; an X without bindings is an empty list.',
    examples: [
      { says: 'one binding', line: 'privacy-call -p sandbox query --id "$ID"' },
      {
        says: 'everything on an X, as JSON lines',
        line: 'privacy-call -p sandbox query --mode axb -x 17000000201 --all -o ndjson',
      },
    ],
    output: FIELD_LISTS.binding,
    exits: ['auth', 'notFound', 'busy', 'network', 'empty', 'lockedOut', 'account', 'storage'],
  },
  define: (target) => {
    target.option('--mode <mode>', "mode of the application (default: the profile's, else what the ledger knows)");
    addParameterFlags(target, DECLARATIONS);
    target
      .option('--limit <count>', 'at most so many bindings', '100')
      .option('--all', 'every binding')
      .option('--adopt', 'enter bindings that the ledger does not know');
  },
  async run(options, context) {
    const mode = await resolveMode(context, { mode: options.mode, binding: { id: options.id, x: options.x } });
    const wholeX = mode === 'axe' && options.id === undefined && options.ext === undefined;
    const declaration = wholeX ? axeQueryAll : bindingDeclarations(mode).query;
    const values = readParameterValues(declaration, DECLARATIONS, options);
    if (wholeX && values.x === undefined)
      throw new AppError('flag-missing', { zh: 'query 需要 --id 或 -x', en: 'query needs --id, or -x' });
    const warnings = checkRequest(declaration, values);
    const limit = options.all === true ? undefined : parseCount('--limit', options.limit);
    const books = await openBooks(context, mode);
    let found = 0;
    const items = async function* () {
      for await (const binding of queryBindings(books, { mode, values, limit, adopt: options.adopt })) {
        found += 1;
        yield binding;
      }
    };
    return {
      view: 'list',
      kind: 'BindingList',
      items: items(),
      columns: BINDING_COLUMNS,
      single: () => BINDING_COLUMNS,
      warnings,
      footer: (count) =>
        count === limit
          ? { zh: `前 ${count} 条；--all 显示全部`, en: `the first ${count}; --all shows every binding` }
          : countedPair(count, NOUNS.binding),
      outcome: () =>
        found === 0 && values.id !== undefined
          ? new AppError(
              'binding-not-found',
              { zh: `没有绑定ID为 ${String(values.id)} 的绑定关系`, en: `no binding has the ID ${String(values.id)}` },
              {
                hint: {
                  zh: '可能已到期、已解绑，或属于其他应用。',
                  en: 'It may have expired, been removed, or belong to another application.',
                },
              },
            )
          : undefined,
    };
  },
});
