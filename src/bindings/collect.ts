/** Every item of `source`, in order; with `most`, reading stops after that many. */
export async function collect<T>(source: AsyncIterable<T>, most = Number.POSITIVE_INFINITY): Promise<T[]> {
  const items: T[] = [];
  if (most <= 0) return items;
  for await (const item of source) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}
