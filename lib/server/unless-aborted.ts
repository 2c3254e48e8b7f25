import { ServerError } from './server-error.ts';

/**
 * Wait for something that others may want, too: it goes on when nobody waits for it any more.
 *
 * @throws ServerError E_ABORTED as soon as the signal says so, if there is one
 */
export function unlessAborted<Result>(waited: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return waited;
  return new Promise((resolve, reject) => {
    const leave = () => reject(new ServerError('E_ABORTED', 'Aborted'));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    void waited.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
