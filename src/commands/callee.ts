import type { Binding } from '../domain/binding.js';
import { axCallee } from '../platform/declarations/ax.js';
import { defineCommand } from './command.js';
import { addParameterFlags, readParameterValues, type TypedParameters } from './parameter-flags.js';
import { checkRequest, previewRequest } from './preview-request.js';

type CalleeOptions = TypedParameters;

export const command = defineCommand<CalleeOptions>({
  help: {
    purpose:
      'Set the temporary callee (临时被叫) of an AX binding: whom the next call of A through X reaches. Needed before every call of A; it counts for a minute unless --for says otherwise, and a new one replaces it. Without it A hears hang-up cause 8013.',
    examples: [
      {
        says: 'A may now dial X and reach this number',
        line: 'privacy-call -p sandbox callee --id "$ID" --to 13800000009 --for 60s',
      },
    ],
    output: 'TemporaryCallee: id or x, to, forSeconds, until',
    exits: ['auth', 'notFound', 'busy', 'network', 'lockedOut', 'account'],
  },
  define: (target) => {
    addParameterFlags(target, [axCallee]);
  },
  async run(options, context) {
    const values = readParameterValues(axCallee, [axCallee], options);
    const warnings = checkRequest(axCallee, values);
    const platform = await context.platform('ax');
    if (context.global.dryRun) return previewRequest(platform, { declaration: axCallee, values, warnings });
    await platform.setCallee(values);
    const forSeconds = typeof values.for === 'number' ? values.for : 60;
    const until = new Date(context.now().getTime() + forSeconds * 1000);
    return {
      view: 'item',
      kind: 'TemporaryCallee',
      item: { id: values.id, x: values.x, to: values.to, forSeconds, until },
      columns: [
        { field: 'id', title: { zh: '绑定ID', en: 'Binding ID' } },
        { field: 'x', title: { zh: 'X号码', en: 'X' } },
        {
          field: 'to',
          title: { zh: '临时被叫', en: 'Callee' },
          cell: ({ to }: { to: Binding['b'] }, paint) => paint.number(to),
        },
        { field: 'until', title: { zh: '有效至', en: 'Until' } },
      ],
      warnings,
    };
  },
});
