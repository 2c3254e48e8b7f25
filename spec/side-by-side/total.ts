/** How many specs came to which end. */
export interface Total {
  readonly specs: number;
  readonly failures: number;
  readonly pending: number;
}

/** Of no specs. */
export const NOTHING: Total = { specs: 0, failures: 0, pending: 0 };

/**
 * What a process of Jasmine came to.
 *
 * One that did not end well has a failure at least, also when it tells of none: a file that cannot be loaded, a process
 * that was killed, no specs.
 *
 * @param output all it wrote
 * @param status with which it ended; `null` after a signal
 */
export function resultOf(output: string, status: number | null): Total {
  const lines = output.matchAll(/^(\d+) specs?, (\d+) failures?(?:, (\d+) pending specs?)?$/gm);
  const [, specs = 0, failures = 0, pending = 0] = [...lines].at(-1) ?? [];
  const told = { specs: Number(specs), failures: Number(failures), pending: Number(pending) };
  const isWell = status === 0 && told.specs > 0;
  return isWell ? told : { ...told, failures: Math.max(1, told.failures) };
}

/** Of both. */
export function sumOf(a: Total, b: Total): Total {
  return { specs: a.specs + b.specs, failures: a.failures + b.failures, pending: a.pending + b.pending };
}

/** As Jasmine tells it: `123 specs, 1 failure, 2 pending specs`. */
export function lineOf({ specs, failures, pending }: Total): string {
  const told = `${counted(specs, 'spec')}, ${counted(failures, 'failure')}`;
  return pending === 0 ? told : `${told}, ${counted(pending, 'pending spec')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
