import { AppError } from '../../errors.js';

/**
 * Which paths are taken.
 * @param paths as typed; `undefined` takes every path.
 * @throws AppError `flag-invalid` for what is no path.
 */
export function takenPaths(paths: readonly string[] | undefined): ((path: string) => boolean) | undefined {
  if (paths === undefined) return undefined;
  const wrong = paths.find((path) => !/^\/[^\s?#]*$/.test(path));
  if (wrong !== undefined)
    throw new AppError('flag-invalid', {
      zh: `--path ${wrong}：必须是路径，如 /fee，不带查询参数`,
      en: `--path ${wrong}: must be a path such as /fee, without a query`,
    });
  const taken = new Set(paths);
  return (path) => taken.has(path);
}
