/** Style sheet of a page with charts. Colours are variables, light first, dark where the browser asks for it. */
export const HTML_STYLE = `:root { --paper: #fff; --card: #f4f6f8; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --part: #0f7b6c; --rest: #c3ccd6; --none: #eef1f4; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --card: #1c232c; --ink: #e6ebf1; --soft: #9aa7b6; --line: #2e3947; --part: #37b8a4; --rest: #475364; --none: #1c232c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 0 0 8px; }
.about { margin: 0; color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0 8px; }
.card { background: var(--card); border-radius: 8px; padding: 12px 14px; }
.card b { display: block; font-size: 20px; line-height: 1.4; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: 13px; }
section { border-top: 1px solid var(--line); margin-top: 24px; padding-top: 20px; }
.legend { margin: 0 0 8px; color: var(--soft); font-size: 13px; }
.legend i { display: inline-block; width: 10px; height: 10px; margin: 0 6px 0 0; }
.legend i.rest { margin-left: 14px; }
i.part { background: var(--part); }
i.rest { background: var(--rest); }
rect.part, rect.heat { fill: var(--part); }
rect.rest { fill: var(--rest); }
rect.none { fill: var(--none); }
rect.hover { fill: transparent; }
g:hover > rect.hover { fill: var(--none); }
svg { display: block; }
svg text { fill: var(--soft); font-size: 12px; }
.bars { display: grid; grid-template-columns: minmax(72px, max-content) 1fr max-content; gap: 4px 12px; align-items: center; }
.bar { display: contents; }
.label { max-width: 34vw; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
.figure small { display: inline-block; min-width: 4em; color: var(--soft); }
.most, .axis { color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.columns { border-bottom: 1px solid var(--line); }
.axis { display: flex; justify-content: space-between; }
.week { display: grid; grid-template-columns: max-content 1fr; gap: 8px; }
.names { padding-top: 20px; color: var(--soft); font-size: 12px; }
.names span { display: block; height: 22px; line-height: 20px; }
details { margin-top: 14px; }
summary { cursor: pointer; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin-top: 8px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; font-size: 13px; }
th.n, td.n { text-align: right; }
@media print { details:not([open]) { display: none; } }`;
