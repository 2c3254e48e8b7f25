/** A line of a plot: points from left to right. */
export interface Series {
  readonly name: string;
  /** CSS. */
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A plot with a scale of evenly spread places from left to right, and a logarithmic one upwards. */
export interface Plot {
  /** Name of its file, without the extension. */
  readonly name: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The places from left to right: every x of a point is one of them. */
  readonly places: readonly number[];
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 400;
const FRAME = { left: 70, right: 120, top: 40, bottom: 50 };
const INNER = { width: WIDTH - FRAME.left - FRAME.right, height: HEIGHT - FRAME.top - FRAME.bottom };
const INK = '#333';
const GRID = '#ddd';

/** Draw a plot as SVG, all by itself: no styles, no fonts, no scripts from elsewhere. */
export function drawPlot({ title, xLabel, yLabel, places, series }: Plot): string {
  const values = series.flatMap(({ points }) => points.map(([, y]) => y)).filter((y) => y > 0);
  const decades = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))] as const;
  const x = (place: number) => FRAME.left + ((places.indexOf(place) + 0.5) / places.length) * INNER.width;
  const y = (value: number) =>
    FRAME.top + INNER.height * (1 - (Math.log10(value) - decades[0]) / Math.max(1, decades[1] - decades[0]));
  const middle = FRAME.left + INNER.width / 2;
  const turn = `transform="rotate(-90 18 ${HEIGHT / 2})"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(middle, 22, title, 'font-size="15" font-weight="bold"'),
    ...grid(decades, y),
    ...places.map((place) => text(x(place), HEIGHT - FRAME.bottom + 20, String(place))),
    text(middle, HEIGHT - 10, xLabel),
    text(18, HEIGHT / 2, yLabel, turn),
    ...series.flatMap((line) => lineOf(line, x, y)),
    ...namesOf(series, y),
    '</svg>',
    '',
  ].join('\n');
}

function grid([from, to]: readonly [number, number], y: (value: number) => number): readonly string[] {
  const marks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)).flatMap((decade) =>
    [1, 2, 5].map((step) => step * decade).filter((value) => value <= 10 ** to),
  );
  return marks.flatMap((value) => [
    `<line x1="${FRAME.left}" x2="${FRAME.left + INNER.width}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="${GRID}"/>`,
    text(FRAME.left - 8, y(value) + 4, String(value), 'text-anchor="end"'),
  ]);
}

type Scale = (value: number) => number;

function lineOf({ colour, points }: Series, x: Scale, y: Scale): readonly string[] {
  const at = points.map(([place, value]) => [round(x(place)), round(y(value))] as const);
  return [
    `<polyline points="${at.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2.5"/>`,
    ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="4" fill="${colour}"/>`),
  ];
}

/** Names stand at the end of their lines, moved apart where lines end close together. */
function namesOf(series: readonly Series[], y: Scale): readonly string[] {
  const ends = series
    .map(({ name, colour, points }) => ({ name, colour, at: y(points.at(-1)?.[1] ?? 1) }))
    .sort((a, b) => a.at - b.at);
  let free = 0;
  return ends.map(({ name, colour, at }) => {
    free = Math.max(at + 4, free + 16);
    return text(WIDTH - FRAME.right + 8, free, name, `text-anchor="start" fill="${colour}"`);
  });
}

function text(x: number, y: number, content: string, more = ''): string {
  const anchor = more.includes('text-anchor') ? '' : ' text-anchor="middle"';
  const fill = more.includes('fill=') ? '' : ` fill="${INK}"`;
  return `<text x="${round(x)}" y="${round(y)}"${anchor}${fill}${more === '' ? '' : ` ${more}`}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
