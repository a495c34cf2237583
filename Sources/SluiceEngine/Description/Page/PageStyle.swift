/// The style of a page. Colours are those of the reader's system, dark or light.
enum PageStyle {
    static let css = """
        :root{color-scheme:light dark;--ground:#fbfbf9;--card:#fff;--ink:#1d1d1b;--soft:#6b6b66;--line:#e3e2dc;--bar:#3d6fa8;\
        --integer:#3d6fa8;--number:#5b8fc9;--date:#3b8a6e;--time:#5aa88c;--datetime:#2f7560;--boolean:#8a6bb0;\
        --missing:#c9a227;--empty:#d8d6ce;--text:#8b8f98;--fault:#b3403a}
        @media(prefers-color-scheme:dark){:root{--ground:#161614;--card:#1f1f1c;--ink:#ecece6;--soft:#9b9b93;--line:#34342f;\
        --bar:#7aa7dd;--integer:#5b8fc9;--number:#8ab4e4;--date:#58ad8d;--time:#7cc4a8;--datetime:#43957a;--boolean:#aa8fd0;\
        --missing:#d6b54a;--empty:#45453e;--text:#8e929b;--fault:#e2736c}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:76rem;padding:2rem 1.25rem 4rem;background:var(--ground);color:var(--ink);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.05rem;margin:2.25rem 0 .75rem}
        h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
        p{margin:.25rem 0}
        .soft{color:var(--soft)}
        .facts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.75rem 0;padding:0;list-style:none}
        .facts b{font-weight:600}
        code,.value{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.85em;unicode-bidi:isolate}
        pre{margin:.25rem 0;padding:.6rem .8rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);\
        white-space:pre-wrap;overflow-wrap:anywhere}
        .columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}
        .column{min-width:0;padding:1rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
        .head{display:flex;justify-content:space-between;gap:.75rem;align-items:baseline}
        .type{flex:none;font-size:.8rem;color:var(--soft)}
        svg{display:block;width:100%}
        .kinds{height:.5rem;margin:.6rem 0 .3rem;border-radius:.25rem;overflow:hidden}
        .lengths{height:2.5rem;margin-top:.75rem}
        .small{font-size:.8rem;color:var(--soft)}
        .ends{display:flex;justify-content:space-between;gap:1rem}
        .ends>*{min-width:0;overflow-wrap:anywhere}
        .ends>:last-child{text-align:right}
        table{width:100%;border-collapse:collapse;margin-top:.75rem;font-size:.85rem;table-layout:fixed}
        td{padding:.12rem 0;vertical-align:middle}
        td:first-child{width:46%;padding-right:.5rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        td:last-child{width:24%;text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
        td svg{height:.5rem}
        .bar{fill:var(--bar)}
        .fault{border-left:3px solid var(--fault);padding-left:.8rem;margin:.9rem 0}
        """ + kinds

    private static let kinds =
        ["integer", "number", "date", "time", "datetime", "boolean", "missing", "empty", "text"]
        .map { "\n.\($0){fill:var(--\($0))}" }.joined()
        + "\n.dot{display:inline-block;width:.6em;height:.6em;border-radius:50%}"
        + ["integer", "number", "date", "time", "datetime", "boolean", "missing", "empty", "text"]
        .map { "\n.dot.\($0){background:var(--\($0))}" }.joined()
}
