import type { Words } from '../domain/text-pair.js';
import type { Progress } from '../output/progress.js';

/** Tells a person that a find takes long because the index of the ledger is made, and how far that is. Takes what `openFileStore` tells. */
export function tellIndexing(start: (text: Words) => Promise<Progress>): (part: number) => void {
  let shown: Promise<Progress> | undefined;
  return (part) => {
    const percent = Math.floor(part * 100);
    const text = { zh: `正在为台账建立索引：${percent} %`, en: `indexing the ledger: ${percent} %` };
    if (part < 1) {
      shown ??= start(text);
      void shown.then((progress) => {
        progress.update(text);
      });
      return;
    }
    void shown?.then((progress) => {
      progress.stop();
    });
    shown = undefined;
  };
}
