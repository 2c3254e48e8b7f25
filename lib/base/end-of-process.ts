/**
 * End this process at once, as a signal does to whoever does not listen to it.
 *
 * `process.exit` alone waits for every call of the system that is under way in a thread: that of a disk which does not answer
 * would keep the process for ever.
 *
 * @param status where the system knows no signals
 */
export function endBySignal(status: number, name: NodeJS.Signals): void {
  // Behind all those who have something to write.
  process.once('exit', () => {
    process.removeAllListeners(name);
    if (process.platform !== 'win32') process.kill(process.pid, name);
  });
  process.exit(status);
}
