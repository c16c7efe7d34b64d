import { type Words, joinPairs } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { View } from '../output/view.js';
import { checkValues } from '../platform/declarations/check-values.js';
import type { InterfaceDeclaration, Values } from '../platform/declarations/declaration.js';
import type { Platform, RequestPreview } from '../platform/platform.js';

/**
 * Checks the values offline, all of them, before anything is sent.
 * @returns warnings.
 * @throws AppError `flag-missing`, `flag-conflict` or `flag-invalid` that names every problem.
 */
export function checkRequest(declaration: InterfaceDeclaration, values: Values): readonly Words[] {
  const { problems, warnings } = checkValues(declaration, values);
  if (problems.length === 0) return warnings;
  const words = joinPairs(
    problems.map((problem) => problem.words),
    { zh: '；', en: '; ' },
  );
  const kind = (['invalid', 'conflict', 'missing'] as const).find((one) =>
    problems.some((problem) => problem.kind === one),
  );
  throw new AppError(`flag-${kind ?? 'invalid'}`, words);
}

/** The request as it would leave, for `--dry-run`. */
export function previewRequest(
  platform: Pick<Platform, 'preview'>,
  request: { declaration: InterfaceDeclaration; values: Values; warnings: readonly Words[] },
): View {
  const item: RequestPreview = platform.preview(request.declaration, request.values);
  return {
    view: 'item',
    kind: 'Request',
    item,
    columns: [
      { field: 'method', title: { zh: '方法', en: 'Method' } },
      {
        field: 'url',
        title: { zh: '地址', en: 'Address' },
        cell: ({ url }: RequestPreview, paint) => paint.text(decodeURIComponent(url)),
      },
      {
        field: 'body',
        title: { zh: '内容', en: 'Body' },
        cell: ({ body }: RequestPreview, paint) => paint.text(body === undefined ? undefined : JSON.stringify(body)),
      },
    ],
    warnings: request.warnings,
    hint: { zh: '没有发送（--dry-run）。', en: 'Nothing was sent (--dry-run).' },
  };
}
