/**
 * Minutes after the first try at which the platform pushes again what was not answered with HTTP 200. Whether it counts from the
 * first push or from the previous one is not documented; the sandbox counts from the first too.
 * Source: privatenumber_02_0006a (retries since 2020-11-05, read 2026-07).
 */
const RETRY_MINUTES = [1, 4, 9, 106, 203, 300] as const;

/**
 * The platform's retry timetable: milliseconds from the first try to each later one.
 * @param timeScale 600 makes six seconds of an hour.
 */
export function platformRetries(timeScale = 1): readonly number[] {
  return RETRY_MINUTES.map((minutes) => (minutes * 60_000) / timeScale);
}
