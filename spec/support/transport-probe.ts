import type { JobEnd, JobProgress, JobStart } from '../../lib/transfer/progress.ts';
import { TransferError } from '../../lib/transfer/transfer-error.ts';
import type { Transport } from '../../lib/transfer/transport.ts';

/** All that a transport told since it was given here, in order of arrival. */
export interface Heard {
  readonly starts: JobStart[];
  readonly progress: JobProgress[];
  readonly ends: JobEnd[];
}

/** Listen to a transport. */
export function listenTo(transport: Transport): Heard {
  const heard: Heard = { starts: [], progress: [], ends: [] };
  transport.events.on('start', (event) => heard.starts.push(event));
  transport.events.on('progress', (event) => heard.progress.push(event));
  transport.events.on('end', (event) => heard.ends.push(event));
  return heard;
}

/** The error that a call is refused with; a spec fails when it is fulfilled or refuses with something else. */
export async function refusalOf(call: Promise<unknown>): Promise<TransferError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TransferError) return error;
    throw error;
  }
  throw new Error('the call was fulfilled');
}
