import { missingServer, serverKinds } from '../support/foreign-server.ts';
import { missingForDelay, missingForLab } from './lab/lab.ts';
import { type Row, rows, shortRows } from './rows.ts';
import { type Solo, solos } from './solos.ts';

/** What is to be measured. */
export interface Wanted {
  readonly rows: readonly Row[];
  readonly solos: readonly Solo[];
}

/**
 * What a command line asks for.
 *
 * @param only names, or beginnings of names up to a `/`; `undefined`: everything, or only what takes seconds
 */
export function wantedBy(only: readonly string[] | undefined, isFull: boolean): Wanted {
  const isWanted = ({ id }: { readonly id: string }) =>
    only === undefined
      ? isFull || shortRows.includes(id)
      : only.some((name) => id === name || id.startsWith(`${name}/`));
  return { rows: rows.filter(isWanted), solos: solos.filter(isWanted) };
}

/**
 * Leave out the rows for which something is missing here.
 *
 * @param say is told once what is missing
 */
export function possibleRows(wanted: readonly Row[], say: (line: string) => void): readonly Row[] {
  const reasons = new Map<string, string | undefined>([
    ['lab', missingForLab()],
    ['delay', missingForDelay()],
    ...serverKinds.map((kind) => [kind, missingServer(kind)] as const),
  ]);
  const needs = ({ server, roundTripMs }: Row) => ['lab', ...(roundTripMs > 0 ? ['delay'] : []), server];
  const missing = [...new Set(wanted.flatMap(needs))].filter((name) => reasons.get(name) !== undefined);
  for (const name of missing) say(`some rows are left out: ${reasons.get(name)}`);
  return wanted.filter((row) => !needs(row).some((name) => missing.includes(name)));
}
