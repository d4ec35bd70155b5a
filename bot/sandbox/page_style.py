"""The style sheet of the drawn timelines, and nothing else.

System fonts, light and dark by the reader's own setting, one column on a phone. Colours pass
4.5:1 on their backgrounds. Recalls the two platforms without using anything of theirs.
"""

STYLE = """
:root { --page: #f2f3f5; --card: #fff; --ink: #14171a; --quiet: #56606b; --line: #d8dde3;
  --x: #14171a; --facebook: #1a5fc4; --link: #1a5fc4; --hand: #6b3fa0; --deleted: #a01c1c;
  --hidden: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --page: #101214; --card: #191c20; --ink: #eceff2; --quiet: #9aa5b1; --line: #31373e;
    --x: #eceff2; --facebook: #6ea8ff; --link: #6ea8ff; --hand: #c9a8f5; --deleted: #ff9a94;
    --hidden: #f0c060; }
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.notice { padding: .6rem 1rem; text-align: center; font-size: .875rem; color: var(--ink);
  background: var(--card); border-bottom: 1px solid var(--line); }
main { display: grid; gap: 1.25rem; max-width: 76rem; margin: 0 auto; padding: 1.25rem 1rem 3rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); align-items: start; }
section { min-width: 0; }
section > header { display: flex; justify-content: space-between; align-items: baseline;
  gap: 1rem; padding: 0 .25rem .6rem; color: var(--quiet); font-size: .875rem; }
h1 { font-size: 1.25rem; line-height: 1.2; }
.x h1 { color: var(--x); }
.facebook h1 { color: var(--facebook); }
h1 small { font-size: .75rem; font-weight: 400; color: var(--quiet); }
.post, .empty { background: var(--card); border: 1px solid var(--line); padding: .9rem 1rem; }
.post { display: grid; grid-template-columns: 2.5rem minmax(0, 1fr); gap: .75rem; }
.x .post { border-bottom-width: 0; }
.x .post:last-child { border-bottom-width: 1px; border-radius: 0 0 .9rem .9rem; }
.x .post:first-of-type { border-top-left-radius: .9rem; border-top-right-radius: .9rem; }
.facebook .post { border-radius: .6rem; margin-bottom: .9rem; }
.empty { border-radius: .6rem; color: var(--quiet); }
.face { width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center;
  font-weight: 700; color: var(--card); background: var(--x); }
.facebook .face { background: var(--facebook); }
.who { line-height: 1.35; }
.quiet { color: var(--quiet); font-size: .875rem; }
.text { margin-top: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.link { color: var(--link); }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid currentColor;
  border-radius: 1rem; font-size: .75rem; line-height: 1.5; white-space: nowrap;
  color: var(--quiet); }
.badge.hand { color: var(--hand); }
.badge.deleted { color: var(--deleted); }
.badge.hidden { color: var(--hidden); }
.gone .text { color: var(--quiet); }
.card { margin-top: .6rem; padding: .6rem .75rem; border: 1px solid var(--line);
  border-radius: .4rem; background: var(--page); overflow-wrap: anywhere; }
.media { display: grid; gap: .4rem; margin-top: .6rem;
  grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
figure { border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
figure img { display: block; width: 100%; max-height: 20rem; object-fit: cover; }
figcaption { padding: .35rem .6rem; font-size: .75rem; color: var(--quiet); }
.counts { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin-top: .6rem;
  font-variant-numeric: tabular-nums; }
.counts b { color: var(--ink); font-weight: 600; }
"""
