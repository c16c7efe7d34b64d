import type { TextPair } from '../domain/text-pair.js';
import { drawBlocks, drawItem, drawLine, drawTable } from './draw-table.js';
import { writeTalk } from './fold-text.js';
import { buildPainter } from './painter.js';
import type { RenderOptions, RenderSinks } from './render-options.js';
import type { CellPainter, Column, ListView } from './view.js';

/** Rows that a table takes at a time: its columns are as wide as these rows need. */
const TABLE_ROWS = 500;

/** One thing as it is drawn on a terminal: a field a line. */
export function itemText<T>(
  item: T,
  columns: readonly Column<T>[],
  options: RenderOptions & { readonly width: number },
): string {
  return drawItem(item, columns, { paint: painterOf(options), width: options.width });
}

/** Draws the rows of a list on a terminal, some hundred at a time. @returns how many there were. */
export async function renderTable<T>(
  view: ListView<T>,
  columns: readonly Column<T>[],
  options: RenderOptions,
  { stdout, stderr }: RenderSinks,
): Promise<number> {
  const frame = { paint: painterOf(options), width: stdout.columns ?? 80 };
  const hidden = new Set<string>();
  const cut = new Set<string>();
  let count = 0;
  let rows: T[] = [];
  let endsInBlock = false;
  /** What rows since the last write look like; between two blocks there is an empty line also where they are of two writes. */
  const writeDrawn = async (text: string, inBlocks: boolean): Promise<void> => {
    if (text === '') return;
    await stdout.write(endsInBlock ? `\n${text}` : text);
    endsInBlock = inBlocks;
  };
  const flush = async (): Promise<void> => {
    const [only] = rows;
    if (view.layout === 'blocks') await writeDrawn(drawBlocks(rows, columns, frame), true);
    else if (view.single !== undefined && options.fields === undefined && count === 1 && only !== undefined) {
      await stdout.write(drawItem(only, view.single(only), frame));
    } else {
      const drawn = await drawTable(rows, columns, frame);
      for (const field of drawn.hidden) hidden.add(field);
      for (const field of drawn.cut) cut.add(field);
      await writeDrawn(drawn.text, drawn.inBlocks);
    }
    rows = [];
  };
  try {
    for await (const item of view.items) {
      count += 1;
      if (view.layout === 'lines') {
        await stdout.write(drawLine(item, columns, frame));
        continue;
      }
      rows.push(item);
      if (rows.length === TABLE_ROWS) await flush();
    }
  } finally {
    await flush();
  }
  if (hidden.size + cut.size > 0 && !options.quiet) {
    const told = noRoomFor([...hidden], [...cut])[options.lang];
    await writeTalk(stderr, told);
  }
  return count;
}

function painterOf(options: RenderOptions): CellPainter {
  return buildPainter({ ...options, mask: options.mask ?? true });
}

/** What the table leaves out, and what it shows in part. */
function noRoomFor(hidden: readonly string[], cut: readonly string[]): TextPair {
  const [fields, whole] = [hidden.join(', '), cut.join(', ')];
  const zh = [fields && `未显示 ${fields}`, whole && `${whole} 未显示完整`].filter(Boolean).join('，');
  const en = [fields, whole && `all of ${whole}`].filter(Boolean).join(' and ');
  return {
    zh: `宽度不足，${zh}：请加宽终端，或用 --fields 选择`,
    en: `no room for ${en}: widen the terminal, or choose with --fields`,
  };
}
