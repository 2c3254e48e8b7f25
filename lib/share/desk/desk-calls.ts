import { ControlError } from '../../control/control-error.ts';
import type { ShareDesk } from './share-desk.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** What is asked of a running peer: one call a connection, by its name, with arguments in JSON. */
const calls: Readonly<Record<string, (desk: ShareDesk, asked: Arguments) => Promise<unknown>>> = {
  status: (desk) => desk.status(),
  conflicts: (desk) => desk.conflicts(),
  keep: (desk, { names }) => desk.keep(Array.isArray(names) ? names.map(textOf) : []),
  trash: (desk) => desk.trash(),
  restore: (desk, { name }) => desk.restore(textOf(name)),
  trust: (desk, { address, port }) => desk.trust({ address: textOf(address), port: Number(port) }),
};

/**
 * Do a call.
 *
 * @throws ControlError E_REQUEST for one that does not exist; what the desk throws
 */
export async function doCall(desk: ShareDesk, name: string, asked: Arguments): Promise<unknown> {
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (call === undefined)
    throw new ControlError('E_REQUEST', 'The running share does not know that: use the same version');
  return await call(desk, asked);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ControlError('E_REQUEST', 'A call lacks an argument that is a text');
}
