/** The command that writes a part. */
type Maker = 'bench:full' | 'bench:server' | 'bench:share' | 'test:long';

/** What is written by a program in a page that people write: it stands between two comments. */
export function putPart(page: string, name: string, content: string, maker: Maker = 'bench:full'): string {
  const { begin, end } = bounds(page, name, maker);
  return `${page.slice(0, begin)}\n\n${content.trim()}\n\n${page.slice(end)}`;
}

/** What stands there now. */
export function getPart(page: string, name: string, maker: Maker = 'bench:full'): string {
  const { begin, end } = bounds(page, name, maker);
  return page.slice(begin, end).trim();
}

function bounds(page: string, name: string, maker: Maker): { readonly begin: number; readonly end: number } {
  const [open, close] = [`<!-- made by npm run ${maker}: ${name} -->`, `<!-- end of ${name} -->`];
  const [at, end] = [page.indexOf(open), page.indexOf(close)];
  if (at < 0 || end < at) throw new Error(`the page has no part "${open}" ... "${close}"`);
  return { begin: at + open.length, end };
}
